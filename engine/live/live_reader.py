"""What does a live object say now, for a reader that asks every few seconds?

Invariant: `value` is always one that was written whole: the newest that could be read. A store that is
down, and an object that is damaged or gone, change nothing but the answer of `poll`.
"""

from __future__ import annotations

from typing import Generic

from engine.errors import ArtifactDamagedError, ArtifactError, ObjectNotFoundError
from engine.live.live_object import LiveObject, Value
from engine.store.protocol import Store


class LiveReader(Generic[Value]):
    """Follows one live object by conditional GETs; one thread polls, any may read `value`."""

    def __init__(self, store: Store, live_object: LiveObject[Value]) -> None:
        self._store = store
        self._live_object = live_object
        self._etag: str | None = None
        self._damage: ArtifactError | None = None
        self.value: Value = live_object.empty

    def poll(self) -> bool:
        """Ask the store once; return whether `value` is another one now.

        Raises `StoreUnavailableError` when the store does not answer, `ArtifactDamagedError` or
        `ArtifactFormatError` when what lies there cannot be read, as long as it lies there. Then
        `value` stays what it was.
        """
        try:
            found = self._store.get_if_changed(self._live_object.key, self._etag)
        except ObjectNotFoundError as error:
            if self._etag is None:
                return False
            # Nobody deletes a live object. Forgetting it would bring deleted articles back.
            raise ArtifactDamagedError(
                f"{self._live_object.key}: it was there and is gone; put it back (docs/operations.md)"
            ) from error
        if found is None:
            if self._damage is not None:
                raise self._damage
            return False
        try:
            value = self._live_object.decode(found.data)
        except ArtifactError as error:
            self._etag, self._damage = found.etag, error
            raise
        self._etag, self._damage = found.etag, None
        changed = value != self.value
        self.value = value
        return changed
