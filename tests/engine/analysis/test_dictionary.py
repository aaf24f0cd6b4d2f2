from __future__ import annotations

import dataclasses
import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.analysis.dictionary import Dictionary, open_dictionary
from engine.errors import ArtifactDamagedError

FILES = (
    "lexicon.words.marisa",
    "lexicon.words.ranks.npy",
    "lexicon.words.log_probability.npy",
    "lexicon.dictionary.json",
)


@pytest.fixture(scope="module")
def dictionary(lexicon_folder: Path) -> Dictionary:
    return open_dictionary(lexicon_folder)


@pytest.fixture
def copied(lexicon_folder: Path, tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(lexicon_folder / name, tmp_path / name)
    return tmp_path


def test_words_are_listed_as_they_look_normalised(dictionary: Dictionary) -> None:
    present = {
        word: word in dictionary for word in ("账户", "帐户", "t恤", "T恤", "买家秀", "買家秀")
    }
    assert present == {
        "账户": True, "帐户": False, "t恤": True, "T恤": False, "买家秀": True, "買家秀": False,
    }  # fmt: skip


def test_a_word_that_cannot_be_encoded_is_no_word(dictionary: Dictionary) -> None:
    assert "京\ud83d" not in dictionary
    assert dictionary.log_probability("\ud83d") is None


def test_a_log_probability_is_that_of_the_share_of_all_occurrences(
    dictionary: Dictionary, lexicon_folder: Path
) -> None:
    total = json.loads((lexicon_folder / "lexicon.dictionary.json").read_bytes())["total"]
    assert dictionary.log_probability("抖音小店") == math.log(50) - math.log(total)
    assert dictionary.log_probability("没有这个词") is None
    assert dictionary.unknown == -math.log(total)


def test_a_dictionary_cannot_be_changed(dictionary: Dictionary) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        dictionary.longest = 2  # type: ignore[misc]
    with pytest.raises(TypeError):
        dictionary.log_probabilities[0] = 0.0  # type: ignore[index]
    with pytest.raises(TypeError):
        dictionary.ranks[0] = 0


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "foreign"])
def test_a_damaged_file_is_refused(copied: Path, name: str, damage: str) -> None:
    path = copied / name
    if damage == "missing":
        path.unlink()
    else:
        kept = {"empty": b"", "cut": path.read_bytes()[:100], "foreign": b"x" * 4096}
        path.write_bytes(kept[damage])
    with pytest.raises(ArtifactDamagedError, match="rebuild the index"):
        open_dictionary(copied)


@pytest.mark.parametrize(
    ("name", "kind"), [("ranks", np.uint16), ("ranks", np.uint32), ("log_probability", np.float64)]
)
def test_numbers_of_another_dictionary_are_refused(copied: Path, name: str, kind: type) -> None:
    np.save(copied / f"lexicon.words.{name}.npy", np.zeros(7, dtype=kind))
    with pytest.raises(ArtifactDamagedError, match="must be equal"):
        open_dictionary(copied)


def test_numbers_of_another_type_are_refused(copied: Path) -> None:
    np.save(copied / "lexicon.words.log_probability.npy", np.zeros(7, dtype=np.float32))
    with pytest.raises(ArtifactDamagedError, match="expected float64"):
        open_dictionary(copied)
    np.save(copied / "lexicon.words.ranks.npy", np.zeros(7))
    with pytest.raises(ArtifactDamagedError, match="expected uint16 or uint32"):
        open_dictionary(copied)
