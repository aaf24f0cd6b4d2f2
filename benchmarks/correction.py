"""How long does it take to find out what a query may have meant, for each way of getting it wrong?

Takes words from the index itself, asks for two of them at a time, and spells one of the two wrongly.
Every query is asked once; times are process time, which waiting for a busy machine does not lengthen.

    python benchmarks/correction.py INDEX
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from engine.index.snapshot import Snapshot, open_snapshot
from engine.index.spellings import SpellingTable
from engine.search.correction import propose_readings
from engine.search.query_plan import QueryPlan, plan_query
from engine.search.term_reader import TermReader

QUERIES = 200
WORDS = 2_000
CHARACTERS = 200

Misspeller = Callable[[random.Random, SpellingTable, str], str]


def pinyin(_: random.Random, table: SpellingTable, word: str) -> str:
    """Return `word` in full pinyin."""
    return "".join(table.sounds(character)[0] for character in word)


def initials(_: random.Random, table: SpellingTable, word: str) -> str:
    """Return the first letters of `word`."""
    return "".join(table.sounds(character)[0][0] for character in word)


def mixed(_: random.Random, table: SpellingTable, word: str) -> str:
    """Return `word` with its end in pinyin."""
    return word[0] + pinyin(_, table, word[1:])


def homophone(choices: random.Random, table: SpellingTable, word: str) -> str:
    """Return `word` with another character of the same sound in it."""
    place = choices.randrange(len(word))
    sound = table.sounds(word[place])[0]
    others = [
        chr(code) for code in range(0x4E00, 0x9FA6) if table.sounds(chr(code))[:1] == (sound,)
    ]
    return word[:place] + choices.choice(others) + word[place + 1 :]


def slip(choices: random.Random, table: SpellingTable, word: str) -> str:
    """Return the pinyin of `word` with two letters swapped."""
    letters = pinyin(choices, table, word)
    place = choices.randrange(len(letters) - 1)
    return letters[:place] + letters[place + 1] + letters[place] + letters[place + 2 :]


def unknown(choices: random.Random, _: SpellingTable, word: str) -> str:
    """Return characters at random, as many as `word` has."""
    return "".join(chr(choices.randrange(0x4E00, 0x9FA6)) for _ in word)


def right(_: random.Random, __: SpellingTable, word: str) -> str:
    """Return `word`."""
    return word


KINDS: dict[str, Misspeller] = {
    "right": right,
    "full pinyin": pinyin,
    "initials": initials,
    "Hanzi and pinyin": mixed,
    "a homophone": homophone,
    "pinyin with a slip": slip,
    "random Hanzi": unknown,
}


def main() -> None:
    """Print a table of milliseconds by kind of mistake."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("index", type=Path)
    arguments = parser.parse_args()
    snapshot = open_snapshot(arguments.index)
    start = time.process_time()
    table = SpellingTable(arguments.index)
    opened = time.process_time()
    table.sounds("长"), table.readings
    print(f"{len(table):,} words; opened in {(opened - start) * 1e3:.1f} ms, ", end="")
    print(f"readings of characters on first use {(time.process_time() - opened) * 1e3:.1f} ms\n")
    propose_readings(TermReader(snapshot), table, plan_query(snapshot.analyzer, "zhitongche"))
    print_table(snapshot, table)


def print_table(snapshot: Snapshot, table: SpellingTable) -> None:
    """Ask, and print milliseconds."""
    choices = random.Random(20_240_101)  # noqa: S311
    known = [
        word for number in range(min(WORDS, len(table))) if len(word := table.word(number)) > 1
    ]
    known = [word for word in known if all(map(table.sounds, word))]
    print(f"{'milliseconds':34}{'p50':>8}{'p99':>8}{'max':>8}{'re-read':>9}{'meant':>8}")
    for kind, misspell in KINDS.items():
        pairs = [(choices.choice(known), choices.choice(known)) for _ in range(QUERIES)]
        asked = [f"{left} {misspell(choices, table, word)}" for left, word in pairs]
        report(snapshot, table, kind, asked, [" ".join(pair) for pair in pairs])
    for kind, misspell in list(KINDS.items())[1:]:
        long = [
            " ".join(misspell(choices, table, choices.choice(known)) for _ in range(80))
            for _ in range(QUERIES // 10)
        ]
        cut = [text[:CHARACTERS] for text in long]
        report(snapshot, table, f"{CHARACTERS} characters of {kind}", cut, cut)


def report(
    snapshot: Snapshot, table: SpellingTable, kind: str, asked: list[str], meant: list[str]
) -> None:
    """Print the times of `asked`, and how many were read as something, and as what was meant."""
    plans: list[QueryPlan] = [plan_query(snapshot.analyzer, text) for text in asked]
    times, found, hit = [], 0, 0
    for plan, wanted in zip(plans, meant, strict=True):
        start = time.process_time()
        readings = propose_readings(TermReader(snapshot), table, plan)
        times.append((time.process_time() - start) * 1e3)
        found += bool(readings)
        hit += bool(readings) and readings[0].text == wanted
    times.sort()
    p99 = times[int(len(times) * 0.99)]
    print(f"{kind:34}{statistics.median(times):>8.3f}{p99:>8.3f}{times[-1]:>8.3f}", end="")
    print(f"{found / len(times):>9.0%}{hit / len(times):>8.0%}")


if __name__ == "__main__":
    main()
