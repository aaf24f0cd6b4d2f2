"""Which index does this process answer from?

Opened when the first request asks, then kept: a warm process pays nothing. Invariant: all threads
get the same snapshot, and a failure to open is never kept, so the next request tries again.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from urllib.parse import unquote, urlsplit

from engine.errors import IndexUnavailableError, InputError, ObjectNotFoundError
from engine.index.fetch import fetch_artifact
from engine.index.manifest import MANIFEST_NAME
from engine.index.snapshot import Snapshot, open_snapshot
from engine.store.locations import open_store
from functions.settings import INDEX_VARIABLE, Settings


class WarmSnapshot:
    """Holds the snapshot of the index that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._snapshot: Snapshot | None = None

    def current(self) -> Snapshot:
        """Return the snapshot, opening it at the first call.

        Raises `IndexUnavailableError` where there is no index, `StoreUnavailableError` when the
        store does not give it out, `ArtifactError` when what lies there cannot be trusted.
        """
        if self._snapshot is None:
            with self._lock:
                if self._snapshot is None:
                    self._snapshot = open_snapshot(self._find_folder())
        return self._snapshot

    def _find_folder(self) -> Path:
        url = self._settings.index_url
        if url is None:
            raise IndexUnavailableError(
                f"no index was named; set {INDEX_VARIABLE} to a folder, file:///.. or s3://.."
            )
        try:
            if url.startswith("s3://"):
                return fetch_artifact(open_store(url), "", self._settings.cache_folder)
            folder = _local_folder(url)
        except ObjectNotFoundError as error:
            raise IndexUnavailableError(
                f"{url}: no index lies there; publish one first ({error})"
            ) from error
        except InputError as error:
            raise IndexUnavailableError(f"{INDEX_VARIABLE}: {error}") from error
        if not (folder / MANIFEST_NAME).is_file():
            raise IndexUnavailableError(
                f"{folder}: no {MANIFEST_NAME} there, so no index; "
                "build one with: wenmai build SOURCE --out DIR"
            )
        return folder


def _local_folder(url: str) -> Path:
    # An index on this machine is mapped where it lies: copying it would double it.
    if not url.startswith("file:"):
        return Path(url)
    parts = urlsplit(url)
    if parts.netloc not in {"", "localhost"} or not parts.path.startswith("/"):
        raise InputError(f"{url!r} is unusable; expected file:///folder")
    return Path(unquote(parts.path))
