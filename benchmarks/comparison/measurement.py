"""What is measured of one engine, and how?

Times are milliseconds of processor time of the whole process, which waiting for a busy machine does not
lengthen; for each query the best of several passes over all of them, since other programs can only lengthen it.
Invariant: every answer is checked; an engine that returns an id that is not in the corpus, one id twice or too
many is an error, not a result.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.protocol import Peer

SIZE = 10
PASSES = 4

STATUS = Path("/proc/self/status")


class WrongAnswerError(Exception):
    """An engine returned what cannot be an answer: its figures would mean nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers of one engine and what they took.

    answers: the ids by query, in the order of the queries, as far as the time reached; milliseconds: one
    per answered query; passes: how many times every query was timed at least.
    """

    answers: tuple[tuple[str, ...], ...]
    milliseconds: tuple[float, ...]
    passes: int


def ask_all(
    peer: Peer,
    queries: Sequence[str],
    known: frozenset[str],
    *,
    passes: int = PASSES,
    seconds: float = 300.0,
    clock: Callable[[], float] = time.process_time,
) -> Asked:
    """Ask `queries` in `passes` rounds, or fewer when `seconds` are over; the first round warms up.

    Raises `WrongAnswerError`.
    """
    limit = clock() + seconds
    answers: list[tuple[str, ...]] = []
    first: list[float] = []
    for query in queries:
        milliseconds, answer = _ask(peer, query, clock)
        answers.append(_checked(answer, query, known))
        first.append(milliseconds)
        if clock() > limit:
            break
    best: list[float] | None = None
    done = 0
    for _ in range(passes - 1):
        times = []
        for query in queries[: len(answers)]:
            times.append(_ask(peer, query, clock)[0])
            if clock() > limit:
                break
        if len(times) < len(answers):
            break
        best = times if best is None else list(map(min, best, times))
        done += 1
    return Asked(tuple(answers), tuple(best or first), max(done, 1))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of `values` that at least `share` of them do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def resident_megabytes() -> float | None:
    """Return the resident memory of this process, None where the system does not tell."""
    if not STATUS.is_file():
        return None
    for line in STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    return None


def _ask(peer: Peer, query: str, clock: Callable[[], float]) -> tuple[float, list[str]]:
    begun = clock()
    answer = peer.search(query, SIZE)
    return (clock() - begun) * 1_000, answer


def _checked(answer: Sequence[str], query: str, known: frozenset[str]) -> tuple[str, ...]:
    strangers = [article_id for article_id in answer if article_id not in known]
    if strangers:
        raise WrongAnswerError(f"{query!r}: {strangers[0]!r} is not in the corpus")
    if len(set(answer)) < len(answer):
        raise WrongAnswerError(f"{query!r}: one article twice in {list(answer)}")
    if len(answer) > SIZE:
        raise WrongAnswerError(f"{query!r}: {len(answer)} hits where {SIZE} were asked for")
    return tuple(answer)
