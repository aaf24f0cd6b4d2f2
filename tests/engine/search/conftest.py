"""Fixtures of the search floor."""

from __future__ import annotations

from pathlib import Path

import pytest
from spelling_index import Reader, copy_with_spellings


@pytest.fixture(scope="session")
def reader(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Return what re-reads queries by the sample corpus."""
    folder = tmp_path_factory.mktemp("spellings") / "index"
    return Reader(copy_with_spellings(sample_index, folder))
