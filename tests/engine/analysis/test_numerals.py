from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.numerals import numeral_variants


@pytest.mark.parametrize(
    ("term", "variants"),
    [
        ("七天", ("7天",)),
        ("7天", ("七天",)),
        ("七天无理由", ("7天无理由",)),
        ("三级", ("3级",)),
        ("十二", ("12",)),
        ("12", ("十二",)),
        ("双十一", ("双11",)),
        ("双11", ("双十一",)),
        ("第3轮7折", ("第三轮七折",)),
        ("二十五岁", ("25岁",)),
        ("十分钟", ("10分钟",)),
        ("一百零五", ("105",)),
        ("三万元", ("3万元",)),
        ("100亿", ("一百亿",)),
        ("二零二四年", ("2024年",)),
        ("六一八", ("618",)),
        ("618", ("六一八", "六百一十八")),
        ("1号店", ("一号店",)),
        ("2天", ("两天", "二天")),
        ("两天", ("2天",)),
    ],
)
def test_numbers_are_also_found_as_others_write_them(term: str, variants: tuple[str, ...]) -> None:
    assert numeral_variants(term) == variants


@pytest.mark.parametrize(
    "term",
    [
        *("百亿", "千万", "统一", "百度", "三星", "十分", "一点", "零食", "万一", "张三", "二手"),
        *(
            "三明治",
            "七八天",
            "一二线",
            "一百二",
            "三千五",
            "4s店",
            "1512g",
            "3.5折",
            "v2",
            "12345",
        ),
        *("", "天"),
    ],
)
def test_what_is_no_count_or_only_a_rough_one_stays(term: str) -> None:
    assert numeral_variants(term) == ()


@given(st.integers(1, 9999), st.sampled_from(["天", "件", "元", "级"]))
def test_every_count_is_among_the_variants_of_its_variants(count: int, measure: str) -> None:
    term = f"{count}{measure}"
    assert all(term in numeral_variants(variant) for variant in numeral_variants(term))


@given(st.text("零一二三四五六七八九十百千万亿两0123456789天双第年a.", max_size=12))
def test_variants_are_distinct_and_differ_from_the_term(term: str) -> None:
    variants = numeral_variants(term)
    assert term not in variants
    assert len(set(variants)) == len(variants)
