"""Where may a text be cut."""

from __future__ import annotations

import unicodedata

import pytest
from highlight_oracle import PIECES
from hypothesis import given
from hypothesis import strategies as st

from engine.search.graphemes import boundary_after, boundary_before, is_boundary

regex = pytest.importorskip("regex", reason="regex, with its own grapheme clusters, is not here")


@pytest.mark.parametrize(
    "cluster",
    [
        "e\u0301",
        "葛\U000e0100",
        "👍🏽",
        "👨‍👩‍👧‍👦",
        "🏳️‍🌈",
        "🇨🇳",
        "1️⃣",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\ud83d\ude00",
        "\r\n",
        "\u1100\u1161\u11a8",
        "가\u11a8",
        "का",
        "กำ",
        "ｶﾞ",
    ],
)
def test_what_a_reader_sees_as_one_is_never_cut(cluster: str) -> None:
    text = f"宝{cluster}贝"
    cuts = [index for index in range(len(text) + 1) if is_boundary(text, index)]
    assert cuts == [0, 1, len(text) - 1, len(text)]


def test_flags_are_cut_between_and_not_within() -> None:
    text = "🇨🇳🇭🇰🇹🇼"
    assert [index for index in range(7) if is_boundary(text, index)] == [0, 2, 4, 6]


@given(st.lists(st.sampled_from(PIECES), max_size=15).map("".join))
def test_every_cut_is_between_the_clusters_of_unicode(text: str) -> None:
    _compare(text)


@given(st.text(max_size=30))
def test_every_cut_of_any_text_is_between_the_clusters_of_unicode(text: str) -> None:
    # Two rules need tables that Python has not: Indic conjuncts, and signs written before digits.
    if not any(unicodedata.category(character) in {"Cf", "Cn", "Lo"} for character in text):
        _compare(text)


def _compare(text: str) -> None:
    between = {0}
    for cluster in regex.findall(r"\X", text, regex.DOTALL):
        between.add(max(between) + len(cluster))
    assert {index for index in range(len(text) + 1) if is_boundary(text, index)} <= between


def test_the_nearest_cuts_stay_between_their_bounds() -> None:
    text = "a" + "\u0301" * 1000 + "b"
    assert boundary_before(text, 500, 0) == 0
    assert boundary_before(text, 500, 400) == 400
    assert boundary_after(text, 500, 600) == 600
    assert boundary_after(text, 500, 5000) == 1001
