"""Which window of a text is shown."""

from __future__ import annotations

import html
import re

import pytest
from highlight_oracle import PIECES, TERMS, TEXTS, Marked, mark_spans, normalizer, unescaped
from hypothesis import example, given
from hypothesis import strategies as st

from engine.search.excerpt import EXCERPT_LENGTH, choose_window
from engine.search.graphemes import is_boundary
from engine.search.highlight import Highlighter
from engine.search.occurrences import find_occurrences

HIGHLIGHTER = Highlighter(normalizer())

FILLER = "卖家在后台看到的流量分成很多种，"
LONG = "店铺流量的来源决定了转化的高低。" * 20


def test_the_whole_of_a_short_text_is_shown_without_ellipses() -> None:
    assert HIGHLIGHTER.excerpt("新店沒訂單？先看直通車。", {"直通车": 1.0}) == (
        "新店沒訂單？先看<em>直通車</em>。"
    )


def test_where_no_term_occurs_the_opening_is_shown() -> None:
    assert HIGHLIGHTER.excerpt(LONG, {"淘宝": 1.0}) == LONG[:EXCERPT_LENGTH] + "…"
    assert HIGHLIGHTER.excerpt(LONG, {}) == LONG[:EXCERPT_LENGTH] + "…"
    assert HIGHLIGHTER.excerpt(" \n" * 500 + "开头。\n", {}) == "开头。"
    assert HIGHLIGHTER.excerpt("", {"淘宝": 1.0}) == ""


def test_the_window_is_the_best_one_and_not_the_first() -> None:
    text = f"淘宝开店。{LONG}淘宝直通车怎么优化？{LONG}"
    excerpt = HIGHLIGHTER.excerpt(text, {"淘宝": 1.0, "直通车": 1.0, "优化": 1.0})
    assert excerpt.startswith("…<em>淘宝直通车</em>怎么<em>优化</em>？店铺流量")
    assert excerpt.endswith("…")


def test_a_heavy_term_outweighs_light_ones() -> None:
    text = f"淘宝店铺开店。{LONG}保證金怎麼退？{LONG}"
    excerpt = HIGHLIGHTER.excerpt(text, {"淘宝": 0.4, "开店": 0.4, "保证金": 5.0})
    assert excerpt.startswith("…<em>保證金</em>怎麼退？")


def test_terms_close_together_are_preferred() -> None:
    text = f"{LONG}淘宝{FILLER * 3}保证金。{LONG}淘宝保证金。{LONG}"
    excerpt = HIGHLIGHTER.excerpt(text, {"淘宝": 1.0, "保证金": 1.0})
    assert "<em>淘宝保证金</em>。" in excerpt


def test_among_equals_a_sentence_start_is_preferred() -> None:
    text = f"{FILLER * 12}淘宝{FILLER * 12}。淘宝开店{FILLER * 12}"
    assert HIGHLIGHTER.excerpt(text, {"淘宝": 1.0}).startswith("…<em>淘宝</em>开店")


def test_without_a_sentence_start_within_reach_the_window_begins_with_a_clause() -> None:
    text = f"{FILLER * 12}所以在淘宝{FILLER * 12}"
    excerpt = HIGHLIGHTER.excerpt(text, {"淘宝": 1.0})
    assert excerpt.startswith(f"…{FILLER}所以在<em>淘宝</em>{FILLER}")


def test_near_the_end_what_comes_before_fills_the_window() -> None:
    excerpt = HIGHLIGHTER.excerpt(f"{LONG}最后看淘宝。", {"淘宝": 1.0})
    assert excerpt.endswith("高低。最后看<em>淘宝</em>。")
    assert 80 < len(excerpt) < 130


def test_an_excerpt_is_one_line_of_escaped_text() -> None:
    text = '<b>淘寶</b>\r\n\r\n\u3000\u3000開店 \t& "賣"\'\n'
    assert HIGHLIGHTER.excerpt(text, {"淘宝": 1.0}) == (
        "&lt;b&gt;<em>淘寶</em>&lt;/b&gt; 開店 &amp; &quot;賣&quot;&#x27;"
    )


def test_latin_words_are_not_cut() -> None:
    words = "merchandise " * 60
    excerpt = HIGHLIGHTER.excerpt(words + "淘宝 " + words, {"淘宝": 1.0})
    assert set(re.findall(r"[a-z]+", excerpt)) == {"merchandise", "em"}


@pytest.mark.parametrize(
    "cluster", ["👨‍👩‍👧‍👦", "🇨🇳", "e\u0301\u0323", "葛\U000e0100", "👍🏽", "\ud83d\ude00"]
)
@pytest.mark.parametrize("shift", range(8))
def test_no_edge_cuts_a_character(cluster: str, shift: int) -> None:
    side = cluster * 100
    text = side + "贝" * shift + "宝" + side
    occurrences = find_occurrences(normalizer(), text, ["宝"])
    start, end = choose_window(text, occurrences, [1.0])
    assert start % len(cluster) == 0
    assert (end - len(side) - shift - 1) % len(cluster) == 0
    assert start <= len(side) + shift < end <= start + EXCERPT_LENGTH


def test_a_long_text_is_looked_through_to_its_end() -> None:
    text = "淘宝卖家。" * 30_000 + "直通车和淘宝保证金。" + "淘宝" * 30_000
    excerpt = HIGHLIGHTER.excerpt(text, {"淘宝": 0.1, "直通车": 3.0, "保证金": 3.0})
    assert excerpt.startswith("…<em>直通车</em>和<em>淘宝保证金</em>。<em>淘宝淘宝")


BODIES = st.one_of(
    st.lists(st.sampled_from([*PIECES, FILLER, "后文。" * 15]), max_size=25).map("".join),
    TEXTS,
)


@given(BODIES, TERMS)
@example("\u0301" * 300 + "宝", ["宝"])
@example("…" * 300, ["宝"])
def test_an_excerpt_is_a_marked_part_of_the_text(text: str, terms: list[str]) -> None:
    weights = {term: 1.0 + len(term) for term in terms}
    excerpt = HIGHLIGHTER.excerpt(text, weights)
    Marked(excerpt)
    occurrences = find_occurrences(normalizer(), text, terms)
    start, end = choose_window(text, occurrences, list(weights.values()))
    assert is_boundary(text, start)
    assert is_boundary(text, end)
    assert end - start <= EXCERPT_LENGTH
    shown = re.sub(r"\s+", " ", html.escape(text[start:end]))
    left = "…" if text[:start].strip() else ""
    right = "…" if text[end:].strip() else ""
    assert excerpt.replace("<em>", "").replace("</em>", "") == left + shown + right


@given(BODIES, TERMS)
def test_the_marks_are_the_whole_occurrences_in_the_window(text: str, terms: list[str]) -> None:
    excerpt = HIGHLIGHTER.excerpt(text, dict.fromkeys(terms, 1.0))
    plain = unescaped(re.sub("</?em>", "", excerpt))
    occurrences = find_occurrences(normalizer(), text, terms)
    start, end = choose_window(text, occurrences, [1.0] * len(terms))
    left = 1 if text[:start].strip() else 0
    marked = {place for first, last in mark_spans(excerpt) for place in range(first, last)}
    expected = {
        left + len(re.sub(r"\s+", " ", text[start:place]))
        for first, last, _ in occurrences
        if start <= first and last <= end
        for place in range(first, last)
    }
    assert marked == expected
    assert marked <= set(range(len(plain)))


@given(
    BODIES, st.dictionaries(st.sampled_from(["淘宝", "优化", "plus", "a", "宝"]), st.floats(0.1, 9))
)
def test_no_window_shows_much_more_of_the_query(text: str, weights: dict[str, float]) -> None:
    occurrences = find_occurrences(normalizer(), text, list(weights))
    values = list(weights.values())
    start, end = choose_window(text, occurrences, values)

    def worth(first: int, last: int) -> float:
        return sum(
            {term: values[term] for a, b, term in occurrences if first <= a and b <= last}.values()
        )

    best = max((worth(first, first + EXCERPT_LENGTH) for first, _, _ in occurrences), default=0.0)
    assert worth(start, end) >= best / (1.2 * 1.1) - 1e-6
