"""Which characters does a mark cover."""

from __future__ import annotations

import html
from itertools import pairwise

import pytest
from highlight_oracle import TERMS, TEXTS, Marked, is_latin, mark_spans, normalizer
from hypothesis import example, given

from engine.search.graphemes import is_boundary
from engine.search.highlight import Highlighter

HIGHLIGHTER = Highlighter(normalizer())


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("淘寶直通車怎麼開", ["直通车"], "淘寶<em>直通車</em>怎麼開"),
        ("直通车优化技巧", ["直通车", "优化"], "<em>直通车优化</em>技巧"),
        ("直通车优化", ["直通车", "通车", "车优"], "<em>直通车优</em>化"),
        ("京东ＰＬＵＳ会员与Plus Day", ["plus"], "京东<em>ＰＬＵＳ</em>会员与<em>Plus</em> Day"),
        ("7天无理由和七天无理由", ["7天", "七天"], "<em>7天</em>无理由和<em>七天</em>无理由"),
        ("７天無理由", ["7天", "七天"], "<em>７天</em>無理由"),
        ("帐号或賬號、帳號", ["账号"], "<em>帐号</em>或<em>賬號</em>、<em>帳號</em>"),
        ("爆款🔥宝贝👨‍👩‍👧来了", ["宝贝"], "爆款🔥<em>宝贝</em>👨‍👩‍👧来了"),
        ("宝宝宝", ["宝宝"], "<em>宝宝宝</em>"),
        ("没有", ["淘宝"], "没有"),
        ("没有", [], "没有"),
        ("没有", [""], "没有"),
        ("", ["淘宝"], ""),
    ],
)
def test_a_mark_covers_the_original_characters(text: str, terms: list[str], expected: str) -> None:
    assert HIGHLIGHTER.title(text, terms) == expected


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("surplus plus", ["plus"], "surplus <em>plus</em>"),
        ("iPhone7 iPhone 7手机", ["iphone", "7"], "iPhone7 <em>iPhone</em> <em>7</em>手机"),
        ("17天和7天", ["7天"], "17天和<em>7天</em>"),
        ("abc店和C店", ["c店"], "abc店和<em>C店</em>"),
        ("淘宝C店c端", ["c"], "淘宝<em>C</em>店<em>c</em>端"),
        ("学C++和C#", ["c++"], "学<em>C++</em>和C#"),
        ("ａｐｐ推广appstore", ["app"], "<em>ａｐｐ</em>推广appstore"),
    ],
)
def test_latin_and_digits_match_as_whole_words(text: str, terms: list[str], expected: str) -> None:
    assert HIGHLIGHTER.title(text, terms) == expected


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("淘\u200b宝店", ["淘宝"], "<em>淘\u200b宝</em>店"),
        ("淘宝\u200b店", ["淘宝"], "<em>淘宝</em>\u200b店"),
        ("葛\U000e0100城", ["葛"], "<em>葛\U000e0100</em>城"),
        ("宝\u0301贝", ["宝"], "宝\u0301贝"),
        ("cafe\u0301 café", ["café", "cafe"], "<em>cafe\u0301</em> <em>café</em>"),
        ("50㎡的店", ["m2", "2", "m"], "50㎡的店"),
        ("5 ㎡", ["m2"], "5 <em>㎡</em>"),
        ("①淘宝⑩淘宝", ["1", "淘宝", "10"], "<em>①淘宝⑩淘宝</em>"),
        ("等等…", ["."], "等等…"),
        ("等等…", ["..."], "等等<em>…</em>"),
        ("👍🏽👍", ["👍"], "👍🏽<em>👍</em>"),
        ("1️⃣ 1", ["1"], "1️⃣ <em>1</em>"),
    ],
)
def test_no_mark_covers_part_of_a_character(text: str, terms: list[str], expected: str) -> None:
    assert HIGHLIGHTER.title(text, terms) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<script>alert(1)</script>宝", "&lt;script&gt;alert(1)&lt;/script&gt;<em>宝</em>"),
        ("宝&amp;宝", "<em>宝</em>&amp;amp;<em>宝</em>"),
        ("\"宝'", "&quot;<em>宝</em>&#x27;"),
        ("</em>宝<em>", "&lt;/em&gt;<em>宝</em>&lt;em&gt;"),
        ("\ud83d宝\ude00", "\ud83d<em>宝</em>\ude00"),
        ("\u202e宝\u2066", "\u202e<em>宝</em>\u2066"),
    ],
)
def test_text_never_becomes_markup(text: str, expected: str) -> None:
    assert HIGHLIGHTER.title(text, ["宝"]) == expected


def test_a_term_that_is_the_name_of_an_entity_stays_inside_it() -> None:
    assert HIGHLIGHTER.title("a & amp <b>", ["amp", "b", "lt"]) == (
        "a &amp; <em>amp</em> &lt;<em>b</em>&gt;"
    )


@given(TEXTS, TERMS)
@example("淘\u200b宝\ufe0f", ["淘宝"])
@example("㎡2", ["2"])
def test_without_its_marks_the_result_is_the_escaped_original(text: str, terms: list[str]) -> None:
    marked = HIGHLIGHTER.title(text, terms)
    assert marked.replace("<em>", "").replace("</em>", "") == html.escape(text)


@given(TEXTS, TERMS)
@example("50㎡", ["m2"])
@example("葛\U000e0100", ["葛"])
@example("a\u0301a", ["a"])
@example("2\u200d2", ["2"])
@example("直通車\u200d\0\u0301", ["直通车"])
def test_the_marks_are_what_trying_all_substrings_finds(text: str, terms: list[str]) -> None:
    covered = set()
    for start in range(len(text)):
        for end in range(start + 1, min(len(text), start + 24) + 1):
            if _is_occurrence(text, start, end, terms):
                covered.update(range(start, end))
    marked = mark_spans(HIGHLIGHTER.title(text, terms))
    assert {place for start, end in marked for place in range(start, end)} == covered
    assert all(second[0] > first[1] for first, second in pairwise(marked))


def _is_occurrence(text: str, start: int, end: int, terms: list[str]) -> bool:
    folded = normalizer().normalize(text[start:end])
    return (
        folded in terms
        and is_boundary(text, start)
        and is_boundary(text, end)
        # As few invisible characters as can be: none in front, and behind only what clings.
        and normalizer().normalize(text[start + 1 : end]) != folded
        and not any(
            normalizer().normalize(text[start:shorter]) == folded and is_boundary(text, shorter)
            for shorter in range(start + 1, end)
        )
        and not _touches_latin(text, start, end, folded)
    )


def _touches_latin(text: str, start: int, end: int, folded: str) -> bool:
    before = normalizer().normalize(text[:start])[-1:]
    after = normalizer().normalize(text[end:])[:1]
    return (is_latin(folded[0]) and is_latin(before)) or (is_latin(folded[-1]) and is_latin(after))


@given(TEXTS, TERMS)
def test_a_real_parser_sees_plain_unnested_marks_and_nothing_else(
    text: str, terms: list[str]
) -> None:
    Marked(HIGHLIGHTER.title(text, terms))
