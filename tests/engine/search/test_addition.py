"""The leaders are the beginning of a complete sort, however much of the addition was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from listed_weights import make_lists

from engine.index.postings import PostingsLists
from engine.index.segments import Segment
from engine.search import addition
from engine.search.addition import Addition
from engine.search.leaders import leaders_of, padded_size, reached_by

ARTICLES = 300

Lists = list[dict[int, float]]

# Few different weights, so that many articles have the very same score.
entries = st.dictionaries(
    st.integers(0, ARTICLES - 1), st.sampled_from([1.0, 2.0, 3.5, 8.0]), min_size=1, max_size=120
)


@st.composite
def segments(draw: st.DrawFn) -> tuple[Segment, Lists, dict[int, dict[int, float]]]:
    """Return a segment of terms t0, t1, .. with the entries of their lists, and of those in titles."""
    lists = draw(st.lists(entries, min_size=1, max_size=7))
    titled = sorted(draw(st.sets(st.integers(0, len(lists) - 1), max_size=3)))
    titles = {number: draw(entries) for number in titled}
    rows = draw(st.sets(st.integers(0, len(lists) - 1)))
    segment = Segment(
        first=0,
        size=ARTICLES,
        terms={f"t{number}": number for number in range(len(lists))},
        lists=_with_rows(make_lists(lists, ARTICLES), rows),
        title_terms=np.array(titled, dtype=np.uint32),
        titles=make_lists(titles.values(), ARTICLES),
    )
    return segment, lists, titles


def _with_rows(lists: PostingsLists, rows: set[int]) -> PostingsLists:
    """Return `lists` with those of `rows` as rows."""
    dense = np.zeros((len(rows), ARTICLES), dtype=np.uint8)
    documents, impacts, offsets, frequencies = [], [], [0], []
    for number in range(len(lists)):
        held, found = lists.postings(number)
        if number in rows:
            dense[len(frequencies), held] = found
            frequencies.append(len(held))
        else:
            documents.append(held)
            impacts.append(found)
        offsets.append(sum(map(len, documents)))
    ends = np.array(offsets, dtype=np.uint32)
    return replace(
        lists,
        offsets=ends,
        bounds=ends.data,
        documents=np.concatenate([lists.documents[:0], *documents]),
        impacts=np.concatenate([lists.impacts[:0], *impacts]),
        rows={number: row for row, number in enumerate(sorted(rows))},
        dense=dense,
        frequencies=frequencies,
    )


def _naive(
    lists: Lists,
    titles: Mapping[int, Mapping[int, float]],
    weights: Mapping[str, float],
    growth: float,
) -> npt.NDArray[np.float64]:
    """Return what the terms add up to, one posting after the other."""
    total = np.zeros(ARTICLES)
    for term, weight in weights.items():
        number = int(term[1:])
        if number >= len(lists):
            continue
        for held, factor in ((lists[number], 1.0), (titles.get(number, {}), growth)):
            peak = max(held.values(), default=1.0)
            for article, value in held.items():
                # The stored impact is a whole number of 255 steps.
                total[article] += weight * factor * round(value / peak * 255) * peak / 255
    return total


terms = st.sampled_from([f"t{number}" for number in range(9)])
queries = st.dictionaries(terms, st.sampled_from([0.5, 1.0, 2.4]), min_size=1, max_size=9)


@settings(max_examples=150)
@given(
    found=segments(),
    weights=queries,
    choices=st.lists(queries, max_size=2),
    growth=st.sampled_from([0.0, 3.0]),
    hidden=st.none() | st.sets(st.integers(0, ARTICLES - 1), max_size=60),
    size=st.integers(1, 40),
    thrifty=st.booleans(),
)
def test_leaders_are_the_beginning_of_all_scores(
    found: tuple[Segment, Lists, dict[int, dict[int, float]]],
    *,
    weights: dict[str, float],
    choices: list[dict[str, float]],
    growth: float,
    hidden: set[int] | None,
    size: int,
    thrifty: bool,
) -> None:
    segment, lists, titles = found
    added = Addition(segment)
    added.add(weights, growth)
    if choices:
        added.add_best(choices, growth)
    scores = added.scores()
    expected = _naive(lists, titles, weights, growth)
    for names in choices:
        expected += np.max(
            [_naive(lists, titles, {name: weight}, growth) for name, weight in names.items()],
            axis=0,
        )
    # What a step of a row is worth is rounded (`weighted_lists._ROW_BITS`).
    np.testing.assert_allclose(scores, expected, atol=1e-3 * max(1.0, expected.max()))

    mask = None
    shown = scores.astype(np.float32)
    if hidden is not None:
        mask = np.isin(np.arange(ARTICLES), list(hidden))
        shown[mask] = 0.0
    with pytest.MonkeyPatch.context() as patch:
        if thrifty:  # bounds are used from the first cell on
            patch.setattr(addition, "_MANY_CELLS", 0)
            patch.setattr(addition, "_MANY_POSTINGS", 0)
        leaders = added.leaders(size, mask)
    order = [n for n in np.lexsort((np.arange(ARTICLES), -shown)) if shown[n] > 0][:size]
    assert leaders.articles.tolist() == order
    assert leaders.scores.tolist() == shown[order].tolist()


def test_rows_are_read_for_candidates_alone_where_that_is_enough(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Planted: a row that would change the order, were it left out or its bound taken too low."""
    lists = [dict.fromkeys(range(12), 8.0), {n: 1.0 + n % 12 / 12 for n in range(ARTICLES)}]
    segment = Segment(
        first=0,
        size=ARTICLES,
        terms={"rare": 0, "common": 1},
        lists=_with_rows(make_lists(lists, ARTICLES), {1}),
        title_terms=np.array([], dtype=np.uint32),
        titles=make_lists([], ARTICLES),
    )
    monkeypatch.setattr(addition, "_MANY_CELLS", 0)
    added = Addition(segment)
    added.add({"rare": 1.0, "common": 1.0}, 0.0)
    monkeypatch.delattr("engine.search.weighted_lists.WeightedLists.add_rows")
    assert added.leaders(3, None).articles.tolist() == [11, 10, 9]


@given(
    st.lists(st.sampled_from([0.0, 1.0, 1.0 + 2.0**-30, 7.5]), min_size=1, max_size=700),
    st.integers(1, 30),
)
def test_leaders_of_sums_are_sorted_by_score_and_number(values: list[float], size: int) -> None:
    sums = np.zeros(padded_size(len(values)))
    sums[: len(values)] = values
    assert np.count_nonzero(sums >= reached_by(sums, size)) >= size
    expected = sorted(
        (n for n, value in enumerate(values) if value > 0),
        key=lambda n: (-float(np.float32(values[n])), n),
    )
    assert leaders_of(sums, size).articles.tolist() == expected[:size]
