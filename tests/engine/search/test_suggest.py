"""What the search box offers for Hanzi, pinyin, initials and mixtures, on the sixty golden titles."""

from __future__ import annotations

from typing import Any

import pytest
from suggest_corpus import article, golden_articles, open_box

from engine.search.suggest import suggest

LOW_PRICE = "<em>直通车</em>低价引流计划怎么搭"
FEES = "<em>直通车</em>扣费公式与质量分的关系"


@pytest.fixture(scope="module")
def golden() -> Any:
    return open_box(golden_articles())


def offered(box: Any, typed: str, size: int = 8) -> list[str]:
    return [found.highlight for found in suggest(box, typed, size)]


@pytest.mark.parametrize(
    "typed",
    [
        *("直通车", "直通車", "zhitongche", "zhitongch", "zhitongc", "ZHITONGCHE"),
        *("ｚｈｉｔｏｎｇｃｈｅ", "zhi tong che", "ztc", "zhtch", "zhtc", "ztongc"),
        *("直tongche", "直tc", "直通c", "zhi通che"),
    ],
)
def test_one_word_is_reached_by_hanzi_pinyin_initials_and_any_mixture(
    golden: Any, typed: str
) -> None:
    assert sorted(offered(golden, typed, 2)) == sorted([LOW_PRICE, FEES])


@pytest.mark.parametrize(
    ("typed", "highlight"),
    [
        ("ztc扣费", "<em>直通车扣费</em>公式与质量分的关系"),
        ("ztc kf", "<em>直通车扣费</em>公式与质量分的关系"),
        ("kou费", "直通车<em>扣费</em>公式与质量分的关系"),
        ("taobao店pu", "<em>淘宝店铺</em>层级从第一级冲到第三级要多少成交额"),
        ("taobaodp", "<em>淘宝店铺</em>层级从第一级冲到第三级要多少成交额"),
        ("淘寶店鋪層級", "<em>淘宝店铺层级</em>从第一级冲到第三级要多少成交额"),
        ("plus", "京东<em>PLUS</em>会员价怎么设置才不亏"),
        ("pl", "京东<em>PL</em>US会员价怎么设置才不亏"),
        ("ＰＬＵＳ会yuan", "京东<em>PLUS会员</em>价怎么设置才不亏"),
        ("plushy", "京东<em>PLUS会员</em>价怎么设置才不亏"),
        ("jdplus", "<em>京东PLUS</em>会员价怎么设置才不亏"),
        ("7天", "<em>七天</em>无理由退货哪些类目可以不支持"),
        ("七天", "<em>七天</em>无理由退货哪些类目可以不支持"),
        ("qitianwuliyou", "<em>七天无理由</em>退货哪些类目可以不支持"),
        ("qtwly", "<em>七天无理由</em>退货哪些类目可以不支持"),
        ("无理由", "七天<em>无理由</em>退货哪些类目可以不支持"),
        ("由退", "七天无理<em>由退</em>货哪些类目可以不支持"),
        ("没订单淘宝", "新店三个月<em>没订单</em>,<em>淘宝</em>店铺该从哪几步自查"),
        ("haoyaozenyang", "发货超时会被罚多少,怎样申请豁免"),
        ("chongxinshenqing", "直播权限被收回后多久可以<em>重新申请</em>"),
        ("zenyangshenqinghuom", "发货超时会被罚多少,<em>怎样申请豁免</em>"),
    ],
)
def test_what_was_typed_is_marked_on_the_original_text(
    golden: Any, typed: str, highlight: str
) -> None:
    found = offered(golden, typed)
    if "<em>" in highlight:
        assert found[0] == highlight
    else:
        assert highlight not in found


@pytest.mark.parametrize("typed", ["zhongxinshenqing", "zitongche", "zhintongche", "直通扯", "ct"])
def test_near_sounds_and_homophones_are_not_offered(golden: Any, typed: str) -> None:
    assert LOW_PRICE not in offered(golden, typed)
    if typed != "ct":
        assert offered(golden, typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "　", "\t\n", "。", "，！？", "「」", "*", ".*", "(", "\\", "<", "\x00\x01\x7f"),
        *("\u202e", "\ufeff", "\ud83d", "\udc00\ud800", "😀", "\u0301", "直" * 201, "z" * 10_000),
    ],
)
def test_nothing_is_offered_for_what_says_nothing(golden: Any, typed: str) -> None:
    assert suggest(golden, typed) == ()


@pytest.mark.parametrize("typed", ["直\x00通\u200b车", "直\ud800通车", "*直通车?", "\u202e直通车"])
def test_what_cannot_be_seen_or_means_nothing_is_overlooked(golden: Any, typed: str) -> None:
    assert sorted(offered(golden, typed, 2)) == sorted([LOW_PRICE, FEES])


def test_a_single_letter_or_hanzi_offers_the_most_popular_that_begin_so() -> None:
    box = open_box(
        [
            article(1, "抖音商品卡流量", views=9_000),
            article(2, "店铺层级怎么看", views=500),
            article(3, "Dior 专柜怎么补货", views=4_000),
            article(4, "三款打包袋", views=50_000),
            article(5, "Android 手机怎么发宝贝", views=90_000),
        ]
    )
    found = [suggestion.text for suggestion in suggest(box, "d")]
    assert found == [
        "抖音商品卡流量",
        "Dior 专柜怎么补货",
        "店铺层级怎么看",
        "三款打包袋",
        "Android 手机怎么发宝贝",
    ]
    assert [suggestion.text for suggestion in suggest(box, "店")] == ["店铺层级怎么看"]
    assert [suggestion.text for suggestion in suggest(box, "包")] == ["三款打包袋"]


def test_match_quality_comes_before_popularity() -> None:
    box = open_box(
        [
            article(1, "连衣裙怎么拍", ["连衣"], views=10),
            article(2, "夏季连衣裙尺码表", views=5_000),
            article(3, "链椅安装视频", views=100_000),
            article(4, "新链椅到货", views=90_000),  # the dictionary cuts 新链椅 / 到货
            article(5, "两养攻略", views=1_000_000),
        ]
    )
    ranked = {
        "连衣": ["连衣", "连衣裙怎么拍", "夏季连衣裙尺码表"],
        "lianyi": ["连衣", "链椅安装视频", "连衣裙怎么拍", "夏季连衣裙尺码表", "新链椅到货"],
        "连yi": ["连衣", "连衣裙怎么拍", "夏季连衣裙尺码表"],
        "连y": ["连衣", "连衣裙怎么拍", "夏季连衣裙尺码表"],
        "ly": [
            "连衣",
            "两养攻略",
            "链椅安装视频",
            "连衣裙怎么拍",
            "夏季连衣裙尺码表",
            "新链椅到货",
        ],
    }
    for typed, expected in ranked.items():
        assert [found.text for found in suggest(box, typed)] == expected, typed


def test_written_comes_before_spelled_and_spelled_before_initials() -> None:
    box = open_box(
        [
            article(1, "第一次做an比较", views=1),
            article(2, "安全提示", views=100),
            article(3, "爱你哦", views=10_000),
            article(4, "Canva 做图", views=100_000),
        ]
    )
    found = [suggestion.highlight for suggestion in suggest(box, "an")]
    assert found == [
        "第一次做<em>an</em>比较",
        "<em>安</em>全提示",
        "<em>爱你</em>哦",
        "C<em>an</em>va 做图",
    ]


def test_a_tag_goes_before_a_title_and_a_title_before_a_query_of_equal_text() -> None:
    box = open_box(
        [article(7, "直通车", ["直通車"], views=9), article(8, "万相台", views=3)],
        queries=[("万相台", 50), ("引力魔方", 7), ("引 力魔方", 3), ("，", 9)],
    )
    for typed, text, kind, article_id in [
        ("ztc", "直通車", "tag", None),
        ("wxt", "万相台", "title", "8"),
        ("ylmf", "引力魔方", "query", None),
    ]:
        (found,) = suggest(box, typed)
        assert (found.text, found.kind, found.article_id) == (text, kind, article_id)


def test_a_reading_that_the_word_leaves_open_is_offered_after_the_usual_one() -> None:
    box = open_box([article(1, "长尾词怎么选"), article(2, "银行流水"), article(3, "重复购买率")])
    assert offered(box, "changwei") == ["<em>长尾</em>词怎么选"]
    assert offered(box, "zhangwei") == ["<em>长尾</em>词怎么选"]
    assert offered(box, "yinhang") == ["<em>银行</em>流水"]
    assert offered(box, "yinxing") == []
    assert offered(box, "chongfu") == ["<em>重复</em>购买率"]
    assert offered(box, "gml") == ["重复<em>购买率</em>"]


@pytest.mark.parametrize("typed", ["nüzhuang", "nvzhuang", "nvz", "celüe", "celue", "celve", "女z"])
def test_u_with_two_dots_may_be_typed_as_u_or_v(typed: str) -> None:
    box = open_box([article(1, "女装策略")])
    assert len(suggest(box, typed)) == 1


def test_numbers_are_found_as_others_write_them_after_those_as_typed() -> None:
    box = open_box(
        [
            article(1, "双11备货清单", views=9),
            article(2, "双十一复盘", views=900),
            article(3, "双12"),
        ]
    )
    assert offered(box, "双11") == ["<em>双11</em>备货清单", "<em>双十一</em>复盘"]
    assert offered(box, "双十一") == ["<em>双十一</em>复盘", "<em>双11</em>备货清单"]
    assert offered(box, "双十一", 1) == ["<em>双十一</em>复盘"]
    assert offered(box, "shuangshiyi") == ["<em>双十一</em>复盘"]


def test_size_is_the_most_that_is_offered(golden: Any) -> None:
    assert [len(suggest(golden, "d", size)) for size in (-1, 0, 1, 3, 40)] == [0, 0, 1, 3, 40]


def test_an_index_without_completions_offers_nothing() -> None:
    assert suggest(open_box([]), "直通车") == ()
