"""What would domain_terms.txt look like with the candidates in it?

As a unified diff that a person reads, thins out and applies. Invariant: nothing but lines at the end of
the list are added, and the diff applies to the list as it lies on disk (patch -p1, git apply).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from engine.errors import LexiconError
from index_builder.lexicon.new_words import CutToday, NewWord
from index_builder.lexicon.zero_hit_queries import SoughtWord

_HEADINGS = {
    CutToday.BROKEN: "现在被切碎 / Cut to pieces today",
    CutToday.GUESSED: "现在靠猜测切成一词 / One word today, by guess",
    CutToday.SIDE_BY_SIDE: "现在切成几个词 / Several words today",
}
_SOUGHT = "搜索无结果 / Searched for in vain"
_LEGEND = (
    "# 次数, 凝聚与左右自由度(比特), 现在怎么切。留下要的词,删掉其余的行。",
    "# Occurrences, cohesion, freedom left and right (bits), how it is cut today. Keep what is a word.",
)


def terms_diff(path: Path, new: Sequence[NewWord], sought: Sequence[SoughtWord]) -> str:
    """Return the diff that adds the candidates to the domain list at `path`; "" without any.

    Raises `LexiconError` when the list cannot be read.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            old = file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: expected a UTF-8 word list ({error})") from error
    added = list(_lines(new, sought))
    if not added:
        return ""
    end = "\r\n" if "\r\n" in old else "\n"
    complete = old if not old or old.endswith("\n") else old + end
    name = f"{path.resolve().parent.name}/{path.name}"
    lines = difflib.unified_diff(
        _split(old),
        _split(complete + "".join(line + end for line in added)),
        fromfile=f"a/{name}",
        tofile=f"b/{name}",
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(new: Iterable[NewWord], sought: Iterable[SoughtWord]) -> Iterator[str]:
    by_heading: dict[str, list[tuple[str, str]]] = {}
    for word in new:
        figures = (
            f"{word.count:,} 次, 凝聚 {word.cohesion:.1f}, "
            f"自由 {word.left_entropy:.1f} {word.right_entropy:.1f}: {'/'.join(word.cut)}"
        )
        by_heading.setdefault(_HEADINGS[word.cut_today], []).append((figures, word.word))
    for wanted in sought:
        figures = f"搜 {wanted.searches:,} 次, 见于 {wanted.articles:,} 篇: {'/'.join(wanted.cut)}"
        by_heading.setdefault(_SOUGHT, []).append((figures, wanted.word))
    if by_heading:
        yield from ("", *_LEGEND)
    for heading, entries in by_heading.items():
        yield ""
        yield f"# --- 待审 / To review: {heading} ---"
        for figures, term in entries:
            yield f"# {figures}"
            yield term


def _split(text: str) -> list[str]:
    # At line feeds alone, as the readers of these lists do.
    return re.findall(r"[^\n]*\n|[^\n]+", text)
