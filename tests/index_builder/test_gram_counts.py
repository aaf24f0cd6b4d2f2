"""The vectorised count and the query's own cut give the same pairs."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.grams import unit_bigrams
from index_builder.gram_counts import count_bigrams


def test_pairs_join_units_and_stop_at_punctuation() -> None:
    assert unit_bigrams("京东plus 会员价,7天无理由") == [
        "京东", "东plus", "plus会", "会员", "员价", "7天", "天无", "无理", "理由",
    ]  # fmt: skip
    assert unit_bigrams("ztc 扣费\n质量分") == ["ztc扣", "扣费", "质量", "量分"]


def test_two_latin_words_stay_two() -> None:
    assert unit_bigrams("store commerce") == ["store commerce"]
    assert unit_bigrams("storecommerce") == []


_text = st.text(
    alphabet=st.one_of(
        st.sampled_from("淘宝店铺a1z _,。\n𠮷é "), st.characters(exclude_categories=["Cs"])
    )
)


@given(texts=st.lists(_text, max_size=5))
def test_both_ways_count_alike(texts: list[str]) -> None:
    terms, counts = count_bigrams(texts)
    assert terms == sorted(set(terms))
    for row, text in enumerate(texts):
        found = counts[row]
        expected = Counter(unit_bigrams(text))
        assert {
            terms[i]: n for i, n in zip(found.indices, found.data.tolist(), strict=True)
        } == expected
