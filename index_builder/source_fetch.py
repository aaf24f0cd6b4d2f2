"""Where on this machine does the source of a build lie?

A path or file:// URL as it stands; an object of a bucket is copied into a folder, whole or not at all.
Invariant: what comes out is one state of the object: it is read by one GET.
"""

from __future__ import annotations

from pathlib import Path

from engine.errors import InputError, ObjectNotFoundError, SourceError
from engine.store.locations import local_folder, open_store

FETCH_SECONDS = 120.0
MOST_SOURCE_BYTES = 1 << 30


def local_source(url: str, folder: Path) -> Path:
    """Return a path to the source at `url`: a path, file:///… or s3://bucket/key, copied into `folder`.

    Raises `SourceError` when it is missing or too large, `InputError` for an unusable URL, and what the
    store raises.
    """
    if not url.startswith("s3://"):
        return local_folder(url) or Path(url)
    place, _, name = url.rpartition("/")
    if place.count("/") < 2 or not name:
        raise InputError(f"{url!r} is unusable; expected s3://bucket/key")
    store = open_store(place, deadline_seconds=FETCH_SECONDS)
    sizes = {entry.key: entry.size for entry in store.list(name)}
    if sizes.get(name, 0) > MOST_SOURCE_BYTES:
        raise SourceError(
            f"{url}: {sizes[name]:,} bytes, expected at most {MOST_SOURCE_BYTES:,}; "
            "split it into several sources, or build on a machine and publish from there"
        )
    try:
        data = store.get(name).data
    except ObjectNotFoundError as error:
        raise SourceError(f"{url}: no such object; expected a .jsonl or .jsonl.gz") from error
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    return path
