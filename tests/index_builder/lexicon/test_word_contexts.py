from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index_builder.lexicon.word_contexts import Context, find_contexts


def test_a_word_is_found_however_the_text_is_cut() -> None:
    found = find_contexts(["先到京东京小仓入仓,再发货。"], ["京小仓", "东京", "云仓"])
    assert found == {
        "京小仓": [Context("先到京东京小仓入仓", 4)],
        "东京": [Context("先到京东京小仓入仓", 3)],
        "云仓": [],
    }


def test_a_latin_word_occurs_only_where_it_stands_alone() -> None:
    texts = ["outbound 订单", "tb店铺", "dou+投放", "c店和3c数码", "tiktok"]
    found = find_contexts(texts, ["tb", "dou+", "c", "tiktok", "tok"])
    assert {word: len(contexts) for word, contexts in found.items()} == {
        "tb": 1,
        "dou+": 1,
        "c": 1,
        "tiktok": 1,
        "tok": 0,
    }


def test_each_text_counts_once_and_no_more_than_the_limit() -> None:
    texts = ["店铺和店铺", "店铺"] * 10
    assert len(find_contexts(texts, ["店铺"])["店铺"]) == 20
    assert len(find_contexts(texts, ["店铺", "没有"], limit=3)["店铺"]) == 3


@given(
    texts=st.lists(st.text(st.sampled_from("京东小仓,\ud800"), max_size=30), max_size=5),
    words=st.sets(st.text(st.sampled_from("京东小仓"), min_size=1, max_size=3), max_size=9),
    limit=st.sampled_from([None, 1, 2]),
)
def test_words_are_found_in_the_texts_that_have_them(
    texts: list[str], words: set[str], limit: int | None
) -> None:
    found = find_contexts(texts, words, limit)
    for word in words:
        assert len(found[word]) == sum(word in text for text in texts[:]) or limit is not None
        assert bool(found[word]) == any(word in text for text in texts)
        for context in found[word]:
            assert context.text[context.start :].startswith(word)
