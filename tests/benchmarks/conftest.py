"""The sample corpus as the comparison prepares it, and peers built over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.comparison.documents import prepare
from benchmarks.comparison.scenarios import Scenario, choose_scenario


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return choose_scenario(None, None, None, "sample")


@pytest.fixture(scope="session")
def prepared(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the prepared sample corpus."""
    return prepare(scenario, tmp_path_factory.mktemp("bench"))


@pytest.fixture
def built_index(tmp_path: Path, sample_index: Path) -> Path:
    """Return a folder as the peer `wenmai` leaves it, around the index that all suites share."""
    (tmp_path / "index").symlink_to(sample_index)
    return tmp_path
