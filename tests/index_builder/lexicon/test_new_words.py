from __future__ import annotations

from math import log2

import pytest

from engine.analysis.analyzer import Analyzer
from index_builder.lexicon.new_words import (
    CutToday,
    NewWord,
    best_of_each_cut,
    find_new_words,
    is_new_word,
)

ARTICLES = [
    "京小仓适合小件商品。商家把货放进京小仓,发货更快。",
    "我开通京小仓以后,退货少了;也有人说京小仓收费贵。",
    "问京小仓怎么入驻?先联系京小仓经理,再预约。",
    "用京小仓的店铺排名更好,京小仓里的货当天出。",
    "新手选京小仓还是自己发?看货量,小店用京小仓够了。",
    "快递三天没有更新,客户一直催,先打电话给网点,再给客户发消息,说明包裹在哪一站。",
    "主图第一眼要看得清楚,背景越干净越好,字不要多,卖点放一个,尺寸写进第二张图。",
    "评价低于四星,先看是质量问题还是物流问题,再回复,语气平和,给出解决办法。",
    "差评不要急着回,先问清楚是谁收的货,照片发来看看,能补发就补发,不能补发就退款。",
    "周末流量高,活动价提前一周报名,库存备足,赠品写清楚,避免纠纷。",
    "退货地址写错,包裹退不回来,损失由谁承担?看平台规则,也看聊天记录。",
    "标题里放三个核心词,属性填满,类目选对,别堆砌,每周看一次数据再改。",
    "保证金退店以后三十天到账,期间有投诉会延后,发票也要补齐。",
    "拍视频不用贵设备,手机加一盏灯,先拍开箱,再拍细节,声音要清楚。",
    "小件放仓库,小心破损。京东便宜,小仓划算。",
    "店里的淘宝链接,我的淘宝账号,他的淘宝评价,你的淘宝流量,新的淘宝规则,好的淘宝主图。",
    "的淘宝,的淘宝,的淘宝。",
]


@pytest.fixture(scope="module")
def mined(stock_analyzer: Analyzer) -> dict[str, NewWord]:
    return {word.word: word for word in find_new_words(ARTICLES, stock_analyzer)}


def test_a_word_that_is_cut_to_pieces_is_mined_with_its_figures(
    mined: dict[str, NewWord],
) -> None:
    word = mined["京小仓"]
    assert (word.count, word.cut) == (10, ("京", "小仓"))
    # The weakest joint is 京|小仓: 10 times together, 11 times each, in 442 characters.
    assert word.cohesion == pytest.approx(log2(10 * 442 / (11 * 11)))
    # Before it 用 twice and eight others, after it ten: the end of a clause is another each time.
    assert word.left_entropy == pytest.approx(log2(10) - 2 / 10)
    assert word.right_entropy == pytest.approx(log2(10))
    assert word.cut_today is CutToday.BROKEN


def test_neither_parts_nor_stop_word_edges_are_mined(mined: dict[str, NewWord]) -> None:
    for gram in ("京小", "小仓", "的淘宝", "淘宝", "的京小仓", "京小仓的"):
        assert gram not in mined


def test_nothing_is_mined_across_punctuation(stock_analyzer: Analyzer) -> None:
    pairs = [f"{a}京,小仓{b}" for a, b in zip("用在进去看问选", "好快大贵多少新", strict=True)]
    assert find_new_words(["。".join(pairs)], stock_analyzer) == []


def test_what_the_lexicon_has_is_not_proposed_again(stock_analyzer: Analyzer) -> None:
    words = find_new_words(ARTICLES, stock_analyzer, known={"京小仓"})
    assert "京小仓" not in {word.word for word in words}


def test_an_empty_corpus_has_no_new_words(stock_analyzer: Analyzer) -> None:
    assert find_new_words([], stock_analyzer) == []
    assert find_new_words(["", "plus 2024"], stock_analyzer) == []


@pytest.mark.parametrize(
    ("word", "is_new"),
    [
        ("京小仓", True),
        ("稳定币", True),
        ("酱香拿铁", True),
        ("羊了个羊", True),
        ("的京小仓", False),
        ("京小仓的", False),
        ("产品或服务", False),
        ("淘宝", False),
        ("店铺", False),
    ],
)
def test_a_phrase_is_no_word(word: str, is_new: bool, stock_analyzer: Analyzer) -> None:
    cut = stock_analyzer.words(word)
    assert is_new_word(word, cut, stock_analyzer) == is_new


def test_the_best_take_turns_between_the_ways_they_are_cut() -> None:
    def word(text: str, *cut: str) -> NewWord:
        return NewWord(text, 10, 8.0, 3.0, 3.0, cut)

    words = [
        word("品牌形象", "品牌", "形象"),
        word("社交媒体", "社交", "媒体"),
        word("市场规模", "市场", "规模"),
        word("京小仓", "京", "小仓"),
        word("瑞幸", "瑞幸"),
    ]
    assert [word.word for word in best_of_each_cut(words, 4)] == [
        "京小仓",
        "瑞幸",
        "品牌形象",
        "社交媒体",
    ]
    assert best_of_each_cut([], 4) == []
