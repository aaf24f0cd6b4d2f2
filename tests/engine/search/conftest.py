"""Fixtures of the search floor."""

from __future__ import annotations

from pathlib import Path

import pytest
from spelling_index import Reader


@pytest.fixture(scope="session")
def reader(sample_index: Path) -> Reader:
    """Return what re-reads queries by the sample corpus."""
    return Reader(sample_index)
