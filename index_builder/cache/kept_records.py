"""What was made of texts in an earlier build, when it depends on each text alone?

Invariant: what comes out is what `make` would give, wherever it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from index_builder.cache.article_keys import text_key
from index_builder.cache.shard_folder import ShardFolder
from index_builder.cache.text_shards import StoredTexts, to_arrays

T = TypeVar("T")


def make_all(
    texts: Sequence[str],
    make: Callable[[str], T],
    encode: Callable[[T], bytes],
    decode: Callable[[bytes], T],
    folder: ShardFolder | None,
) -> list[T]:
    """Return what `make` gives for each of `texts`; what `folder` does not have is made and kept there.

    `decode` undoes `encode`. Raises `InputError` when the folder cannot be written.
    """
    if folder is None:
        return [make(text) for text in texts]
    keys = [text_key(text) for text in texts]
    found, shards = folder.find(keys, StoredTexts)
    made: list[T] = []
    new: list[int] = []
    for number, place in enumerate(found.places):
        if place is None:
            new.append(number)
            made.append(make(texts[number]))
        else:
            made.append(decode(shards[place[0]][place[1]]))
    if not found.shards or folder.wants_merging(found, len(texts)):
        folder.add(keys, to_arrays(list(map(encode, made))))
        folder.remove_merged(found)
    elif new:
        folder.add([keys[n] for n in new], to_arrays([encode(made[n]) for n in new]))
    return made
