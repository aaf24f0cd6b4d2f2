"""Where in an original text do normalised terms stand?

Invariant: an occurrence covers exactly the characters whose normalised form is the term: never a
part of a character (a letter without its accent, the m of ㎡), nor of a longer Latin word.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.analysis.normalizer import Normalizer
from engine.search.folded_text import FoldedText, fold_table
from engine.search.graphemes import boundary_after, is_boundary
from engine.search.markup import Span

Occurrence = tuple[int, int, int]
"""From which original character, up to which, and the number of the term that stands there."""


def find_occurrences(
    normalizer: Normalizer,
    text: str,
    terms: Sequence[str],
    most: int | None = None,
    *,
    folded: FoldedText | None = None,
) -> list[Occurrence]:
    """Return every occurrence of `terms` in `text`, in order, overlapping ones included.

    most: a term that occurs more often than that is only sampled, about so many times and evenly:
    2 million occurrences of one character would take seconds and much memory. folded: `text` folded
    for finding `terms`, if that was done already.
    """
    if folded is None:
        folded = fold_table(normalizer).fold(text, terms)
    found: list[Occurrence] = []
    for number, term in enumerate(terms):
        if term not in folded.text:
            continue
        length = len(term)
        positions = find_word(folded.text, term, most)
        if folded.starts is None and term.isalnum() and not _is_hangul(term[0]):
            # What clings to a letter attaches or is invisible, hence is not in this text.
            found += [(first, first + length, number) for first in positions]
            continue
        for first in positions:
            span = _original_span(folded, first, first + length, text)
            if span and normalizer.normalize(text[slice(*span)]) == term:
                found.append((*span, number))
    found.sort()
    return found


def _original_span(folded: FoldedText, first: int, stop: int, text: str) -> Span | None:
    """Return where `folded.text[first:stop]` stands in `text`, None where it is part of a cluster.

    What is invisible belongs to it if it clings, as a variation selector does.
    """
    start, last, following = first, stop - 1, stop
    if folded.starts is not None:
        start, last = folded.starts[[first, stop - 1]].tolist()
        # Not that of `stop`, which may stand in the same combining sequence.
        following = int(folded.starts[folded.starts.searchsorted(last, side="right")])
    end = boundary_after(text, last + 1, following)
    return (start, end) if is_boundary(text, start) and is_boundary(text, end) else None


def find_word(folded: str, term: str, most: int | None = None) -> list[int]:
    """Return where `term` stands in `folded` without cutting a run of Latin letters and digits.

    Only ASCII counts as Latin: the segmenter makes units of ASCII runs and of nothing else.
    """
    if not term:
        return []
    step = 1
    if most is not None and len(folded) > most and folded.count(term) > most:
        step = len(folded) // most
    positions = []
    position = folded.find(term)
    while position >= 0:
        positions.append(position)
        position = folded.find(term, position + step)
    if positions and (_is_latin(term[0]) or _is_latin(term[-1])):
        return [at for at in positions if _is_word(folded, at, at + len(term))]
    return positions


def _is_word(folded: str, start: int, end: int) -> bool:
    return not (
        (start > 0 and _is_latin(folded[start]) and _is_latin(folded[start - 1]))
        or (end < len(folded) and _is_latin(folded[end]) and _is_latin(folded[end - 1]))
    )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_hangul(character: str) -> bool:
    return "\u1100" <= character <= "\u11ff" or "가" <= character <= "힣"
