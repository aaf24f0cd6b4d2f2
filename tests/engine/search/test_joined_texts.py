"""What is found in several texts at once is what is found in each."""

from __future__ import annotations

from highlight_oracle import TERMS, TEXTS, normalizer
from hypothesis import example, given
from hypothesis import strategies as st

from engine.search.joined_texts import JoinedTexts
from engine.search.occurrences import find_occurrences


@given(st.lists(TEXTS, min_size=1, max_size=5), TERMS)
@example(["app", "le店"], ["app", "apple"])
@example(["宝", "\u0301贝"], ["宝"])
@example(["c", "店"], ["c店", "c 店"])
@example(["宝\r", "\n贝"], ["宝"])
def test_each_text_has_its_own_occurrences(texts: list[str], terms: list[str]) -> None:
    together = JoinedTexts(normalizer(), texts, terms).find(terms)
    assert together == [find_occurrences(normalizer(), text, terms) for text in texts]


@given(
    st.lists(TEXTS, min_size=1, max_size=5), st.sampled_from(["宝", "直通车", "plus", "c店", "a"])
)
def test_a_text_holds_what_its_folded_form_holds(texts: list[str], wanted: str) -> None:
    holding = set(JoinedTexts(normalizer(), texts, [wanted]).holding(wanted))
    folded = [normalizer().normalize(text) for text in texts]
    assert holding == {number for number, text in enumerate(folded) if wanted in text}


def test_a_query_does_not_run_on_from_one_text_into_the_next() -> None:
    joined = JoinedTexts(normalizer(), ["plus 会员", "plus", "会员"], ["plus 会员"])
    assert list(joined.holding("plus 会员")) == [0]
