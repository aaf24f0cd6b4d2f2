"""A signature depends on its text alone, and short texts are never taken for one another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index_builder.shingle_signatures as module
from engine.analysis.grams import unit_runs
from index_builder.candidate_bands import candidate_pairs
from index_builder.near_duplicates import near_duplicate_groups
from index_builder.shingle_signatures import SIGNATURE_WORDS, bins_of, signature, signatures

_text = st.text(
    alphabet=st.one_of(
        st.sampled_from("淘宝店铺a1z _,。\n𠮷é\ud83d"), st.characters(min_codepoint=32)
    ),
    max_size=60,
)
_ONE_TEXT = "企业支付宝更换法人,先等工商数据同步,再用 b.alipay.com 提交,新法人刷脸。" * 3


def test_equal_texts_have_had_these_bytes_since_format_1() -> None:
    # Whatever is kept by content relies on it: raise SIGNATURE_FORMAT when this has to change.
    assert module.SIGNATURE_FORMAT == 1
    found = signature(_ONE_TEXT)
    filled = np.flatnonzero(bins_of(found[None])[0])
    assert found.dtype == np.uint32
    assert (int(found[0]), len(filled)) == (87, 29)
    assert [f"{word:08x}" for word in found[1 + filled[:3]]] == ["bb19ad6a", "c5d6ad68", "397202c8"]


@given(texts=st.lists(_text, max_size=6))
def test_what_stands_beside_a_text_leaves_no_trace(texts: list[str]) -> None:
    together = signatures(texts)
    assert together.shape == (len(texts), SIGNATURE_WORDS)
    for row, text in enumerate(texts):
        assert np.array_equal(together[row], signature(text))


def test_the_size_of_a_batch_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [_ONE_TEXT[start:] for start in range(40)]
    whole = signatures(texts)
    monkeypatch.setattr(module, "_BATCH_CHARACTERS", 100)
    assert np.array_equal(signatures(texts), whole)


@given(text=_text)
def test_units_are_those_of_the_grams(text: str) -> None:
    runs = unit_runs(text)
    assert signature(text)[0] == sum(map(len, runs))


@given(text=_text)
def test_punctuation_and_line_ends_are_no_difference(text: str) -> None:
    units = "、".join(unit for run in unit_runs(text) for unit in run)
    assert np.array_equal(signature(units), signature(text))


def test_anagrams_and_latin_words_side_by_side_differ() -> None:
    assert not np.array_equal(signature("淘宝 listen 店铺"), signature("淘宝 silent 店铺"))
    assert not np.array_equal(signature("淘宝 b2b 店铺"), signature("淘宝 b2 b 店铺"))


@settings(deadline=None, max_examples=30)
@given(texts=st.lists(_text.filter(lambda text: len(text) < 22), max_size=12))
def test_short_and_empty_texts_are_their_own_originals(texts: list[str]) -> None:
    # Equal ones, too: "谢谢分享" twice is no repost.
    groups = near_duplicate_groups(signatures(texts), np.zeros(len(texts), dtype=np.int64))
    assert groups.tolist() == list(range(len(texts)))


def test_text_without_units_and_one_phrase_over_and_over_make_no_group() -> None:
    texts = ["", "", "!?!?", "。" * 5000, "哈" * 5000, "哈" * 4000, "好的" * 3000, "好的" * 3000]
    groups = near_duplicate_groups(signatures(texts), np.zeros(len(texts), dtype=np.int64))
    assert groups.tolist() == list(range(len(texts)))


@settings(deadline=None, max_examples=30)
@given(
    texts=st.lists(st.text(alphabet="淘宝店铺直通车扣费", min_size=0, max_size=80), max_size=8),
    data=st.data(),
)
def test_groups_do_not_depend_on_the_order(texts: list[str], data: st.DataObject) -> None:
    texts = texts + [text[:-2] for text in texts]
    order = np.array(data.draw(st.permutations(range(len(texts)))), dtype=np.int64)
    published = np.arange(len(texts), dtype=np.int64)
    found = signatures(texts)
    groups = near_duplicate_groups(found, published)
    shuffled = near_duplicate_groups(found[order], published[order])
    assert np.array_equal(order[shuffled], groups[order])
    assert np.array_equal(groups[groups], groups)
    assert (published[groups] <= published).all()


def test_pieces_of_candidates_do_not_change_what_they_are() -> None:
    found = signatures([_ONE_TEXT[start:] for start in range(30)])
    every = {
        pair for a, b in candidate_pairs(found) for pair in zip(a.tolist(), b.tolist(), strict=True)
    }
    pieces = list(candidate_pairs(found, most=50))
    assert len(pieces) > 1
    assert {pair for a, b in pieces for pair in zip(a.tolist(), b.tolist(), strict=True)} == every
    assert all(left < right for left, right in every)
