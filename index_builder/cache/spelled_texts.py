"""How are texts spelled that were spelled in an earlier build?

Spelling cuts a text and reads it aloud, and hardly any title changes from one night to the next. Invariant:
what comes out is what `spell` would make, wherever it came from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from engine.index.codec import dump_json
from engine.index.spelled_text import SpelledText
from engine.index.suggestions import Edge
from index_builder.cache.article_keys import text_key
from index_builder.cache.shard_folder import ShardFolder
from index_builder.cache.text_shards import StoredTexts, to_arrays


def spell_all(
    texts: Sequence[str], spell: Callable[[str], SpelledText], folder: ShardFolder | None
) -> list[SpelledText]:
    """Return each of `texts` spelled; what `folder` does not have is spelled and kept there.

    Raises `InputError` when the folder cannot be written.
    """
    if folder is None:
        return [spell(text) for text in texts]
    keys = [text_key(text) for text in texts]
    found, shards = folder.find(keys, StoredTexts)
    spelled: list[SpelledText] = []
    new: list[int] = []
    for number, place in enumerate(found.places):
        if place is None:
            new.append(number)
            spelled.append(spell(texts[number]))
        else:
            spelled.append(_decode(shards[place[0]][place[1]]))
    if not found.shards or folder.wants_merging(found, len(texts)):
        folder.add(keys, to_arrays([_encode(row) for row in spelled]))
        folder.remove_merged(found)
    elif new:
        folder.add([keys[n] for n in new], to_arrays([_encode(spelled[n]) for n in new]))
    return spelled


def _encode(row: SpelledText) -> bytes:
    return dump_json([row.key, row.sounds, row.otherwise, row.edges, row.spans])


def _decode(record: bytes) -> SpelledText:
    key, sounds, otherwise, edges, spans = json.loads(record)
    return SpelledText(key, sounds, otherwise, list(map(Edge, edges)), list(map(tuple, spans)))
