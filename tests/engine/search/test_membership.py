"""Every way to ask which articles hold what tells the same, whichever is faster where it is asked."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from spelling_index import Reader

from engine.search.corpus_evidence import CorpusEvidence
from engine.search.matcher import Matcher
from engine.search.query_plan import plan_query
from engine.search.term_reader import TermReader

WORDS = ("直通车", "保证金", "车", "双11", "plus会员", "七天无理由", "花呗", "级冲", "的", "店铺")
"""Words of one unit, two and more, common and rare, of numerals, with synonyms, and of no article."""

QUERIES = (
    "直通车 出价",
    "保证金怎么退",
    "双11 店铺",
    "级冲 店铺",
    "花呗 直通车 级冲",
    "plus会员 店铺 保证金",
)


@pytest.fixture(scope="module")
def terms(reader: Reader) -> TermReader:
    return TermReader(reader.snapshot)


@pytest.mark.parametrize("word", WORDS)
def test_masks_and_lists_hold_the_same_articles(terms: TermReader, word: str) -> None:
    assert np.flatnonzero(terms.holding_mask(word)).tolist() == terms.holders(word).tolist()


def test_missing_is_what_the_best_article_lacks(terms: TermReader, reader: Reader) -> None:
    synonyms = reader.snapshot.analyzer.synonyms
    evidence = CorpusEvidence(terms)
    for words in combinations(WORDS, 3):
        held: list[int] = []
        for word in words:
            names = {word, *synonyms.expand(word), *({"双十一"} if word == "双11" else ())}
            names |= {"7天无理由"} if word == "七天无理由" else set()
            held += sorted({int(n) for name in names for n in terms.holders(name)})
        most = max(map(held.count, held), default=0)
        assert evidence.missing(words) == 3 - most, words
    assert evidence.missing([]) == 0


@pytest.mark.parametrize("query", QUERIES)
def test_coverage_tells_what_counting_groups_tells(
    terms: TermReader, reader: Reader, query: str
) -> None:
    plan = plan_query(reader.snapshot.analyzer, query)
    matcher = Matcher(terms, plan)
    satisfied = matcher.satisfied_groups()
    draw = np.random.default_rng(3)
    for _ in range(20):
        articles = draw.choice(len(satisfied), 10, replace=False)
        found = satisfied[articles]
        have_any, has_every = matcher.coverage(articles)
        assert have_any == bool((found > 0).all())
        assert has_every == bool((found == len(plan.groups)).any())
        assert matcher.coverage(articles, asks_every=False)[0] == have_any
