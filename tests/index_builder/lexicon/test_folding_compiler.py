from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from index_builder.lexicon.folding_compiler import (
    compile_folding,
    traditional_to_simplified,
    write_folding,
)
from index_builder.lexicon.variants import RADICALS, VARIANT_GROUPS


@pytest.fixture(scope="module")
def table() -> dict[str, str]:
    return compile_folding(traditional_to_simplified(), VARIANT_GROUPS, RADICALS)


@pytest.mark.parametrize(
    ("forms", "folded"),
    [
        ("帳賬帐", "账"),
        ("臺檯颱枱", "台"),
        ("爲為", "为"),
        ("裏裡", "里"),
        ("後", "后"),
        ("乾幹", "干"),
        ("鐘鍾锺", "钟"),
        ("舖鋪", "铺"),
        ("餘馀", "余"),
        ("薴苧", "苎"),
        ("麵麪麺", "面"),
        ("⻚", "页"),
    ],
)
def test_all_forms_of_a_character_fold_to_one(
    table: dict[str, str], forms: str, folded: str
) -> None:
    assert {form: table.get(form) for form in forms} == dict.fromkeys(forms, folded)
    assert folded not in table


def test_no_target_is_folded_again(table: dict[str, str]) -> None:
    assert set(table).isdisjoint(table.values())


def test_sources_and_targets_are_single_composed_characters(table: dict[str, str]) -> None:
    for character in (*table, *table.values()):
        assert len(character) == 1
        assert unicodedata.normalize("NFKC", character).casefold() == character


def test_no_common_character_folds_to_one_that_jieba_cannot_join(table: dict[str, str]) -> None:
    lost = {
        source: target
        for source, target in table.items()
        if "\u4e00" <= source <= "\u9fd5" and not "\u4e00" <= target <= "\u9fd5"
    }
    assert lost == {}


def test_a_simplified_form_beyond_common_characters_folds_back_to_the_traditional() -> None:
    assert compile_folding({"俓": "𠇹", "國": "国"}, (), {}) == {"𠇹": "俓", "國": "国"}


def test_a_group_outranks_the_table_and_extends_it() -> None:
    assert compile_folding({"帳": "帐", "鍊": "炼"}, ("账帐", "链鍊"), {}) == {
        "帐": "账",
        "帳": "账",
        "鍊": "链",
    }


def test_characters_that_go_round_in_a_circle_end() -> None:
    assert compile_folding({"甲": "乙", "乙": "甲"}, (), {}) in (
        {"甲": "乙"},
        {"乙": "甲"},
        {"甲": "乙", "乙": "甲"},
    )


def test_the_file_is_two_parallel_strings_and_always_the_same(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        write_folding(folder)
    first, second = ((folder / "lexicon.folding.json").read_bytes() for folder in folders)
    assert first == second
    content = json.loads(first)
    assert sorted(content) == ["from", "to"]
    assert len(content["from"]) == len(content["to"])
    assert len(first) < 40_000
