"""Did the pointer or one of the small live objects change since they were last read?

One conditional GET each, all at once: what did not change costs a round trip and no bytes. Invariant: an
object is the one that was read last, whole; an answer that failed changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from engine.errors import ObjectNotFoundError, StoreError, StoreRefusedError, WenmaiError
from engine.index.pointer import POINTER_KEY
from engine.store.protocol import Store, StoredObject


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was read last: the pointer's object, and the live objects that exist, by key.

    `pointer` is None beside an index that no pointer names.
    """

    pointer: StoredObject | None
    objects: Mapping[str, StoredObject] = field(default_factory=dict)
    objects_error: WenmaiError | None = None
    """Why some object is older than this sighting."""


def look(
    store: Store, keys: Sequence[str], last: Sighting | None, *, with_pointer: bool = True
) -> Sighting:
    """Read the pointer and the objects under `keys`, as far as they changed since `last`.

    Raises `ObjectNotFoundError` or `StoreError` when the pointer cannot be read; and, at the first
    look, when an object cannot: without the deletions in it, what was taken down would show again.
    """
    known = last.objects if last else {}
    # One thread a key: a round trip is waiting, and each has the store's own deadline.
    with ThreadPoolExecutor(len(keys) + 1) as pool:
        read_pointer = partial(_read, store, POINTER_KEY, last.pointer if last else None)
        pointer = pool.submit(read_pointer if with_pointer else lambda: None)
        reads = {key: pool.submit(_read, store, key, known.get(key)) for key in keys}
    seen = pointer.result()
    objects: dict[str, StoredObject] = {}
    failure: WenmaiError | None = None
    for key, read in reads.items():
        try:
            objects[key] = read.result()
        except (ObjectNotFoundError, StoreRefusedError) as error:
            # S3 refuses what does not exist to a reader that may not list. The same reader just read
            # the pointer, so an object that was never seen is taken for one that is not there. Nobody
            # deletes a live object: forgetting one would bring deleted articles back.
            if key in known:
                objects[key], failure = known[key], error
        except StoreError as error:
            if last is None:
                raise
            if key in known:
                objects[key] = known[key]
            failure = error
    return Sighting(seen, objects, failure)


def _read(store: Store, key: str, known: StoredObject | None) -> StoredObject:
    found = store.get_if_changed(key, known.etag if known else None)
    if found is not None:
        return found
    if known is None:
        raise AssertionError(f"{key}: unchanged since nothing")
    return known
