"""Which versions of the index can an editor compare?

Those that the pointer names. Opened when they are asked for and kept, a few at most: an editor goes to and
fro between two of them. Invariant: a version is verified byte by byte before anything is read from it.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.errors import InputError, QueryError
from engine.index.index_place import IndexPlace, find_place
from engine.index.pointer import PublishedVersion
from engine.index.pointer_store import read_pointer
from engine.index.snapshot import Snapshot
from engine.store.deadline import Deadline
from functions.settings import Settings

_KEPT = 3
_OPEN_SECONDS = 60.0
_CALL_SECONDS = 5.0


class StudioVersions:
    """Lists and opens the versions published at the place that `settings` name when asked."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings
        self._opened: dict[str, Snapshot] = {}

    def published(self) -> tuple[PublishedVersion, ...]:
        """Return the versions that can be opened, the current one first; none for a plain folder."""
        place = self._place()
        return _published(place) if place else ()

    def open(self, version: str) -> Snapshot:
        """Return the snapshot of `version`.

        Raises `QueryError` for a version that is not published, and what opening it raises.
        """
        if version in self._opened:
            return self._opened[version]
        place = self._place()
        versions = _published(place) if place else ()
        found = next((one for one in versions if one.version == version), None)
        if place is None or found is None:
            raise QueryError("version", f"no published version is called {version[:40]!r}")
        snapshot = place.open(found, Deadline(_OPEN_SECONDS))
        while len(self._opened) >= _KEPT:
            del self._opened[next(iter(self._opened))]
        self._opened[version] = snapshot
        return snapshot

    def _place(self) -> IndexPlace | None:
        settings = self._settings()
        if settings.index_url is None:
            return None
        try:
            return find_place(
                settings.index_url,
                settings.cache_folder,
                look_seconds=_CALL_SECONDS,
                call_seconds=_CALL_SECONDS,
                memory_bytes=settings.memory_bytes,
            )
        except InputError:
            return None


def _published(place: IndexPlace) -> tuple[PublishedVersion, ...]:
    seen = read_pointer(place.store)
    return () if seen is None else seen.pointer.named
