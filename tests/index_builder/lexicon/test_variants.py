from __future__ import annotations

import unicodedata
from itertools import chain

from pypinyin import Style, pinyin

from index_builder.lexicon.variants import RADICALS, VARIANT_GROUPS

READ_OTHERWISE = {"券劵"}
"""A misspelling, and not a way to write the same syllable."""


def readings(character: str) -> set[str]:
    return set(chain.from_iterable(pinyin(character, style=Style.NORMAL, heteronym=True)))


def test_the_characters_of_a_group_can_be_read_alike() -> None:
    different = {group for group in VARIANT_GROUPS if not set.intersection(*map(readings, group))}
    assert different == READ_OTHERWISE


def test_no_character_is_in_two_groups() -> None:
    characters = "".join(VARIANT_GROUPS)
    assert sorted(characters) == sorted(set(characters))


def test_characters_that_other_words_need_stay_apart() -> None:
    grouped = set("".join(VARIANT_GROUPS))
    assert grouped.isdisjoint("着著画划炼沈沉像象做作份分他她")


def test_radicals_are_those_that_composition_leaves_alone() -> None:
    assert all(unicodedata.name(radical).startswith("CJK RADICAL") for radical in RADICALS)
    assert all(unicodedata.normalize("NFKC", radical) == radical for radical in RADICALS)
    assert all("\u4e00" <= character <= "\u9fd5" for character in RADICALS.values())
