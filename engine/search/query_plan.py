"""What does this query ask for?

Invariant: planning never fails: whatever a reader types has a plan, and a plan without terms matches
nothing. Stop words carry weight only beside words that mean something.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from engine.analysis.analyzer import Analyzer, is_word
from engine.analysis.grams import pair_units, unit_bigrams, unit_runs
from engine.analysis.numerals import holds_numeral, numeral_variants
from engine.search.requests import ExpandedTerm

# Straight quotes are only ever typed to search; Chinese ones also stand in prose and pasted headings, where
# they stress a word (下沉“新”市场). As an operator they stand apart: between spaces or ends.
_QUOTED = re.compile(r'"([^"]*)"|(?<!\S)(?:“([^”]*)”|「([^」]*)」|『([^』]*)』)(?!\S)')
_OPERATORS = re.compile('["“”「」『』\\-－−]')
_EXCLUDED = re.compile(r"(?:^|(?<=\s))[-－−](\S+)")


class TermGroup(NamedTuple):
    """One word of the query and what else may stand for it; any of them satisfies the group.

    times: how often it is in the query; a pasted text stresses what it repeats; inside: terms that hold
    the word, which is then there as it was typed: nothing else is meant by them (`engine.search.lone_units`).
    """

    term: str
    alternatives: tuple[str, ...] = ()
    times: int = 1
    inside: tuple[str, ...] = ()

    @property
    def others(self) -> tuple[str, ...]:
        """What satisfies the group beside its word."""
        return self.alternatives + self.inside


class QueryPlan(NamedTuple):
    """A query, cut and expanded. A tuple, because it takes a third of the time to make.

    tokens: `normalized` as the segmenter cut it, spaces and punctuation included; groups: the words
    that say what is sought; stop_words: groups without alternatives, which count for the score alone,
    as do grams: pair of units -> how often it is there; units: how many different ones there are;
    phrases and excluded: normalised texts that must, or must not, stand in an article as they are.
    """

    text: str
    normalized: str
    tokens: tuple[str, ...]
    groups: tuple[TermGroup, ...]
    stop_words: tuple[TermGroup, ...]
    grams: Mapping[str, int]
    units: int
    phrases: tuple[str, ...]
    excluded: tuple[str, ...]
    expanded: tuple[ExpandedTerm, ...]

    def lists(self) -> set[str]:
        """Return the terms whose lists an answer reads, but for what words inside words are cut into."""
        words = {group.term for group in (*self.groups, *self.stop_words)}
        others = {other for group in self.groups for other in group.others}
        pairs = {pair for word in words | others for pair in unit_bigrams(word)}
        return words | others | pairs | set(self.grams)

    @property
    def terms(self) -> tuple[str, ...]:
        """The query's own words, without what was added."""
        return tuple(group.term for group in self.groups)


def plan_query(analyzer: Analyzer, text: str) -> QueryPlan:
    """Return the plan of `text`."""
    if not _OPERATORS.search(text):
        normalized = " ".join(analyzer.normalize(text).split())
        return _plan(analyzer, text, normalized=normalized, phrases=(), excluded=())
    phrases = [
        part for match in _QUOTED.finditer(text) for part in match.groups() if part is not None
    ]
    rest = _QUOTED.sub(lambda match: " " + match.group().strip('"“”「」『』') + " ", text)
    return _plan(
        analyzer,
        text,
        normalized=" ".join(analyzer.normalize(_EXCLUDED.sub(" ", rest)).split()),
        phrases=_normalized_parts(analyzer, phrases),
        excluded=_normalized_parts(analyzer, _EXCLUDED.findall(rest)),
    )


def plan_reading(analyzer: Analyzer, plan: QueryPlan, reading: str) -> QueryPlan:
    """Return the plan of `reading`, a normalised text, in place of what was typed in `plan`.

    It holds no operators: folding may have made a quote or a minus of some other character.
    """
    return _plan(analyzer, plan.text, normalized=reading, phrases=(), excluded=plan.excluded)


def _plan(
    analyzer: Analyzer,
    text: str,
    *,
    normalized: str,
    phrases: tuple[str, ...],
    excluded: tuple[str, ...],
) -> QueryPlan:
    tokens = tuple(analyzer.segmenter.lcut(normalized))
    stop, has_synonyms = analyzer.stop_words, analyzer.synonyms.__contains__
    groups, stop_words = [], []
    expanded: list[ExpandedTerm] = []
    for word, times in _counted(filter(is_word, tokens)).items():
        if word in stop:
            stop_words.append(TermGroup(word, (), times))
        elif has_synonyms(word) or holds_numeral(word):
            others = _expand(analyzer, word)
            groups.append(TermGroup(word, tuple(added.term for added in others), times))
            expanded += others
        else:
            groups.append(TermGroup(word, (), times))
    runs = unit_runs(normalized)
    return QueryPlan(
        text=text,
        normalized=normalized,
        tokens=tokens,
        groups=tuple(groups),
        stop_words=tuple(stop_words),
        grams=_counted(pair_units(runs)) if groups else {},
        units=len(set().union(*runs)),
        phrases=phrases,
        excluded=excluded,
        expanded=tuple(expanded),
    )


def _counted(items: Iterable[str]) -> dict[str, int]:
    """Return how often each item is there, in order of first occurrence.

    A `Counter` takes as long to make as a short query to cut.
    """
    counts: dict[str, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    return counts


def _expand(analyzer: Analyzer, word: str) -> list[ExpandedTerm]:
    """Return what else `word` may be called: its synonyms, then itself in other numerals."""
    others, variants = analyzer.synonyms.expand(word), numeral_variants(word)
    if not others and not variants:
        return []
    synonyms = [ExpandedTerm(term, word, "synonym") for term in others]
    known = {word, *(added.term for added in synonyms)}
    numerals = [ExpandedTerm(term, word, "numeral") for term in variants if term not in known]
    return synonyms + numerals


def _normalized_parts(analyzer: Analyzer, parts: list[str]) -> tuple[str, ...]:
    folded = (" ".join(analyzer.normalize(part).split()) for part in parts)
    return tuple(part for part in folded if any(character.isalnum() for character in part))
