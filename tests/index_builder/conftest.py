"""A published index, and the changes that are made to it while it is served."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_site import NOW

from engine.live.article_changes import ArticleChanges
from engine.store.local_folder import LocalFolderStore


@pytest.fixture
def store(tmp_path: Path) -> LocalFolderStore:
    return LocalFolderStore(tmp_path / "site")


@pytest.fixture
def changes(store: LocalFolderStore) -> ArticleChanges:
    return ArticleChanges(store, lambda: NOW, lambda: "s1")
