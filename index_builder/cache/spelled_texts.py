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
from index_builder.cache.kept_records import make_all
from index_builder.cache.shard_folder import ShardFolder

_EDGES = {edge.value: edge for edge in Edge}


def spell_all(
    texts: Sequence[str], spell: Callable[[str], SpelledText], folder: ShardFolder | None
) -> list[SpelledText]:
    """Return each of `texts` spelled; what `folder` does not have is spelled and kept there.

    Raises `InputError` when the folder cannot be written.
    """
    return make_all(texts, spell, _encode, _decode, folder)


def _encode(row: SpelledText) -> bytes:
    return dump_json([row.key, row.sounds, row.otherwise, row.edges, row.spans])


def _decode(record: bytes) -> SpelledText:
    key, sounds, otherwise, edges, spans = json.loads(record)
    return SpelledText(
        key, sounds, otherwise, list(map(_EDGES.__getitem__, edges)), list(map(tuple, spans))
    )
