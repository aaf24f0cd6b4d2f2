from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from engine.analysis.folding import ATTACHES, CharacterFolds, read_folding
from engine.errors import ArtifactDamagedError

EVERY_CHARACTER = [*range(0x32000), *range(0xE0000, 0xE0200)]
"""All code points that Unicode has given a meaning to, surrogates and unassigned ones included."""


@pytest.fixture(scope="module")
def folds(lexicon_folder: Path) -> CharacterFolds:
    return read_folding(lexicon_folder / "lexicon.folding.json")


def test_what_was_folded_folds_to_itself_whatever_the_character(folds: CharacterFolds) -> None:
    unstable = [
        hex(code) for code in EVERY_CHARACTER if folds.fold(once := folds.fold(chr(code))) != once
    ]
    assert unstable == []


def test_every_character_that_can_change_its_predecessor_attaches(folds: CharacterFolds) -> None:
    second_parts = {
        parts[1]
        for code in EVERY_CHARACTER
        if len(parts := unicodedata.decomposition(chr(code)).split()) == 2
        and not parts[0].startswith("<")
        and unicodedata.normalize("NFC", "".join(chr(int(p, 16)) for p in parts)) == chr(code)
    }
    assert len(second_parts) > 50
    assert [part for part in second_parts if folds[int(part, 16)] != ATTACHES] == []


def test_the_cache_of_folds_is_bounded(lexicon_folder: Path) -> None:
    folds = read_folding(lexicon_folder / "lexicon.folding.json")
    assert "".join(map(chr, range(0x20000, 0x30000))).translate(folds)
    assert len(folds) <= 1 << 15


def test_no_character_folds_to_one_that_encoders_refuse(folds: CharacterFolds) -> None:
    for code in range(0xD800, 0xE000):
        assert folds[code] == "\ufffd"


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"from":"ab","to":"a"}', b'{"from":"ab"}', b"\xff\xfe", b'{"from":1}'],
)
def test_a_damaged_table_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lexicon.folding.json"
    path.write_bytes(content)
    with pytest.raises(ArtifactDamagedError, match=r"lexicon\.folding\.json.*rebuild"):
        read_folding(path)


def test_a_missing_table_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ArtifactDamagedError, match=r"lexicon\.folding\.json.*missing"):
        read_folding(tmp_path / "lexicon.folding.json")
