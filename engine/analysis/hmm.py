"""Which characters that no word claims belong together?

The hidden Markov model of jieba: each character begins, continues or ends a word, or is one.
Invariant: results are those of `jieba.finalseg`, to the last tie; but no state is global, the tables
are mapped from the artifact, and time grows with the length of a run, not with its square.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from engine.analysis.dictionary import map_floats
from engine.errors import ArtifactDamagedError
from engine.folder import Folder

EMISSIONS_NAME = "lexicon.hidden_states.emission.npy"
HIDDEN_STATES_NAME = "lexicon.hidden_states.json"

FIRST_CHARACTER, LAST_CHARACTER = "\u4e00", "\u9fd5"
"""The Han characters that the model knows; other characters are never joined by it."""

TRANSITIONS = ("BE", "BM", "EB", "ES", "ME", "MM", "SB", "SS")
"""The changes of state that are possible: Begin, Middle, End, Single."""

_HAN_RUNS = re.compile(f"([{FIRST_CHARACTER}-{LAST_CHARACTER}]+)")
_LATIN_WORDS = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
_FIRST = ord(FIRST_CHARACTER)

# What led to the best way into a state, one bit for each state; set means the first of the pair.
_BEGIN_AFTER_SINGLE, _MIDDLE_AFTER_MIDDLE, _END_AFTER_MIDDLE, _SINGLE_AFTER_SINGLE = 1, 2, 4, 8


class HiddenMarkovModel:
    """Joins characters to words that no dictionary has. Threads may share it.

    emissions: float64 [characters * 4], log-probabilities of the characters from U+4E00 on in the
    states B, M, E and S; starts: of these states at the beginning; transitions: in the order of
    `TRANSITIONS`.
    """

    __slots__ = ("_emissions", "_starts", "_transitions")

    def __init__(
        self, emissions: memoryview[float], starts: Sequence[float], transitions: Sequence[float]
    ) -> None:
        self._emissions = emissions
        self._starts = tuple(starts)
        self._transitions = tuple(transitions)

    def cut(self, text: str, always_split: frozenset[str]) -> list[str]:
        """Cut `text` into words; those in `always_split` into their characters."""
        words: list[str] = []
        for number, piece in enumerate(_HAN_RUNS.split(text)):
            if number % 2 == 0:
                words += filter(None, _LATIN_WORDS.split(piece))
            elif always_split:
                for word in self._cut_run(piece):
                    words += word if word in always_split else [word]
            else:
                words += self._cut_run(piece)
        return words

    def _cut_run(self, run: str) -> list[str]:
        words = []
        begin = done = 0
        for place, state in enumerate(self._best_states(run)):
            if state == "B":
                begin = place
            elif state == "E":
                words.append(run[begin : place + 1])
                done = place + 1
            elif state == "S":
                words.append(run[place])
                done = place + 1
        if done < len(run):
            words.append(run[done:])
        return words

    def _best_states(self, run: str) -> list[str]:
        """Return the likeliest states of `run` (Viterbi); of equals the later letter, as jieba."""
        emissions = self._emissions
        start_b, start_m, start_e, start_s = self._starts
        be, bm, eb, es, me, mm, sb, ss = self._transitions
        at = (ord(run[0]) - _FIRST) * 4
        b, m = start_b + emissions[at], start_m + emissions[at + 1]
        e, s = start_e + emissions[at + 2], start_s + emissions[at + 3]
        ways = []
        for character in run[1:]:
            at = (ord(character) - _FIRST) * 4
            # Emissions are added before comparing, as in jieba: it decides which values are equal.
            to_b, to_m, to_e, to_s = emissions[at : at + 4]
            way = 0
            next_b, other = e + eb + to_b, s + sb + to_b
            if other >= next_b:
                next_b, way = other, _BEGIN_AFTER_SINGLE
            next_m, other = b + bm + to_m, m + mm + to_m
            if other >= next_m:
                next_m, way = other, way | _MIDDLE_AFTER_MIDDLE
            next_e, other = b + be + to_e, m + me + to_e
            if other >= next_e:
                next_e, way = other, way | _END_AFTER_MIDDLE
            next_s, other = e + es + to_s, s + ss + to_s
            if other >= next_s:
                next_s, way = other, way | _SINGLE_AFTER_SINGLE
            b, m, e, s = next_b, next_m, next_e, next_s
            ways.append(way)
        state = "S" if s >= e else "E"
        states = [state]
        for way in reversed(ways):
            state = _previous_state(state, way)
            states.append(state)
        states.reverse()
        return states


def _previous_state(state: str, way: int) -> str:
    if state == "B":
        return "S" if way & _BEGIN_AFTER_SINGLE else "E"
    if state == "S":
        return "S" if way & _SINGLE_AFTER_SINGLE else "E"
    if state == "M":
        return "M" if way & _MIDDLE_AFTER_MIDDLE else "B"
    return "M" if way & _END_AFTER_MIDDLE else "B"


def open_hidden_markov_model(directory: Folder) -> HiddenMarkovModel:
    """Open the model in the artifact folder `directory`.

    Raises `ArtifactDamagedError` when a part is missing or malformed.
    """
    try:
        facts = json.loads((directory / HIDDEN_STATES_NAME).read_bytes())
        emissions = map_floats(directory / EMISSIONS_NAME)
        starts = [float(facts["start"][state]) for state in "BMES"]
        transitions = [float(facts["transition"][pair]) for pair in TRANSITIONS]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactDamagedError(
            f"{HIDDEN_STATES_NAME}, {EMISSIONS_NAME}: missing or malformed "
            f"({type(error).__name__}: {error}); rebuild the index"
        ) from error
    if len(emissions) != 4 * (ord(LAST_CHARACTER) - _FIRST + 1):
        raise ArtifactDamagedError(
            f"{EMISSIONS_NAME}: {len(emissions)} numbers, expected four for each character "
            f"{FIRST_CHARACTER}-{LAST_CHARACTER}; rebuild the index"
        )
    return HiddenMarkovModel(emissions, starts, transitions)
