from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from jieba import finalseg

from index_builder.lexicon.hidden_states_compiler import STATES, emissions, write_hidden_states


def test_the_table_holds_what_jieba_holds() -> None:
    table = emissions()
    assert table.shape == (0x9FD5 - 0x4E00 + 1, 4)
    for column, state in enumerate(STATES):
        listed = finalseg.emit_P[state]
        for code in range(0x4E00, 0x9FD6):
            expected = listed.get(chr(code), finalseg.MIN_FLOAT)
            assert table[code - 0x4E00, column] == expected


def test_the_files_are_always_the_same(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        write_hidden_states(folder)
    first, second = ({p.name: p.read_bytes() for p in folder.iterdir()} for folder in folders)
    assert first == second
    facts = json.loads(first["lexicon.hidden_states.json"])
    assert facts["start"] == {state: finalseg.start_P[state] for state in "BMES"}
    assert facts["transition"]["BE"] == finalseg.trans_P["B"]["E"]
    assert np.load(folders[0] / "lexicon.hidden_states.emission.npy").dtype == np.float64
