"""Artifacts for the suites about publication and its readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_artifact import write_artifact

Artifact = Callable[[int], Path]


@pytest.fixture
def artifact(tmp_path: Path) -> Artifact:
    """Return a function that gives the folder of the artifact with a number, always the same."""

    def make(label: int) -> Path:
        folder = tmp_path / "built" / str(label)
        if not folder.exists():
            write_artifact(folder, label)
        return folder

    return make
