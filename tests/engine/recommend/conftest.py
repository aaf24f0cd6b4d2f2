"""The sample corpus as a snapshot, and the same with some articles taken down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from engine.index.snapshot import Snapshot, open_snapshot


class PartlyHidden(Snapshot):
    """A snapshot some of whose articles were taken down after it was built."""

    def __init__(self, whole: Snapshot, hidden_ids: tuple[str, ...]) -> None:
        super().__init__(whole.directory, whole.manifest, whole.generated_at)
        self._mask = np.zeros(len(whole.articles), dtype=bool)
        for article_id in hidden_ids:
            number = whole.articles.find(article_id)
            assert number is not None, article_id
            self._mask[number] = True

    @property
    def hidden(self) -> npt.NDArray[np.bool_]:
        return self._mask


@pytest.fixture(scope="module")
def snapshot(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


@pytest.fixture
def without(snapshot: Snapshot) -> Callable[..., Snapshot]:
    """Return a function: ids -> the sample's snapshot with these articles hidden."""
    return lambda *ids: PartlyHidden(snapshot, ids)
