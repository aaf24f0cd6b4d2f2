"""May this article still be shown on this page?

Invariant: a page shows no article twice, none beside its own near-duplicate, and none that is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from itertools import islice

from engine.index.snapshot import Snapshot


class ShownOnce:
    """What one page has shown so far, over all of its boxes."""

    def __init__(self, snapshot: Snapshot, already: Iterable[int] = ()) -> None:
        self._original_of = snapshot.duplicates.original_of
        self._hidden = snapshot.hidden
        self._seen = {self._original_of(number) for number in already}

    def take(self, number: int) -> bool:
        """Say whether article `number` may be shown; if so, it counts as shown from now on."""
        if self._hidden is not None and self._hidden[number]:
            return False
        original = self._original_of(number)
        if original in self._seen:
            return False
        self._seen.add(original)
        return True

    def fresh(self, numbers: Iterable[int], most: int) -> list[int]:
        """Return the first `most` of `numbers` that may be shown together; none counts as shown yet."""
        trial = copy(self)
        trial._seen = set(self._seen)
        return list(islice(filter(trial.take, numbers), most))
