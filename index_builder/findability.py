"""Can every title and every tag be found by what stands in it?

Proved on the written index, before it replaces another. A substring of a title is found when the pairs of
units that it consists of all list the article (`engine.search.matcher`), so checking every pair of every
title checks every substring; searches for drawn substrings then check the path from text to hit.
Invariant: what is counted as found was looked up in the files that readers will map.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.analysis.grams import unit_bigrams
from engine.errors import GateRefusedError
from engine.index.snapshot import Snapshot
from engine.search.matcher import Matcher
from engine.search.query_plan import plan_query
from engine.search.term_reader import Articles, TermReader

SEARCHED_SUBSTRINGS = 300
SHOWN_FAILURES = 5

_HAN_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]{2,}")


@dataclass(frozen=True, slots=True)
class Findability:
    """How many lookups were made, and which failed: "article id: text"."""

    title_pairs: int
    substrings: int
    tags: int
    failures: tuple[str, ...]

    @property
    def share(self) -> float:
        """Return the share of lookups that found their article, 0..1."""
        checked = self.title_pairs + self.substrings + self.tags
        return 1.0 - len(self.failures) / checked if checked else 1.0


def measure_findability(snapshot: Snapshot) -> Findability:
    """Look every title and tag of `snapshot` up in it."""
    pairs, failures = _look_up_titles(snapshot)
    substrings = 0
    for number, substring in _draw_substrings(snapshot):
        substrings += 1
        if not _finds(snapshot, substring, [number]):
            failures.append(f"{snapshot.articles.article_id(number)}: {substring}")
    for tag_number, tag in enumerate(snapshot.taxonomy.tags):
        if not _finds(snapshot, tag, snapshot.taxonomy.tag_articles(tag_number).tolist()):
            failures.append(f"tag: {tag}")
    return Findability(pairs, substrings, len(snapshot.taxonomy.tags), tuple(failures))


def require_findability(findability: Findability) -> None:
    """Raise `GateRefusedError` when anything was not found."""
    if findability.failures:
        raise GateRefusedError(
            "findability",
            f"{findability.share:.4%}, not found: "
            + "; ".join(findability.failures[:SHOWN_FAILURES]),
            "100%",
            "This is a defect of the index, not of the articles: please report it.",
        )


def _look_up_titles(snapshot: Snapshot) -> tuple[int, list[str]]:
    """Return how many pairs of units the titles have, and which of them do not list their article."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, title in enumerate(_titles(snapshot)):
        for gram in set(unit_bigrams(snapshot.analyzer.normalize_lines(title))):
            holders[gram].append(number)
    segment = snapshot.segments[0]
    failures = []
    # Every list is asked once for all of its articles.
    for gram, numbers in holders.items():
        term = segment.terms.get(gram)
        articles = np.asarray(numbers, dtype=segment.lists.documents.dtype)
        missing = articles if term is None else articles[~segment.lists.are_in(term, articles)]
        failures += [(number, gram) for number in missing.tolist()]
    return sum(map(len, holders.values())), [
        f"{snapshot.articles.article_id(number)}: {gram}" for number, gram in sorted(failures)
    ]


def _titles(snapshot: Snapshot) -> Iterator[str]:
    return (snapshot.articles.card(number).title for number in range(len(snapshot.articles)))


def _draw_substrings(snapshot: Snapshot) -> Iterator[tuple[int, str]]:
    # A fixed seed: two builds of the same articles ask the same questions.
    draw = random.Random(20260101)  # noqa: S311 - a sample, not a secret
    count = len(snapshot.articles)
    for number in sorted(draw.sample(range(count), min(count, SEARCHED_SUBSTRINGS))):
        runs = _HAN_RUN.findall(snapshot.articles.card(number).title)
        if runs:
            run = draw.choice(runs)
            start = draw.randrange(len(run) - 1)
            yield number, run[start : draw.randrange(start + 2, len(run) + 1)]


def _finds(snapshot: Snapshot, text: str, articles: Sequence[int]) -> bool:
    plan = plan_query(snapshot.analyzer, text)
    if not plan.groups:
        return True  # stop words or symbols alone: meant to match nothing
    matcher = Matcher(TermReader(snapshot), plan)
    wanted = np.asarray(articles)
    # What holds the whole is among the complete, and quicker to tell.
    return _are_in(matcher.holding_whole(), wanted) or _are_in(matcher.complete_articles(), wanted)


def _are_in(found: Articles, wanted: Articles) -> bool:
    # Both ascend: looking few articles up in many needs no sorting.
    places = np.searchsorted(found, wanted)
    return bool(len(found)) and bool((found.take(places, mode="clip") == wanted).all())
