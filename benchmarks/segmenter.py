"""How fast does the segmenter open and cut, beside stock jieba with the same words?

    python -m benchmarks.segmenter [--characters 300000] [--rounds 5]

Both run in one go, turn by turn, so that the ratios hold on a busy machine where the figures do not.
Opening and memory are taken in fresh processes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import jieba

from engine.analysis.normalizer import Normalizer, open_normalizer
from engine.analysis.segmenter import Segmenter, open_segmenter
from index_builder.lexicon.dictionary_compiler import (
    compile_dictionary,
    normalize_words,
    stock_words,
    write_dictionary,
)
from index_builder.lexicon.folding_compiler import write_folding
from index_builder.lexicon.hidden_states_compiler import write_hidden_states
from index_builder.lexicon.lexicon_files import read_words

REPOSITORY = Path(__file__).resolve().parents[1]
DATA = REPOSITORY.parent / "shared" / "data"

_MEASURE_IN_CHILD = """
import json, sys, time, pathlib
def megabytes():
    # What no file backs: it can be neither shared nor dropped.
    lines = pathlib.Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) / 1024
bare, started = megabytes(), time.perf_counter()
{imports}
imported = time.perf_counter()
with_imports, ready = megabytes(), time.perf_counter()
{opening}
opened = time.perf_counter()
words = list(tokenizer.cut("拼多多直通车低价引流计划怎么搭"))
cut = time.perf_counter()
print(json.dumps([(imported - started) * 1e3, (opened - ready) * 1e3, (cut - opened) * 1e3,
                  with_imports - bare, megabytes() - with_imports]))
"""
_COLUMNS = ("import ms", "open ms", "first cut ms", "import MB", "words MB")
_OPENINGS = {
    "numpy alone": ("import numpy", "class tokenizer: cut = iter"),
    "Wenmai": ("from engine.analysis.segmenter import open_segmenter",
               "tokenizer = open_segmenter(pathlib.Path(sys.argv[1]))"),
    "jieba, first time": ("import jieba; jieba.setLogLevel(60)",
                          "tokenizer = jieba.Tokenizer(); tokenizer.tmp_dir = sys.argv[2]\n"
                          "tokenizer.cache_file = 'none'; tokenizer.initialize()"),
    "jieba, from its cache": ("import jieba; jieba.setLogLevel(60)",
                              "tokenizer = jieba.Tokenizer(); tokenizer.tmp_dir = sys.argv[2]\n"
                              "tokenizer.initialize()"),
}  # fmt: skip


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--characters", type=int, default=300_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        stock, normalizer = _compile(folder)
        print(f"compiled and stock dictionary built in {time.perf_counter() - started:.1f} s\n")
        _print_opening(folder, options.rounds)
        source, texts = _texts(options.characters)
        print(f"\ncutting {sum(map(len, texts)):,} characters of {source}, normalised")
        normalized = [normalizer.normalize(text) for text in texts]
        _print_throughput(open_segmenter(folder), stock, normalized, options.rounds)
        _print_normalizing(normalizer, texts, options.rounds)


def _compile(folder: Path) -> tuple[jieba.Tokenizer, Normalizer]:
    write_folding(folder)
    normalizer = open_normalizer(folder)
    added = read_words(REPOSITORY / "lexicon" / "domain_terms.txt")
    write_dictionary(folder, compile_dictionary(stock_words(), added, normalizer.normalize))
    write_hidden_states(folder)
    dictionary = folder / "dict.txt"
    words = normalize_words(stock_words(), normalizer.normalize)
    dictionary.write_text("".join(f"{word} {count} x\n" for word, count in words.items()), "utf-8")
    jieba.setLogLevel(60)
    stock = jieba.Tokenizer(str(dictionary))
    stock.tmp_dir = str(folder)
    for entry in added:
        stock.add_word(normalizer.normalize(entry.word), entry.frequency)
    return stock, normalizer


def _print_opening(folder: Path, rounds: int) -> None:
    print("{:24}{:>12}{:>12}{:>14}{:>12}{:>12}".format("", *_COLUMNS))
    for name, (imports, opening) in _OPENINGS.items():
        program = _MEASURE_IN_CHILD.format(imports=imports, opening=opening)
        found = []
        for _ in range(rounds + 1):
            if name == "jieba, first time":
                (folder / "none").unlink(missing_ok=True)
            command = [sys.executable, "-W", "ignore", "-c", program, str(folder), str(folder)]
            output = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True).stdout
            found.append(json.loads(output))
        medians = [statistics.median(column) for column in zip(*found[1:], strict=True)]
        print("{:24}{:12.1f}{:12.1f}{:14.2f}{:12.1f}{:12.1f}".format(name, *medians))


def _texts(characters: int) -> tuple[str, list[str]]:
    articles = DATA / "articles" / "woshipm.jsonl.gz"
    queries = DATA / "taobao_queries.txt"
    if articles.is_file():
        texts: list[str] = []
        with gzip.open(articles, "rt", encoding="utf-8") as lines:
            while sum(map(len, texts)) < characters and (line := next(lines, "")):
                texts.append(json.loads(line)["body"])
        return articles.name, texts
    if queries.is_file():
        return queries.name, [queries.read_text("utf-8")[:characters]]
    sample = REPOSITORY / "local" / "sample"
    lines_of = (path.read_text("utf-8").splitlines() for path in sorted(sample.glob("*.jsonl")))
    return "the sample corpus", [json.loads(line)["body"] for lines in lines_of for line in lines]


def _print_throughput(
    segmenter: Segmenter, stock: jieba.Tokenizer, texts: list[str], rounds: int
) -> None:
    modes: dict[str, Callable[[jieba.Tokenizer, str], list[str]]] = {
        "cut": lambda tokenizer, text: tokenizer.lcut(text),
        "cut, no model": lambda tokenizer, text: tokenizer.lcut(text, HMM=False),
        "cut for search": lambda tokenizer, text: tokenizer.lcut_for_search(text),
    }
    print(f"{'characters/s':24}{'Wenmai':>12}{'jieba':>12}{'ratio':>12}{'differences':>14}")
    for name, mode in modes.items():
        differences = sum(mode(segmenter, text) != mode(stock, text) for text in texts)
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(_speed(partial(mode, segmenter), texts))
            theirs.append(_speed(partial(mode, stock), texts))
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        print(
            f"{name:24}{statistics.median(ours):12,.0f}{statistics.median(theirs):12,.0f}"
            f"{ratio:12.2f}{differences:14}"
        )


def _print_normalizing(normalizer: Normalizer, texts: list[str], rounds: int) -> None:
    for name, function in (
        ("normalise", normalizer.normalize),
        ("normalise with offsets", normalizer.normalize_with_offsets),
    ):
        speed = statistics.median(_speed(function, texts) for _ in range(rounds))
        print(f"{name:24}{speed:12,.0f}")


def _speed(function: Callable[[str], object], texts: list[str]) -> float:
    started = time.perf_counter()
    for text in texts:
        function(text)
    return sum(map(len, texts)) / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
