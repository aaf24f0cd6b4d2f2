"""Lists of terms merge the same way whether one is long and the others short, or all are alike."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index_builder import merged_terms
from index_builder.merged_terms import merge_terms

TERMS = st.lists(st.text("直通车店铺ab", min_size=1, max_size=3), unique=True).map(sorted)


def require_merged(lists: Sequence[Sequence[str]]) -> None:
    terms, places = merge_terms(lists)
    assert terms == sorted({term for ones in lists for term in ones})
    assert [[terms[place] for place in found] for found in places] == [list(o) for o in lists]
    assert all(found.dtype == "int32" for found in places)


@given(st.lists(TERMS, max_size=4))
def test_every_term_is_found_again_at_its_place(lists: list[list[str]]) -> None:
    require_merged(lists)


@given(TERMS, TERMS, st.booleans())
def test_few_terms_that_join_many_are_found_again_at_their_places(
    few: list[str], more: list[str], first: bool
) -> None:
    many = sorted({*(f"词{number}" for number in range(100)), *more})
    require_merged([few, many] if first else [many, few[:6]])


def test_both_ways_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lists = [[f"词{n:03}" for n in range(0, 400, 2)], ["词001", "词002", "词399"], [], ["一"]]
    terms, places = merge_terms(lists)
    monkeypatch.setattr(merged_terms, "_FEW", -1)
    again, others = merge_terms(lists)
    assert again == terms
    assert all((one == other).all() for one, other in zip(places, others, strict=True))
