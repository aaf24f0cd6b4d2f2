"""Where in an original text do normalised terms stand?

Invariant: an occurrence covers exactly the characters whose normalised form is the term: never a
part of a character (a letter without its accent, the m of ㎡), nor of a longer Latin word.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.analysis.normalizer import Normalizer
from engine.search.folded_text import FoldedText, fold_table
from engine.search.graphemes import boundary_after, is_boundary

Occurrence = tuple[int, int, int]
"""From which original character, up to which, and the number of the term that stands there."""


def find_occurrences(
    normalizer: Normalizer, text: str, terms: Sequence[str], most: int | None = None
) -> list[Occurrence]:
    """Return every occurrence of `terms` in `text`, in order, overlapping ones included.

    most: a term that occurs more often than that is only sampled, about so many times and evenly:
    2 million occurrences of one character would take seconds and much memory.
    """
    folded = fold_table(normalizer).fold(text, terms)
    if folded is None:
        found = _find_normalized(normalizer, text, terms, most)
    else:
        found = _find_folded(folded, text, terms, most)
    found.sort()
    return found


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


def _find_folded(
    folded: FoldedText, text: str, terms: Sequence[str], most: int | None
) -> list[Occurrence]:
    origins = folded.origins
    found = []
    for number, term in enumerate(terms):
        length = len(term)
        positions = find_word(folded.text, term, most)
        if origins is None and term.isalnum():
            # What clings to letters and Han is invisible or irregular, hence not in this text.
            found += [(first, first + length, number) for first in positions]
            continue
        for first in positions:
            start, last, following = first, first + length - 1, first + length
            if origins is not None:
                following = int(origins[following]) if following < len(origins) else len(text)
                start, last = int(origins[start]), int(origins[last])
            end = boundary_after(text, last + 1, following)
            if is_boundary(text, start) and is_boundary(text, end):
                found.append((start, end, number))
    return found


def _find_normalized(
    normalizer: Normalizer, text: str, terms: Sequence[str], most: int | None
) -> list[Occurrence]:
    normalized = normalizer.normalize_with_offsets(text)
    found = []
    for number, term in enumerate(terms):
        for first in find_word(normalized.text, term, most):
            start, following = normalized.original_span(first, first + len(term))
            last = int(normalized.starts[first + len(term) - 1])
            end = boundary_after(text, last + 1, following)
            if (
                is_boundary(text, start)
                and is_boundary(text, end)
                and normalizer.normalize(text[start:end]) == term
            ):
                found.append((start, end, number))
    return found
