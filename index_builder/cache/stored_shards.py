"""How does a machine that forgets everything keep the results of earlier builds?

Shards lie below `cache/` in the store of the index, under the names they have in the cache folder. Invariant:
what is fetched is checked like any cached shard before it is believed, so that nothing in the store can
change an index; the cache is never needed, only quicker.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from engine.errors import ObjectNotFoundError, StoreConflictError
from engine.store.protocol import Store

PREFIX = "cache/"
KINDS = ("counts-*", "texts-*", "spelled-*", "ways-*", "readings-*")

_CHUNK_BYTES = 8 << 20

_NEVER_USED = 0.0
"""The time of a file that was fetched; a build that uses a shard sets it to its own time."""


def fetch_shards(store: Store, cache: Path) -> int:
    """Copy the shards in `store` that `cache` does not have; return how many; raises as the store does."""
    fetched = 0
    for entry in list(store.list(PREFIX)):
        path = cache / entry.key.removeprefix(PREFIX)
        if path.suffix == ".shard" and not path.exists():
            fetched += _fetch(store, entry.key, entry.size, path)
    return fetched


def keep_shards(store: Store, cache: Path) -> None:
    """Make the shards in `store` those in `cache` that a build has used; raises as the store does."""
    stored = {entry.key for entry in store.list(PREFIX)}
    paths = {
        PREFIX + path.relative_to(cache).as_posix(): path
        for kind in KINDS
        for path in sorted(cache.glob(f"{kind}/*.shard"))
        if path.stat().st_mtime > _NEVER_USED
    }
    for key in sorted(paths.keys() - stored):
        try:
            store.put_if_absent(key, paths[key].read_bytes())
        except StoreConflictError:
            continue  # another build was quicker, with the same content
    # New ones are there before old ones go: killed in between, there is one too many.
    for key in sorted(stored - paths.keys()):
        store.delete(key)


def _fetch(store: Store, key: str, size: int, path: Path) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".fetching-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for start in range(0, size, _CHUNK_BYTES):
                file.write(store.get_range(key, start, min(_CHUNK_BYTES, size - start)))
        os.utime(temporary, (_NEVER_USED, _NEVER_USED))
        Path(temporary).replace(path)
    except ObjectNotFoundError:
        return False  # merged by another build since it was listed
    finally:
        Path(temporary).unlink(missing_ok=True)
    return True
