from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jieba import finalseg

from engine.analysis.hmm import HiddenMarkovModel, open_hidden_markov_model
from engine.errors import ArtifactDamagedError

COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产"
RARE = "\u4e00\u9fd5龘靐齉爩鱻麤龗灪吁爨癵籱饢驫鲡鹂"
TEXT = st.text(
    st.one_of(
        st.sampled_from(COMMON),
        st.sampled_from(RARE),
        st.characters(min_codepoint=0x4DFE, max_codepoint=0x9FE0),
        st.sampled_from("aZ09.%+-_#& "),
    )
)


@pytest.fixture(scope="module")
def model(lexicon_folder: Path) -> HiddenMarkovModel:
    return open_hidden_markov_model(lexicon_folder)


@settings(deadline=None)
@given(text=TEXT)
def test_cuts_as_jieba_does(model: HiddenMarkovModel, text: str) -> None:
    assert model.cut(text, frozenset()) == list(finalseg.cut(text))


@settings(deadline=None)
@given(character=st.sampled_from(COMMON + RARE), count=st.integers(1, 300))
def test_cuts_runs_of_one_character_as_jieba_does(
    model: HiddenMarkovModel, character: str, count: int
) -> None:
    assert model.cut(character * count, frozenset()) == list(finalseg.cut(character * count))


def test_joins_names_that_no_dictionary_has(model: HiddenMarkovModel) -> None:
    assert model.cut("张三丰开店plus99.5%", frozenset()) == ["张三丰", "开店", "plus99.5%"]


def test_what_must_be_split_is_split(model: HiddenMarkovModel) -> None:
    assert model.cut("张三丰开店", frozenset({"张三丰"})) == ["张", "三", "丰", "开店"]


def test_a_hundred_thousand_unknown_characters_are_cut_in_bounded_time(
    model: HiddenMarkovModel,
) -> None:
    assert "".join(model.cut("龘靐" * 50_000, frozenset())) == "龘靐" * 50_000


@pytest.mark.parametrize(
    "name", ["lexicon.hidden_states.json", "lexicon.hidden_states.emission.npy"]
)
@pytest.mark.parametrize("damage", ["missing", "empty", "foreign"])
def test_a_damaged_file_is_refused(
    lexicon_folder: Path, tmp_path: Path, name: str, damage: str
) -> None:
    for path in lexicon_folder.glob("lexicon.hidden_states.*"):
        shutil.copy(path, tmp_path)
    if damage == "missing":
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(b"" if damage == "empty" else b"{}")
    with pytest.raises(ArtifactDamagedError, match="rebuild the index"):
        open_hidden_markov_model(tmp_path)


def test_a_table_of_the_wrong_size_is_refused(lexicon_folder: Path, tmp_path: Path) -> None:
    shutil.copy(lexicon_folder / "lexicon.hidden_states.json", tmp_path)
    np.save(tmp_path / "lexicon.hidden_states.emission.npy", np.zeros((10, 4)))
    with pytest.raises(ArtifactDamagedError, match="40 numbers"):
        open_hidden_markov_model(tmp_path)
