"""What a reading discloses, how readings are ranked, and how much work they may take."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spelling_index import Reader

from engine.search.correction import MOST_READINGS, Reading
from engine.search.requests import ExpandedTerm, Tier

SECONDS = 0.5
"""Ten times what the worst query takes here; the machine may be busy."""

TYPED = st.text(
    alphabet="保正金入住条件自动回付淘宝店铺的怎么zhitongceabou \t'\"-1２ａ，。!\ud800\u200d🛒",
    max_size=40,
)


def test_a_run_of_pinyin_names_each_word_and_what_was_typed_for_it(reader: Reader) -> None:
    assert reader.best("baozhengjin tuihuan") == Reading(
        "保证金退还",
        Tier.PINYIN,
        (
            ExpandedTerm("保证金", "baozhengjin", "pinyin"),
            ExpandedTerm("退还", "tuihuan", "pinyin"),
        ),
    )


def test_initials_are_disclosed_as_such(reader: Reader) -> None:
    assert reader.best("jdkc 出价") == Reading(
        "京东快车 出价", Tier.PINYIN, (ExpandedTerm("京东快车", "jdkc", "initials"),)
    )


def test_a_mixed_word_takes_in_the_characters_beside_it(reader: Reader) -> None:
    reading = reader.best("taobao店pu")
    assert reading is not None
    assert reading.text == "淘宝店铺"
    assert reading.expanded[0] == ExpandedTerm("店铺", "店pu", "pinyin")
    assert reading.tier is Tier.PINYIN


def test_a_word_that_the_segmenter_cuts_apart_is_corrected_whole(reader: Reader) -> None:
    words = reader.snapshot.analyzer.words("保证今")
    assert words == ["保证", "今"]
    assert reader.best("保证今") == Reading(
        "保证金", Tier.CORRECTED, (ExpandedTerm("保证金", "保证今", "homophone"),)
    )


def test_one_corrected_word_makes_the_whole_reading_a_corrected_one(reader: Reader) -> None:
    reading = reader.best("zhitongche低价饮流")
    assert reading is not None
    assert (reading.text, reading.tier) == ("直通车低价引流", Tier.CORRECTED)
    assert [term.via for term in reading.expanded] == ["pinyin", "homophone"]


def test_two_misspelt_words_are_both_put_right(reader: Reader) -> None:
    reading = reader.best("千妞自动回付 话术")
    assert reading is not None
    assert reading.text == "千牛自动回复 话术"


def test_the_rest_of_the_query_decides_among_words_that_sound_alike(reader: Reader) -> None:
    reading = reader.best("quanxian 打包员")
    assert reading is not None
    assert reading.text == "权限 打包员"


def test_an_excluded_word_is_no_part_of_a_reading(reader: Reader) -> None:
    reading = reader.best("zhitongche -扣费")
    assert reading is not None
    assert reading.text == "直通车"


def test_traditional_and_full_width_typing_is_corrected_as_well(reader: Reader) -> None:
    texts = [
        reading.text
        for q in ("抖音小店保證今", "ｚｈｉｔｏｎｇｃｈｅ")
        for reading in reader.readings(q)
    ]
    assert texts == ["抖音小店保证金", "直通车"]


@settings(max_examples=150, deadline=None)
@given(TYPED)
def test_every_query_gets_few_readings_and_the_same_ones_again(reader: Reader, typed: str) -> None:
    readings = reader.readings(typed)
    assert readings == reader.readings(typed)
    assert len(readings) <= MOST_READINGS
    assert len({reading.text for reading in readings}) == len(readings)
    for reading in readings:
        assert reading.tier in {Tier.PINYIN, Tier.CORRECTED}
        assert reading.expanded
        assert reader.snapshot.analyzer.normalize(reading.text) == reading.text


def test_a_pasted_paragraph_is_searched_as_it_stands(reader: Reader) -> None:
    others = "直通车 店铺 淘宝 出价 引流 退还 商品 流量 转化 标题 主图 详情 客服 评价 物流"
    others += " 仓库 佣金 优惠 活动 报名"
    assert reader.best("zhitongche 店铺") is not None
    assert reader.best(f"zhitongche {others}") is None


@pytest.mark.parametrize(
    "typed",
    [
        "保正金" * 66,
        "保 正 金 " * 50,
        "zhitongche" * 20,
        "zhi tong che " * 15,
        "nanananan" * 22,
        "xian" * 50,
        "a" * 200,
        "连yi" * 66,
        "回付a" * 66,
        "行重长单" * 50,
        "taobo alipya " * 15,
        "".join(map(chr, range(0x4E00, 0x4E00 + 200))),
    ],
)
def test_two_hundred_characters_take_bounded_time(reader: Reader, typed: str) -> None:
    reader.readings("zhitongche")  # maps what is read on first use
    start = time.process_time()
    reader.readings(typed[:200])
    assert time.process_time() - start < SECONDS
