"""Which character stands for its Traditional, Simplified and variant forms?

Invariant: the table is closed (no character that is folded to is itself folded) and depends on
OpenCC's character table and variants.py alone. Where the form that OpenCC prefers is beyond the
characters that jieba joins to words, the common form is kept and the rare one folded to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import opencc

from engine.analysis.folding import FOLDING_NAME, dump_folding
from index_builder.lexicon.variants import RADICALS, VARIANT_GROUPS


def traditional_to_simplified() -> dict[str, str]:
    """Return OpenCC's characters, Traditional -> Simplified; the first candidate of several."""
    return _characters("TSCharacters.txt")


def simplified_to_traditional() -> dict[str, str]:
    """Return OpenCC's characters, Simplified -> Traditional; the first candidate of several."""
    return _characters("STCharacters.txt")


def _characters(name: str) -> dict[str, str]:
    path = Path(opencc.__file__).parent / "dictionary" / name
    lines = (line.split() for line in path.read_text("utf-8").splitlines())
    return {fields[0]: fields[1] for fields in lines if len(fields) > 1}


def compile_folding(
    simplified: Mapping[str, str], groups: Iterable[str], radicals: Mapping[str, str]
) -> dict[str, str]:
    """Return character -> what it folds to, without those that fold to themselves.

    `simplified` yields to `groups`, whose first characters are final. Chains are followed to their
    end.
    """
    chosen = dict(simplified) | dict(radicals)
    for group in groups:
        chosen.pop(group[0], None)
        chosen.update(dict.fromkeys(group[1:], group[0]))
    folded = {source: _follow(source, chosen) for source in chosen}
    members: defaultdict[str, list[str]] = defaultdict(list)
    for source, target in folded.items():
        members[target].append(source)
    for target, sources in members.items():
        if _joins_words(target) or not any(map(_joins_words, sources)):
            continue
        common = min(filter(_joins_words, sources))
        folded.update(dict.fromkeys([target, *sources], common))
    return {source: target for source, target in sorted(folded.items()) if source != target}


def write_folding(directory: Path) -> dict[str, str]:
    """Write the folding table of this installation to `directory`; return it."""
    table = compile_folding(traditional_to_simplified(), VARIANT_GROUPS, RADICALS)
    (directory / FOLDING_NAME).write_bytes(dump_folding(table))
    return table


def _follow(source: str, chosen: Mapping[str, str]) -> str:
    seen = {source}
    while (target := chosen.get(source)) is not None and target not in seen:
        seen.add(target)
        source = target
    return source


def _joins_words(character: str) -> bool:
    # The range of jieba's own pattern for Han characters.
    return "\u4e00" <= character <= "\u9fd5"
