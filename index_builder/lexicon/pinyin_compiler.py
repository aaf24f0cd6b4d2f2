"""Which pinyin table does an index carry?

Invariant: the file depends on the installed dictionaries alone, and the engine reads it without
pypinyin (see `engine.analysis.pinyin`).
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from engine.analysis.pinyin import PINYIN_NAME
from engine.index.codec import dump_json
from index_builder.lexicon.reading_evidence import reading_evidence


def compile_pinyin(directory: Path) -> int:
    """Write the readings of Han characters to `directory`; return how many characters there are.

    Characters beyond U+FFFF stay out: they are a third of all and next to none of any text.
    """
    readings = {c: found for c, found in reading_evidence().readings.items() if ord(c) <= 0xFFFF}
    first: defaultdict[str, list[str]] = defaultdict(list)
    for character in sorted(readings):
        first[readings[character][0]].append(character)
    content = {
        "first": {syllable: "".join(characters) for syllable, characters in first.items()},
        "more": {c: list(found[1:]) for c, found in readings.items() if len(found) > 1},
    }
    (directory / PINYIN_NAME).write_bytes(dump_json(content))
    return len(readings)
