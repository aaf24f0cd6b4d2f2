"""Which window of a long text shows best why it was found?

The one with the most weight of distinct terms, then the closest together, then one that begins with
a sentence. Invariant: time is linear in the text and in the number of occurrences, and a window
breaks no character that a reader sees as one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from heapq import nlargest

from engine.search.graphemes import boundary_after, boundary_before, is_boundary
from engine.search.markup import Span
from engine.search.occurrences import Occurrence

EXCERPT_LENGTH = 110
"""Code points in a window at most: about two lines of a result list."""

_CLOSENESS = 0.2
_SENTENCE = 0.1
"""Shares of its weight that a window gains by closeness and by a sentence start: together they do
not make up for a missing term that has a quarter of the weight."""

_FINALISTS = 16
"""So many of the windows that a sentence start could decide between are looked at, in order."""

_LEAD = 20
"""Code points shown before the first term where no sentence begins within reach."""
_TAIL = 10
"""Code points kept for what follows the last term when reaching back for a sentence."""

_LAST_SENTENCE_END = re.compile(r"(?s:.*)(?:[。！？!?…\n\r]|[.;；]\s)[”’」』）】》]*\s*")
_FIRST_SENTENCE_END = re.compile(r"(?:[。！？!?…\n\r]|[.;；]\s)[”’」』）】》]*\s*")
_NO_OPENING = -1

_SPACES = re.compile(r"\s*")
_FIRST_CLAUSE_END = re.compile(r"[，,、：:；;\s]\s*")


_Cluster = tuple[float, int, int]
"""What showing some occurrences close together is worth; where they begin; where they end."""


def choose_window(
    text: str, occurrences: Sequence[Occurrence], weights: Sequence[float], *, opens: bool = True
) -> Span:
    """Return the window [start, end) of `text` to show, at most `EXCERPT_LENGTH` code points.

    occurrences: in order; weights: by number of the term, greater than 0; opens: whether `text` begins
    where the whole text does, with a sentence. The window begins and ends with no white space; without
    occurrences it is the opening.
    """
    opening = _begin(text, _end(_SPACES.match(text)) or 0) if opens else _NO_OPENING
    _, first, last = _best_cluster(text, opening, _clusters(occurrences, weights))
    start = _window_start(text, opening, first, last)
    end = _window_end(text, start + EXCERPT_LENGTH, last)
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return _begin(text, start), end


def _clusters(occurrences: Sequence[Occurrence], weights: Sequence[float]) -> list[_Cluster]:
    """Return the tightest cluster that each occurrence completes, without those that cannot win.

    Two pointers: the left one leaves an occurrence behind where the window would be too wide, or
    where its term stands again further right.
    """
    shown = [one for one in occurrences if one[1] - one[0] <= EXCERPT_LENGTH]
    clusters: list[_Cluster] = []
    counts = [0] * len(weights)
    weight = needed = 0.0
    left = end = 0
    for _, last, term in shown:
        end = max(end, last)
        counts[term] += 1
        if counts[term] == 1:
            weight += weights[term]
        start, _, oldest = shown[left]
        while counts[oldest] > 1 or end - start > EXCERPT_LENGTH:
            counts[oldest] -= 1
            if not counts[oldest]:
                weight -= weights[oldest]
            left += 1
            start, _, oldest = shown[left]
        score = weight * (1 + _CLOSENESS - _CLOSENESS / EXCERPT_LENGTH * (end - start))
        if score >= needed:
            clusters.append((score, start, end))
            # A hair below, because sums of the same weights differ in their last bits.
            needed = max(needed, score * (1 - 1e-9) / (1 + _SENTENCE))
    return [cluster for cluster in clusters if cluster[0] >= needed]


def _best_cluster(text: str, opening: int, clusters: Sequence[_Cluster]) -> _Cluster:
    """Return the best of `clusters`, the earliest of equals."""
    if not clusters:
        return 0.0, max(0, opening), max(0, opening)
    if len(clusters) == 1:
        return clusters[0]
    finalists = clusters
    if len(clusters) > _FINALISTS:
        finalists = nlargest(_FINALISTS, clusters, key=_rounded_score)

    def score_in_place(cluster: _Cluster) -> float:
        starts_well = _sentence_start(text, opening, *cluster[1:]) is not None
        return _rounded_score(cluster) * (1 + _SENTENCE if starts_well else 1)

    return max(finalists, key=score_in_place)


def _rounded_score(cluster: _Cluster) -> float:
    return round(cluster[0], 6)


def _sentence_start(text: str, opening: int, first: int, last: int) -> int | None:
    """Return where the last sentence begins that can open a window with all of [first, last)."""
    lowest = last - EXCERPT_LENGTH
    if opening == _NO_OPENING:
        lowest = max(0, lowest)
    elif lowest <= opening:
        return opening
    return _end(_LAST_SENTENCE_END.match(text, min(lowest + _TAIL, first), first))


def _window_start(text: str, opening: int, first: int, last: int) -> int:
    start = _sentence_start(text, opening, first, last)
    lowest = max(0, last - EXCERPT_LENGTH, first - _LEAD)
    if start != opening and len(text) - first < EXCERPT_LENGTH // 2:
        # Near the end of the text there is room for what comes before.
        lowest = max(0, opening, len(text) - EXCERPT_LENGTH)
        start = _end(_FIRST_SENTENCE_END.search(text, lowest, first))
    if start is None:
        start = _end(_FIRST_CLAUSE_END.search(text, lowest, first))
    if start is None:
        start = lowest
        while start < first and _within_word(text, start):
            start += 1
    return boundary_after(text, start, first)


def _begin(text: str, index: int) -> int:
    # A mark with no letter stands on the space before it, which then must be shown.
    return index if is_boundary(text, index) else index - 1


def _window_end(text: str, end: int, lowest: int) -> int:
    if end >= len(text):
        return len(text)
    shorter = end
    while shorter > lowest and _within_word(text, shorter):
        shorter -= 1
    return boundary_before(text, shorter if shorter > lowest else end, lowest)


def _within_word(text: str, index: int) -> bool:
    pair = text[max(0, index - 1) : index + 1]
    return len(pair) == 2 and pair.isascii() and pair.isalnum()


def _end(match: re.Match[str] | None) -> int | None:
    return match.end() if match else None
