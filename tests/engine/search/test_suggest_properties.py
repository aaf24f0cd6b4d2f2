"""The search box against a slow, obvious matcher, and its marks on hostile titles."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from suggest_corpus import article, golden_articles, open_box, real_analyzer, without_marks

from engine.index.spelled_text import SpelledText, spell
from engine.index.suggestions import LITERAL, Edge, suggestion_key
from engine.search import suggest_places
from engine.search.graphemes import is_boundary
from engine.search.suggest import suggest
from engine.search.suggest_matches import best_matches
from engine.search.suggest_places import Standing
from engine.search.suggest_readings import Evidence
from index_builder.lexicon.reading_evidence import reading_evidence
from index_builder.pronunciation import Pronunciation

NASTY = [
    "西安先知:方案与反感",
    "长长长长的重复重复",
    "哪那娜拿纳呐 nanana 那",
    "AI产品 A/B 测试 C++ 与 c#",
    "2023年7天 618 双11",
    "Ｐlus㎏ ﬁne é e\u0301 한국 の日本",
    "<em>&amp;</em> \"quoted\" 'x'",
    "阿姨啊啊啊 o o 鹅 e",
    "一一一一一二三",
    "嗯嗯 略略略 女女",
]


@dataclass(frozen=True)
class Expected:
    """What the slow matcher says of one completion."""

    rank: tuple[bool, bool, int, int]
    entry: int


@cache
def box() -> Any:
    return open_box([*golden_articles(), *(article(100 + n, text) for n, text in enumerate(NASTY))])


@cache
def spelled() -> list[SpelledText]:
    pronunciation = Pronunciation(reading_evidence())
    table = box().suggestions
    return [spell(table.entry(n).text, real_analyzer(), pronunciation) for n in range(len(table))]


@pytest.fixture(scope="module", autouse=True)
def _built_before_anything_is_timed() -> None:
    spelled()


def parses(typed: str, key: str, sounds: list[str]) -> Iterator[tuple[int, int]]:
    """Yield evidence and number of characters for each way in which `typed` stands for the key."""
    if not typed:
        yield Evidence.WRITTEN, 0
        return
    if not key:
        return
    taken: list[tuple[int, str]] = []
    if typed[0] == key[0]:
        taken.append((Evidence.WRITTEN, typed[1:]))
    sound = sounds[0]
    if not sound.startswith(LITERAL):
        if typed.startswith(sound):
            taken.append((Evidence.SPELLED, typed[len(sound) :]))
        if sound.startswith(typed):
            taken.append((Evidence.SPELLED, ""))
        initials = {sound[0], sound[:2]} if sound[:2] in {"zh", "ch", "sh"} else {sound[0]}
        taken += [(Evidence.INITIALS, typed[len(i) :]) for i in initials if typed.startswith(i)]
    for evidence, rest in taken:
        for weakest, length in parses(rest, key[1:], sounds[1:]):
            yield max(evidence, weakest), length + 1


def best_rank(typed: str, text: SpelledText, *, second: bool) -> tuple[bool, bool, int, int] | None:
    sounds = text.sounds
    if second:
        sounds = [other or sound for sound, other in zip(sounds, text.otherwise, strict=True)]
    single = len(typed) == 1 and "a" <= typed <= "z"
    ranks = []
    for start in range(len(text.key)):
        for found, length in parses(typed, text.key[start:], sounds[start:]):
            end = start + length
            begun = end < len(text.key) and text.edges[end] == Edge.INSIDE_LATIN
            evidence = max(found, Evidence.SPELLED) if begun or single else found
            standing = int(text.edges[start])
            if standing == Edge.TEXT and end == len(text.key):
                standing = Standing.WHOLE
            inside = standing == Edge.INSIDE_LATIN
            ranks.append((second, inside, 0 if inside else evidence, 0 if inside else standing))
    return min(ranks, default=None)


def expected(typed: str) -> list[int]:
    found = []
    for entry, text in enumerate(spelled()):
        readings = [False, True] if any(text.otherwise) else [False]
        ranks = [r for second in readings if (r := best_rank(typed, text, second=second))]
        if ranks:
            found.append((min(ranks), entry))
    return [entry for _, entry in sorted(found)]


@st.composite
def typed_texts(draw: st.DrawFn) -> str:
    """Draw what somebody might type who has one of the titles in mind."""
    text = draw(st.sampled_from(spelled()))
    start = draw(st.integers(0, len(text.key) - 1))
    end = draw(st.integers(start + 1, min(len(text.key), start + 6)))
    typed = ""
    for character, sound in zip(text.key[start:end], text.sounds[start:end], strict=True):
        ways = [character]
        if not sound.startswith(LITERAL):
            ways += [sound, sound[0], sound[:2] if sound[1:2] == "h" else sound]
        typed += draw(st.sampled_from(ways))
    return typed[: draw(st.integers(1, len(typed)))]


@settings(deadline=None)
@given(typed_texts())
@example("xian")
@example("fangan")
@example("nananana")
@example("chang")
@example("zhong")
@example("e")
@example("a")
@example("1")
@example("11")
def test_the_answer_is_that_of_a_slow_and_obvious_matcher(typed: str) -> None:
    answer = expected(typed)
    for size in (1, 8, 1_000):
        assert [match.entry for match in best_matches(box().suggestions, typed, size)] == (
            answer[:size]
        )


@settings(deadline=None)
@given(typed_texts())
def test_a_crowd_is_answered_like_a_handful(typed: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suggest_places, "CROWD", 4)
        patch.setattr(suggest_places, "_ROWS_AT_ONCE", (2, 5))
        crowded = {size: best_matches(box().suggestions, typed, size) for size in (1, 2, 8)}
    for size, matches in crowded.items():
        assert matches == best_matches(box().suggestions, typed, size)


@settings(deadline=None)
@given(typed_texts())
def test_each_suggestion_matches_as_it_claims_where_it_claims(typed: str) -> None:
    for match in best_matches(box().suggestions, typed, 20):
        text = spelled()[match.entry]
        sounds = text.sounds
        if match.second_reading:
            sounds = [other or sound for sound, other in zip(sounds, text.otherwise, strict=True)]
        place = slice(match.first, match.first + match.length)
        found = [e for e, n in parses(typed, text.key[place], sounds[place]) if n == match.length]
        assert found
        if match.standing != Standing.INSIDE_LATIN:
            assert min(found) <= match.evidence


TITLES = st.text(
    st.one_of(
        st.sampled_from(
            "直通车長尾重复女装七7aAé&<>\"'/ 　,。《》ﬁ㎏Ｐ½\u0301\u200d\ufe0f\u20e3ｶﾞ한👨👩🇨🇳🏻"
        ),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=30,
)


@settings(deadline=None)
@given(st.lists(TITLES, min_size=1, max_size=4, unique=True), st.randoms(use_true_random=False))
def test_marks_leave_the_text_as_it_was_and_cut_nothing_apart(
    titles: list[str], choices: random.Random
) -> None:
    small = open_box([article(n, title) for n, title in enumerate(titles)])
    title = choices.choice(titles)
    key = suggestion_key(real_analyzer().normalize(title))
    start = choices.randrange(max(1, len(key)))
    typed = key[start : start + choices.randint(1, 5)]
    found = suggest(small, typed, 50)
    assert bool(found) == bool(key)
    for suggestion in found:
        assert suggestion.text in titles
        assert without_marks(suggestion.highlight) == suggestion.text
        assert "<em></em>" not in suggestion.highlight
        position = 0
        for piece in suggestion.highlight.replace("</em>", "<em>").split("<em>")[:-1]:
            position += len(without_marks(piece))
            assert is_boundary(suggestion.text, position)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    for suggestion in suggest(box(), typed):
        assert without_marks(suggestion.highlight) == suggestion.text
