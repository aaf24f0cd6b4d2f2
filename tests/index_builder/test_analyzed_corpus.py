"""A corpus analysed with the help of a cache equals one analysed without, and caches stay small."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.article_record import parse_article
from engine.documents import Article
from index_builder.analyzed_corpus import AnalyzedCorpus, analyze_corpus, open_cache
from index_builder.build_report import SilentProgress
from index_builder.cache.shard_folder import MOST_SHARDS, ShardFolder

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLE = sorted((REPOSITORY / "local" / "sample").glob("*.jsonl"))


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    lines = [line for path in SAMPLE for line in path.read_text("utf-8").splitlines()]
    return sorted((parse_article(json.loads(line)) for line in lines), key=lambda a: a.id)


def analyze(
    articles: Sequence[Article], lexicon: Path, cache: Path | None = None
) -> AnalyzedCorpus:
    opened = open_cache(cache, "any lexicon") if cache else None
    return analyze_corpus(articles, lexicon, 1, SilentProgress(), opened)


def assert_equal(found: AnalyzedCorpus, expected: AnalyzedCorpus) -> None:
    assert list(found.texts) == list(expected.texts)
    assert np.array_equal(found.signatures, expected.signatures)
    for unit, counts in expected.counts.items():
        assert list(found.counts[unit].terms) == list(counts.terms)
        for field, matrix in counts.fields.items():
            other = found.counts[unit].fields[field]
            assert other.shape == matrix.shape
            assert other.dtype == matrix.dtype
            for part in ("indptr", "indices", "data"):
                assert np.array_equal(getattr(other, part), getattr(matrix, part))


def edit(articles: Sequence[Article], number: int, turn: int) -> list[Article]:
    changed = replace(articles[number], body=f"第{turn}次修改。" + articles[number].body)
    return [*articles[:number], changed, *articles[number + 1 :]]


def test_after_many_rebuilds_counts_are_right_and_shards_few(
    articles: list[Article], sample_index: Path, tmp_path: Path
) -> None:
    articles = articles[:40]
    for turn in range(2 * MOST_SHARDS):
        articles = edit(articles, turn, turn)
        found = analyze(articles, sample_index, tmp_path)
        assert found.reused == (39 if turn else 0)
    assert_equal(found, analyze(articles, sample_index))
    for kind in ("counts", "texts"):
        shards = list(tmp_path.glob(f"{kind}-*/*.shard"))
        assert 1 <= len(shards) <= MOST_SHARDS


def test_terms_of_articles_that_are_gone_have_no_column(
    articles: list[Article], sample_index: Path, tmp_path: Path
) -> None:
    analyze(articles, sample_index, tmp_path)
    found = analyze(articles[:7], sample_index, tmp_path)
    assert found.reused == 7
    assert_equal(found, analyze(articles[:7], sample_index))


def test_equal_articles_share_one_result(
    articles: list[Article], sample_index: Path, tmp_path: Path
) -> None:
    twice = [articles[0], replace(articles[0], id="copy"), articles[1]]
    analyze(twice[:1], sample_index, tmp_path)
    found = analyze(twice, sample_index, tmp_path)
    assert found.reused == 2
    assert_equal(found, analyze(twice, sample_index))


def test_new_counters_change_the_text_but_cut_nothing_again(
    articles: list[Article], sample_index: Path, tmp_path: Path
) -> None:
    analyze(articles[:9], sample_index, tmp_path)
    liked = [replace(article, likes=77, views=5) for article in articles[:9]]
    found = analyze(liked, sample_index, tmp_path)
    assert found.reused == 9
    assert_equal(found, analyze(liked, sample_index))


def test_another_corpus_in_the_same_cache_keeps_its_results(
    articles: list[Article], sample_index: Path, tmp_path: Path
) -> None:
    ours, theirs = articles[:20], articles[20:60]
    analyze(ours, sample_index, tmp_path)
    for turn in range(MOST_SHARDS + 2):
        theirs = edit(theirs, turn, turn)
        analyze(theirs, sample_index, tmp_path)
    assert analyze(ours, sample_index, tmp_path).reused == 20


def test_builds_at_once_share_one_cache(
    articles: list[Article], sample_index: Path, tmp_path: Path
) -> None:
    expected = analyze(articles[:30], sample_index)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            turns = [pool.submit(analyze, articles[:30], sample_index, tmp_path) for _ in range(4)]
            for turn in turns:
                assert_equal(turn.result(), expected)


def test_shard_nobody_used_for_a_month_is_removed(tmp_path: Path) -> None:
    now = [1e9]
    folder = ShardFolder(tmp_path, "texts", "f", now=lambda: now[0])
    keys = [bytes([number]) * 32 for number in range(3)]
    folder.add(keys, {"data": np.ones(3)})
    folder.find(keys, lambda file: file)
    folder.remove_unused()
    assert len(list(tmp_path.glob("*/*.shard"))) == 1
    now[0] += 31 * 86_400
    folder.remove_unused()
    assert list(tmp_path.glob("*/*.shard")) == []
