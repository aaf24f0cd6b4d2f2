"""Markup goes, text stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cleaning import clean_text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<p>淘宝盗图投诉</p><p>可以撤销吗</p>", "淘宝盗图投诉\n可以撤销吗"),
        ("第一步<br/>取证<br>第二步", "第一步\n取证\n第二步"),
        ("<strong>温馨</strong>提醒", "温馨提醒"),
        ("实拍&nbsp;保护 &amp; 投诉", "实拍 保护 & 投诉"),
        ('<img src="a.jpg" onerror="alert(1)">主图', "主图"),
        ("正文<script>var 价格 = 1;</script>结尾", "正文结尾"),
        ("  两头  空白 \n\n\n 折叠 ", "两头 空白\n折叠"),
        ("如果 a < b 且 c > d", "如果 a < b 且 c > d"),
        ("返回 List<String> 类型", "返回 List<String> 类型"),
        ("AT&T 与 R&D", "AT&T 与 R&D"),
    ],
)
def test_a_reader_sees_this(raw: str, expected: str) -> None:
    assert clean_text(raw) == expected


@given(st.text(alphabet=st.characters(exclude_characters="<&", exclude_categories=["Cs"])))
def test_text_without_markup_loses_only_white_space(text: str) -> None:
    assert "".join(clean_text(text).split()) == "".join(text.split())


@given(st.text(alphabet="<>/pbr&;淘宝 \n", max_size=60))
def test_any_soup_is_cleaned_without_an_error(soup: str) -> None:
    assert "<p>" not in clean_text(soup)
