"""How many reposts are found, how much else is taken for one, and how long does it take?

    python -m benchmarks.near_duplicates [--reposts 40] [--groups 100000]

Reposts and lookalikes are made from real articles; one process, one thread.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.paragraph_groups import DATA, paragraph_groups
from benchmarks.reposts import EDITS, LOOKALIKES, Source
from engine.analysis.normalizer import Normalizer, open_normalizer
from index_builder.lexicon.folding_compiler import write_folding
from index_builder.near_duplicates import near_duplicate_groups
from index_builder.shingle_signatures import signatures

ARTICLES = DATA / "articles" / "woshipm.jsonl.gz"
EDIT_RATES = (0.05, 0.1, 0.2, 0.3, 0.4)
DEMANDED_RATE = 0.3
LOOKALIKE_RATES = (0.1, 0.2, 0.3, 0.4)
SEED = 20260101


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reposts", type=int, default=40, help="for each kind and rate")
    parser.add_argument("--groups", type=int, default=100_000, help="paragraph groups; 0: skip")
    options = parser.parse_args()
    if not ARTICLES.is_file():
        raise SystemExit(f"{ARTICLES} is absent: nothing to measure on")
    with tempfile.TemporaryDirectory() as name:
        write_folding(Path(name))
        normalizer = open_normalizer(Path(name))
    texts = [normalizer.normalize(text) for text in _read(ARTICLES)]
    originals = _without_real_reposts(texts)
    random.Random(SEED).shuffle(originals)  # noqa: S311 - a shuffle, not a secret
    _print_quality(originals, normalizer, options.reposts)
    if options.groups:
        _print_scale(normalizer, options.groups)


def _read(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield f"{record['title']}\n{record['body']}"


def _without_real_reposts(texts: list[str]) -> list[str]:
    """Print what the articles as they are hold, and return those that nobody copied."""
    started = time.perf_counter()
    found = signatures(texts)
    signed = time.perf_counter()
    groups = near_duplicate_groups(found, np.arange(len(texts)))
    grouped = time.perf_counter()
    copies = np.flatnonzero(groups != np.arange(len(texts)))
    shares = [_exact_share(texts[copy], texts[groups[copy]]) for copy in copies.tolist()]
    print(
        f"{len(texts):,} articles, {sum(map(len, texts)):,} characters: signatures "
        f"{signed - started:.1f} s, {found.nbytes / 1e6:.0f} MB; groups {grouped - signed:.1f} s"
    )
    print(
        f"{len(copies)} of them repeat an earlier one: exact share of equal 5-character shingles "
        f"{min(shares):.2f} to {max(shares):.2f}, {sum(share >= 0.5 for share in shares)} from 0.5 up"
    )
    touched = {*copies.tolist(), *groups[copies].tolist()}
    return [text for number, text in enumerate(texts) if number not in touched]


def _exact_share(one: str, other: str) -> float:
    sets = [{text[at : at + 5] for at in range(len(text) - 4)} for text in (one, other)]
    return len(sets[0] & sets[1]) / max(map(len, sets))


def _print_quality(originals: list[str], normalizer: Normalizer, reposts: int) -> None:
    generator = random.Random(SEED)  # noqa: S311 - reposts, not secrets
    cells = [(kind, rate) for kind in EDITS for rate in EDIT_RATES for _ in range(reposts)]
    fakes = [
        (kind, rate) for kind in LOOKALIKES for rate in LOOKALIKE_RATES for _ in range(reposts)
    ]
    # Hosts of lookalikes are no articles of their own, or the lookalike would be a copy of its host.
    supply, hosts = originals[:500], originals[500 : 500 + len(fakes)]
    articles = originals[500 + len(fakes) :]
    texts = list(articles)
    for number, (kind, rate) in enumerate(cells):
        source = Source(articles[number % len(articles)], supply, generator)
        texts.append(normalizer.normalize(EDITS[kind](source, rate)))
    for (kind, rate), host in zip(fakes, hosts, strict=True):
        quoted = articles[generator.randrange(len(articles))]
        texts.append(LOOKALIKES[kind](Source(host, supply, generator), quoted, rate))
    groups = near_duplicate_groups(signatures(texts), np.arange(len(texts))).tolist()
    first = len(articles)
    found: Counter[tuple[str, float]] = Counter()
    wrong: Counter[tuple[str, float]] = Counter()
    for number, cell in enumerate(cells):
        found[cell] += groups[first + number] == number % len(articles)
        wrong[cell] += groups[first + number] not in {number % len(articles), first + number}
    for number, cell in enumerate(fakes, first + len(cells)):
        wrong[cell] += groups[number] != number
    natural = sum(group != number for number, group in enumerate(groups[:first]))

    print(f"\n{len(texts):,} texts; recall by kind and rate of edits ({reposts} reposts each)")
    print(f"{'':24}" + "".join(f"{rate:>8.0%}" for rate in EDIT_RATES))
    for kind in EDITS:
        print(f"{kind:24}" + "".join(f"{found[kind, rate] / reposts:8.3f}" for rate in EDIT_RATES))
    print(f"\nlookalikes taken for a repost, by share ({reposts} each)")
    print(f"{'':24}" + "".join(f"{rate:>8.0%}" for rate in LOOKALIKE_RATES))
    for kind in LOOKALIKES:
        print(f"{kind:24}" + "".join(f"{wrong[kind, rate]:8}" for rate in LOOKALIKE_RATES))
    demanded = [cell for cell in found if cell[1] <= DEMANDED_RATE]
    right = sum(found[cell] for cell in demanded)
    false = sum(wrong[cell] for cell in wrong if cell in set(demanded) | set(fakes)) + natural
    print(
        f"\nup to {DEMANDED_RATE:.0%} edits: recall {right / (len(demanded) * reposts):.4f}, "
        f"precision {right / (right + false):.4f} ({false} false, {natural} of them among "
        f"{len(articles):,} unedited articles)"
    )


def _print_scale(normalizer: Normalizer, wanted: int) -> None:
    texts = [normalizer.normalize(group) for _, group in paragraph_groups(wanted)]
    generator = random.Random(SEED)  # noqa: S311 - reposts, not secrets
    copies = []
    sources = generator.sample(range(len(texts)), 500)
    for number in sources:
        kind = generator.choice(["changed opening", "cut tail", "replaced words", "all of them"])
        source = Source(texts[number], texts, generator)
        copies.append(normalizer.normalize(EDITS[kind](source, generator.uniform(0.05, 0.3))))
    started = time.perf_counter()
    found = signatures(texts + copies)
    signed = time.perf_counter()
    groups = near_duplicate_groups(found, np.arange(len(found)))
    grouped = time.perf_counter()
    # A paragraph that the corpus itself repeats: its copy is filed under the first of them.
    hits = sum(groups[len(texts) + at] == groups[source] for at, source in enumerate(sources))
    natural = int((groups[: len(texts)] != np.arange(len(texts))).sum())
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n{len(texts):,} paragraph groups, {sum(map(len, texts)):,} characters, and 500 reposts: "
        f"signatures {signed - started:.1f} s, {found.nbytes / 1e6:.0f} MB; "
        f"groups {grouped - signed:.1f} s; peak {peak_mb:,.0f} MB with the texts"
    )
    print(f"recall {hits / 500:.3f}; {natural:,} groups repeat an earlier one by themselves")


if __name__ == "__main__":
    main()
