"""How does a published version become a snapshot on this machine?

Fetched into a cache from a bucket; mapped where it lies in a local folder, because copying would double
it. Invariant: a snapshot comes out only after every byte of its version was compared with the manifest,
once on this machine (`verified_files`), or gives out none that was not (`arriving_files`); and for as long as
it lives its files stay (`version_lease`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.errors import ArtifactDamagedError
from engine.index.arriving_files import ArrivingFiles
from engine.index.arriving_version import complete, open_arriving, read_contents
from engine.index.cache_folder import CacheFolder
from engine.index.fetch import fetch_artifact
from engine.index.manifest import Manifest, read_manifest
from engine.index.pointer import PublishedVersion
from engine.index.room import require_memory
from engine.index.snapshot import Snapshot, open_snapshot
from engine.index.verified_files import VerifiedFiles
from engine.index.version_lease import take_lease
from engine.store.deadline import Deadline
from engine.store.locations import local_folder, open_store_pair
from engine.store.protocol import Store


@dataclass(frozen=True, slots=True)
class IndexPlace:
    """Where versions are published, and what this machine has for them.

    `local_folder` is the published folder itself where it is on this machine. `fetch_store` may be
    more patient than the store of the small objects.
    """

    store: Store
    fetch_store: Store
    cache: CacheFolder
    local_folder: Path | None = None
    memory_bytes: int | None = None
    wait_seconds: float | None = None
    """How long a request may wait for parts of a version that was opened by part; None: none is."""

    def open(self, entry: PublishedVersion, deadline: Deadline) -> Snapshot:
        """Return a snapshot of the version.

        Raises `ArtifactError` when it cannot be trusted, `IndexUnavailableError` when there is no
        room for it, and what the store raises.
        """
        if self.local_folder is not None:
            return self._map(self.local_folder / entry.prefix, entry)
        return self._fetch(entry.prefix, entry, deadline)

    def open_first(self, entry: PublishedVersion, deadline: Deadline) -> Snapshot:
        """Return a snapshot of the version to begin with, by part where it has to be fetched.

        Raises what `open` does. What it has not fetched yet may raise when it is asked for.
        """
        if self.local_folder is not None or self.wait_seconds is None:
            return self.open(entry, deadline)
        contents = read_contents(self.fetch_store, entry.prefix)
        manifest = contents.manifest
        _require_version(manifest, entry)
        if contents.opening_bytes is None or self.cache.find(manifest):
            return self._fetch(entry.prefix, entry, deadline, contents.manifest_bytes)
        files = open_arriving(
            self.fetch_store,
            entry.prefix,
            contents,
            self.cache,
            memory_bytes=self.memory_bytes,
            wait_seconds=self.wait_seconds,
        )
        return Snapshot(files, manifest, entry.published_at)

    def complete(self, files: ArrivingFiles, deadline: Deadline) -> bool:
        """Fetch the rest of a version that was opened by part; see `arriving_version.complete`."""
        return complete(files, self.cache, deadline)

    def open_unpublished(self, deadline: Deadline) -> Snapshot:
        """Return a snapshot of an index that lies at the place itself, without a pointer."""
        if self.local_folder is not None:
            return open_snapshot(self.local_folder)
        return self._fetch("", None, deadline)

    def _map(self, folder: Path, entry: PublishedVersion) -> Snapshot:
        lease = take_lease(folder)
        manifest = read_manifest(folder)
        _require_version(manifest, entry)
        require_memory(manifest, self.memory_bytes)
        VerifiedFiles(self.cache.path).require_whole(folder, manifest)
        return open_snapshot(folder, generated_at=entry.published_at, lease=lease)

    def _fetch(
        self,
        prefix: str,
        entry: PublishedVersion | None,
        deadline: Deadline,
        manifest_bytes: bytes | None = None,
    ) -> Snapshot:
        version = entry.version if entry else None
        generated_at = entry.published_at if entry else None
        for last in (False, True):
            folder = fetch_artifact(
                self.fetch_store,
                prefix,
                self.cache,
                deadline,
                version=version,
                memory_bytes=self.memory_bytes,
                manifest_bytes=manifest_bytes,
            )
            try:
                lease = take_lease(folder)
            except ArtifactDamagedError:
                # Another process needed the room in this very moment.
                if last:
                    raise
            else:
                return open_snapshot(folder, generated_at=generated_at, lease=lease)
        raise AssertionError("unreachable: the last attempt returns or raises")


def _require_version(manifest: Manifest, entry: PublishedVersion) -> None:
    if manifest.index_version != entry.version:
        raise ArtifactDamagedError(
            f"{entry.prefix}: holds version {manifest.index_version}, expected {entry.version}; "
            "publish again"
        )


def find_place(
    url: str,
    cache_folder: Path,
    *,
    look_seconds: float,
    call_seconds: float,
    memory_bytes: int | None = None,
    wait_seconds: float | None = None,
) -> IndexPlace:
    """Return the place at `url`; nothing is read yet.

    One call for a small object may take `look_seconds`, one for a part of a file `call_seconds`; a request
    `wait_seconds` for all the parts that it needs of a version that was opened by part.
    Raises `InputError` for an unusable URL.
    """
    return IndexPlace(
        *open_store_pair(url, look_seconds, call_seconds),
        CacheFolder(cache_folder),
        local_folder(url),
        memory_bytes,
        wait_seconds,
    )
