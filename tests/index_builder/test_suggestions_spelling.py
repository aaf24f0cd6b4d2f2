"""How titles are read aloud, and how their characters are told apart and put in order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from suggest_corpus import real_analyzer

from engine.index.spelled_text import MAX_KEY_CHARACTERS, SpelledText, spell
from engine.index.suffix_order import suffix_order
from engine.index.suggestions import SORTED_UNITS, Edge
from index_builder.lexicon.reading_evidence import reading_evidence
from index_builder.pronunciation import Pronunciation


def spelled(text: str) -> SpelledText:
    return spell(text, real_analyzer(), Pronunciation(reading_evidence()))


@pytest.mark.parametrize(
    ("title", "sounds"),
    [
        ("直通车扣费", "zhi tong che kou fei"),
        ("银行行长", "yin hang hang zhang"),
        ("行业增长", "hang ye zeng zhang"),
        ("长尾关键词", "chang wei guan jian ci"),
        ("重新申请,重点复习", "chong xin shen qing zhong dian fu xi"),
        ("会计的快乐与音乐", "kuai ji de kuai le yu yin yue"),
        ("女装策略", "nv zhuang ce lue"),
        ("轉換率下滑", "zhuan huan lv xia hua"),
        ("了解为了什么", "liao jie wei le shen me"),
        ("京东PLUS会员", "jing dong =p =l =u =s hui yuan"),
        ("７天无理由", "qi tian wu li you"),
        ("七天无理由", "qi tian wu li you"),
        ("2023年 5 折", "=2 =0 =2 =3 nian wu zhe"),
        ("v2 と한", "=v =2 =と =한"),
    ],
)
def test_titles_are_read_in_the_context_of_their_words(title: str, sounds: str) -> None:
    assert " ".join(spelled(title).sounds) == sounds


def test_a_common_second_reading_is_told_where_the_word_leaves_it_open() -> None:
    assert spelled("长尾词").otherwise == ["zhang", None, None]
    assert spelled("增长").otherwise == [None, None]
    assert spelled("了").otherwise == [None]


def test_what_begins_at_each_character_is_told_apart() -> None:
    text = spelled("《直通车》开PLUS v2.0")
    assert text.key == "直通车开plusv20"
    assert text.edges == [
        *(Edge.TEXT, Edge.INSIDE, Edge.INSIDE),
        *(Edge.WORD, Edge.WORD, Edge.INSIDE_LATIN, Edge.INSIDE_LATIN, Edge.INSIDE_LATIN),
        *(Edge.WORD, Edge.WORD, Edge.WORD),
    ]


def test_spans_point_at_the_original_through_width_script_and_ligatures() -> None:
    original = "「直 通車」ﬁ㎏e\u0301七"
    text = spelled(original)
    assert text.key == "直通车fikgé7"
    assert [original[start:end] for start, end in text.spans] == [
        *("直", "通", "車"),
        *("ﬁ", "ﬁ", "㎏", "㎏", "e\u0301", "七"),
    ]


def test_a_text_is_searched_only_as_far_as_anybody_types() -> None:
    text = spelled("直通车" * 30_000)
    lengths = {len(text.key), len(text.sounds), len(text.otherwise), len(text.edges)}
    assert lengths == {len(text.spans)} == {MAX_KEY_CHARACTERS}


@given(st.text(max_size=60))
def test_all_parts_of_a_spelled_text_fit_together(original: str) -> None:
    text = spelled(original)
    sizes = {len(text.sounds), len(text.otherwise), len(text.edges), len(text.spans)}
    assert sizes == {len(text.key)}
    assert all(0 <= start < end <= len(original) for start, end in text.spans)
    assert [start for start, _ in text.spans] == sorted(start for start, _ in text.spans)


@given(st.lists(st.lists(st.integers(1, 3), max_size=12), max_size=12))
def test_suffixes_are_in_the_order_of_a_plain_sort(texts: list[list[int]]) -> None:
    units = [unit for text in texts for unit in [*text, 0]]
    order = suffix_order(np.asarray(units, dtype=np.uint32)).tolist()

    def suffix(position: int) -> list[int]:
        return units[position : units.index(0, position) + 1]

    assert sorted(order) == [position for position, unit in enumerate(units) if unit]
    assert [suffix(p) for p in order] == sorted(suffix(p) for p in order)


def test_suffixes_that_repeat_for_longer_than_is_sorted_stay_in_order_so_far() -> None:
    units = np.asarray([*[1, 2] * 200, 0, *[1, 2] * 200, 0], dtype=np.uint32)
    order = suffix_order(units)
    heads = [units[p : p + SORTED_UNITS].tolist() for p in order.tolist() if p < 800 - SORTED_UNITS]
    assert heads == sorted(heads)
