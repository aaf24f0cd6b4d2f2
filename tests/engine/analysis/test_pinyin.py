"""Readings of Han characters, and what letters spell."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.pinyin import PINYIN_NAME, PinyinTable, open_pinyin
from engine.errors import ArtifactDamagedError
from index_builder.lexicon.pinyin_compiler import compile_pinyin


@pytest.fixture(scope="module")
def pinyin(tmp_path_factory: pytest.TempPathFactory) -> PinyinTable:
    directory = tmp_path_factory.mktemp("pinyin")
    compile_pinyin(directory)
    return open_pinyin(directory)


@pytest.mark.parametrize(
    ("character", "readings"),
    [
        ("淘", ("tao",)),
        ("宝", ("bao",)),
        ("女", ("nv", "ru")),
        ("绿", ("lv", "lu")),
        ("略", ("lue",)),
        ("虐", ("nue",)),
        ("重", ("zhong", "chong", "tong")),
        ("长", ("zhang", "chang")),
        ("行", ("xing", "hang", "heng")),
        ("都", ("dou", "du")),
        ("了", ("le", "liao")),
        ("嗯", ("en",)),
        ("貓", ("mao",)),
        ("a", ()),
        ("7", ()),
        ("の", ()),
        ("😀", ()),
        ("", ()),
    ],
)
def test_readings_come_without_tones_and_most_common_first(
    pinyin: PinyinTable, character: str, readings: tuple[str, ...]
) -> None:
    found = pinyin.readings(character)
    assert found[: len(readings)] == readings
    assert bool(found) == bool(readings)


@pytest.mark.parametrize(
    ("letters", "ways"),
    [
        ("zhitongche", (("zhi", "tong", "che"),)),
        ("tao", (("tao",), ("ta", "o"))),
        ("xian", (("xian",), ("xi", "an"))),
        ("fangan", (("fang", "an"), ("fan", "gan"))),
        ("lvyou", (("lv", "you"),)),
        ("plus", ()),
        ("zhitongc", ()),
        ("", ()),
    ],
)
def test_letters_are_split_in_every_way_that_leaves_nothing_over(
    pinyin: PinyinTable, letters: str, ways: tuple[tuple[str, ...], ...]
) -> None:
    assert pinyin.splits(letters) == ways


def test_the_last_syllable_may_be_begun_only_when_that_is_asked_for(pinyin: PinyinTable) -> None:
    assert pinyin.splits("zhitongc", unfinished=True) == (("zhi", "tong", "c"),)
    assert pinyin.splits("z", unfinished=True) == (("z",),)
    assert pinyin.splits("v", unfinished=True) == ()


def test_at_most_so_many_ways_are_told(pinyin: PinyinTable) -> None:
    assert len(pinyin.splits("xianxianxianxian", most=5)) == 5


@given(st.lists(st.sampled_from(["zhi", "tong", "che", "xi", "an", "lue", "nv", "e"]), min_size=1))
def test_every_way_joins_to_what_was_typed(pinyin: PinyinTable, syllables: list[str]) -> None:
    letters = "".join(syllables)
    ways = pinyin.splits(letters)
    assert ways
    for way in ways:
        assert "".join(way) == letters
        assert set(way) <= pinyin.syllables


def test_letters_that_go_wrong_at_the_very_end_are_refused_at_once(pinyin: PinyinTable) -> None:
    start = time.process_time()
    assert pinyin.splits("xian" * 500 + "vvv") == ()
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{}", b'{"first": 1, "more": {}}', b"\xff"])
def test_a_damaged_table_is_told_from_an_unknown_character(
    tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / PINYIN_NAME).write_bytes(content)
    with pytest.raises(ArtifactDamagedError, match="rebuild the index"):
        open_pinyin(tmp_path)


def test_the_same_table_is_written_every_time(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert compile_pinyin(tmp_path / "a") == compile_pinyin(tmp_path / "b") > 20_000
    written = [(tmp_path / side / PINYIN_NAME).read_bytes() for side in "ab"]
    assert written[0] == written[1]
    assert len(written[0]) < 200_000
