"""How long does the search box take, keystroke by keystroke, for each kind of input?

Types the first one to six characters of a few hundred completions in every way people type, and things
that nothing begins with. Every input is timed once; times are process time, which waiting for a busy
machine does not lengthen, and the last line tells what the wall clock says.

    python benchmarks/suggest.py --index DIR              an index that `wenmai build` made
    python benchmarks/suggest.py ARTICLES.jsonl[.gz]      builds the completions alone, and times that too
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from engine.analysis.analyzer import open_analyzer
from engine.documents import Article
from engine.index.snapshot import open_snapshot
from engine.index.suggestions import LITERAL, SuggestionTable, open_suggestions
from engine.search.suggest import suggest
from index_builder.corpus import read_corpus
from index_builder.lexicon.compiler import compile_lexicon
from index_builder.suggestions_writer import write_suggestions

LEXICON = Path(__file__).parents[1] / "lexicon"
KEYSTROKES = range(1, 7)
COMPLETIONS = 150


@dataclass(frozen=True, slots=True)
class Target:
    """A completion that somebody means to type: its key characters and how they sound."""

    characters: str
    sounds: list[str]


Typist = Callable[[random.Random, Target], str]


def initial(sound: str) -> str:
    """Return the first letter of a sound."""
    return sound.removeprefix(LITERAL)[:1]


def spelled(target: Target, start: int = 0) -> str:
    """Return the pinyin of `target` from character `start` on."""
    return "".join(sound.removeprefix(LITERAL) for sound in target.sounds[start:])


def somewhere(choices: random.Random, target: Target) -> int:
    """Return the number of a character of `target`."""
    return choices.randrange(len(target.characters))


def mixed(choices: random.Random, target: Target) -> str:
    """Return Hanzi, syllables and initials of `target` in turns."""
    ways = (lambda c, _: c, lambda _, s: s.removeprefix(LITERAL), lambda _, s: initial(s))
    pairs = zip(target.characters, target.sounds, strict=True)
    return "".join(choices.choice(ways)(character, sound) for character, sound in pairs)


KINDS: dict[str, Typist] = {
    "Hanzi, from the beginning": lambda _, t: t.characters,
    "Hanzi, from the middle": lambda c, t: t.characters[somewhere(c, t) :],
    "full pinyin, from the beginning": lambda _, t: spelled(t),
    "full pinyin, from the middle": lambda c, t: spelled(t, somewhere(c, t)),
    "initials, from the beginning": lambda _, t: "".join(map(initial, t.sounds)),
    "initials, from the middle": lambda c, t: "".join(map(initial, t.sounds[somewhere(c, t) :])),
    "mixed": mixed,
    "random letters": lambda c, _: "".join(c.choices("abcdefghijklmnopqrstuvwxyz", k=6)),
    "random Hanzi": lambda c, _: "".join(chr(c.randrange(0x4E00, 0x9FA6)) for _ in range(6)),
}


def main() -> None:
    """Print build time if there is a build, then a table of times by kind and by keystrokes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--index", type=Path)
    parser.add_argument("source", nargs="*", type=Path)
    arguments = parser.parse_args()
    if arguments.index is None and not arguments.source:
        parser.error("name an index (--index DIR) or files of articles")
    with tempfile.TemporaryDirectory() as name:
        if arguments.index:
            snapshot: Any = open_snapshot(arguments.index)
        else:
            snapshot = build(Path(name), read_corpus(arguments.source).articles)
        print_table(snapshot)


def build(directory: Path, articles: tuple[Article, ...]) -> Any:
    """Write the completions of `articles`, tell what that took, and return what `suggest` needs."""
    compile_lexicon(LEXICON, directory)
    analyzer = open_analyzer(directory)
    wall, start = time.perf_counter(), time.process_time()
    count = write_suggestions(directory, articles, analyzer)
    seconds, wall = time.process_time() - start, time.perf_counter() - wall
    size = sum(path.stat().st_size for path in directory.glob("suggest.*"))
    print(f"{count:,} completions of {len(articles):,} articles: {seconds:.2f} s ", end="")
    print(f"({wall:.2f} s by the clock), ", end="")
    print(f"{size / 1e6:.2f} MB\n")
    return SimpleNamespace(analyzer=analyzer, suggestions=open_suggestions(directory))


def targets(table: SuggestionTable, choices: random.Random) -> Iterator[Target]:
    """Yield completions at random, the popular ones as likely as the others."""
    for entry in choices.sample(range(len(table)), min(COMPLETIONS, len(table))):
        place = slice(int(table.row_starts[entry]), int(table.row_starts[entry + 1]) - 1)
        characters = "".join(map(chr, table.characters[place].tolist()))
        yield Target(characters, [table.sound_names[n] for n in table.sounds[place].tolist()])


def print_table(snapshot: Any) -> None:
    """Type, and print milliseconds."""
    choices = random.Random(20_240_101)  # noqa: S311
    chosen = list(targets(snapshot.suggestions, choices))
    columns = "".join(f"{f'p50 of {count}':>10}" for count in KEYSTROKES)
    print(f"{'milliseconds by keystrokes':34}{columns}{'p50':>8}{'p99':>8}{'max':>8}{'found':>8}")
    everything: list[float] = []
    walls: list[float] = []
    suggest(snapshot, "z")  # maps the files; a first request pays that once
    for kind, typist in KINDS.items():
        by_count: dict[int, list[float]] = {count: [] for count in KEYSTROKES}
        found = 0
        for target in chosen:
            typed = typist(choices, target)
            for count in KEYSTROKES:
                milliseconds, wall, answered = measure(snapshot, typed[:count])
                walls.append(wall)
                by_count[count].append(milliseconds)
                found += answered
        times = [milliseconds for some in by_count.values() for milliseconds in some]
        everything += times
        cells = "".join(f"{statistics.median(some):>10.3f}" for some in by_count.values())
        print(f"{kind:34}{cells}{summary(times)}{found / len(times):>8.0%}")
    print(f"{'all':34}{'':60}{summary(everything)}")
    print(f"{'all, by the clock on the wall':34}{'':60}{summary(walls)}")


def measure(snapshot: Any, typed: str) -> tuple[float, float, bool]:
    """Return process and wall milliseconds of one answer, never asked before, and if there was one."""
    wall, process = time.perf_counter(), time.process_time()
    answer = suggest(snapshot, typed)
    spent = time.process_time() - process, time.perf_counter() - wall
    return spent[0] * 1_000, spent[1] * 1_000, bool(answer)


def summary(times: list[float]) -> str:
    """Return median, 99th percentile and maximum as cells."""
    ordered = sorted(times)
    p99 = ordered[int(len(ordered) * 0.99)]
    return f"{statistics.median(ordered):>8.3f}{p99:>8.3f}{ordered[-1]:>8.3f}"


if __name__ == "__main__":
    main()
