"""Which live changes are no longer needed, because every version that may be served holds them?

Invariant: what the next build needs again stays: the deletion of an article that the source still has, and an
article that the source does not have. Any other article that was put is forgotten once the current version
and the one before it hold it, so that going back one step loses nothing; a deletion once no version that can be
gone back to has the article. A change that came after the build began has a higher number than it knows of.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Collection
from itertools import pairwise

import numpy as np

from engine.errors import ArtifactError, NotFoundError
from engine.index.manifest import MANIFEST_NAME, Manifest, parse_manifest
from engine.index.pointer import Pointer, PublishedVersion
from engine.live.change import change, read_live
from engine.live.changes import CHANGES, Folded, LiveChanges
from engine.store.protocol import Store

_IDS_NAME = "articles.ids.bin"
_BOUNDS_NAME = "articles.ids.bounds.npy"


def forget_folded(store: Store, pointer: Pointer, still_needed: Collection[str]) -> int:
    """Take out of the live changes what the versions of `pointer` hold; return how many went.

    still_needed: ids whose change the next build needs again. What cannot be established stays. Raises
    what the store raises.
    """
    changes = read_live(store, CHANGES)
    if not changes.by_id:
        return 0
    versions = [_Version(store, entry) for entry in pointer.named]
    reached = min(changes.reached_by(version.folded) for version in versions[:2])
    put = {
        key
        for key, found in changes.by_id.items()
        if found.article is not None and found.sequence <= reached and key not in still_needed
    }
    deleted = {
        key
        for key, found in changes.by_id.items()
        if found.article is None and found.sequence <= reached and key not in still_needed
    }
    for version in versions:
        if not deleted:
            break
        deleted -= version.ids_among(deleted)
    unneeded = put | deleted

    after = change(store, CHANGES, lambda found: _forget(found, changes, unneeded, reached))
    return len(unneeded - after.by_id.keys())


def forget_folded_beside(store: Store, folded: Folded, still_needed: Collection[str]) -> int:
    """Take out of the live changes beside a plain index what that index holds; return how many went.

    There is no version to go back to. Raises what the store raises.
    """
    changes = read_live(store, CHANGES)
    reached = changes.reached_by(folded)
    unneeded = {
        key
        for key, found in changes.by_id.items()
        if found.sequence <= reached and key not in still_needed
    }
    after = change(store, CHANGES, lambda found: _forget(found, changes, unneeded, reached))
    return len(unneeded - after.by_id.keys())


def _forget(
    found: LiveChanges, compared: LiveChanges, unneeded: Collection[str], reached: int
) -> LiveChanges:
    # Another stream may have begun meanwhile: its numbers are not those that were compared.
    return found.without(unneeded, reached) if found.stream == compared.stream else found


class _Version:
    """What can be told of a published version without fetching all of it."""

    def __init__(self, store: Store, entry: PublishedVersion) -> None:
        self._store = store
        self._prefix = entry.prefix
        try:
            self._manifest: Manifest | None = parse_manifest(
                json.loads(store.get(entry.prefix + MANIFEST_NAME).data)
            )
        except (ArtifactError, NotFoundError, ValueError):
            # Damaged, or of a format that only its own readers know: nothing can be established.
            self._manifest = None

    @property
    def folded(self) -> Folded:
        live = (self._manifest.parameters.get("live") if self._manifest else None) or {}
        return Folded(str(live.get("stream", "")), int(live.get("sequence", 0)))

    def ids_among(self, wanted: set[str]) -> set[str]:
        """Return those of `wanted` that the version may have."""
        data, bounds = self._whole(_IDS_NAME), self._whole(_BOUNDS_NAME)
        if data is None or bounds is None:
            return set(wanted)
        ends = np.load(io.BytesIO(bounds), allow_pickle=False).tolist()
        ids = {data[low:high].decode("utf-8") for low, high in pairwise(ends)}
        return wanted & ids

    def _whole(self, name: str) -> bytes | None:
        expected = self._manifest.files.get(name) if self._manifest else None
        if expected is None:
            return None
        try:
            data = self._store.get(self._prefix + name).data
        except NotFoundError:
            return None
        return data if hashlib.sha256(data).hexdigest() == expected.sha256 else None
