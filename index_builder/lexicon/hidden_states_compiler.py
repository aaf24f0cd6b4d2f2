"""Which hidden Markov model does an index carry?

That of `jieba.finalseg`, as one dense table instead of four dictionaries of Python source.
Invariant: the files depend on the installed jieba alone.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from jieba import finalseg

from engine.analysis.hmm import (
    EMISSIONS_NAME,
    FIRST_CHARACTER,
    HIDDEN_STATES_NAME,
    LAST_CHARACTER,
    TRANSITIONS,
)
from engine.index.codec import dump_json, write_array

STATES = "BMES"


def emissions() -> npt.NDArray[np.float64]:
    """Return the log-probabilities of characters, float64 [characters, 4 states].

    What jieba does not list is as improbable as jieba takes it to be: -3.14e100.
    """
    first, last = ord(FIRST_CHARACTER), ord(LAST_CHARACTER)
    table = np.full((last - first + 1, len(STATES)), finalseg.MIN_FLOAT, dtype=np.float64)
    for column, state in enumerate(STATES):
        for character, value in finalseg.emit_P[state].items():
            if FIRST_CHARACTER <= character <= LAST_CHARACTER:
                table[ord(character) - first, column] = value
    return table


def write_hidden_states(directory: Path) -> None:
    """Write the model to `directory`."""
    write_array(directory / EMISSIONS_NAME, emissions())
    facts = {
        "start": {state: finalseg.start_P[state] for state in STATES},
        "transition": {pair: finalseg.trans_P[pair[0]][pair[1]] for pair in TRANSITIONS},
    }
    (directory / HIDDEN_STATES_NAME).write_bytes(dump_json(facts))
