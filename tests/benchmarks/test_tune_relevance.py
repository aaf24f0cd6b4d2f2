"""Tuning scores as the index does, and never chooses by what it is judged on."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks import tune_relevance
from benchmarks.relevance.choosing import across_folds, across_sets, measure
from benchmarks.relevance.evidence import Evidence
from benchmarks.relevance.forms import current, forms
from benchmarks.relevance.judged_set import JudgedSet, SetReader
from benchmarks.relevance.unseen_sets import cut_queries_out
from engine.documents import Article
from engine.index.snapshot import open_snapshot
from engine.search import term_weights
from engine.search.query_plan import plan_query
from engine.search.scorer import Scorer
from engine.search.term_reader import TermReader
from index_builder.corpus import read_corpus
from index_builder.evaluation.judgements import JudgedQuery

REPOSITORY = Path(__file__).resolve().parents[2]
QUERIES = REPOSITORY / "benchmarks" / "sample_queries" / "queries.jsonl"
# A word, a topic, a question, a pasted paragraph.
TYPED = ("运费", "主图 点击率", "刚开的淘宝店没有订单怎么办")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[JudgedSet, SetReader]:
    reader = SetReader(tmp_path_factory.mktemp("tune"), None, jobs=1)
    articles = read_corpus(sorted((REPOSITORY / "local" / "sample").glob("*.jsonl"))).articles
    texts = [json.loads(line)["query"] for line in QUERIES.read_text("utf-8").splitlines()]
    # The longest one is many times as long as a title.
    texts = [*TYPED, *texts, articles[0].body[:200].replace("-", "").replace('"', "")]
    queries = [JudgedQuery(str(number), text, "typed") for number, text in enumerate(texts)]
    judgements = {query.id: {articles[0].id: 1} for query in queries}
    return reader.count("sample", articles, queries, judgements), reader


def test_brute_force_scores_as_the_index_does(
    sample: tuple[JudgedSet, SetReader], sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged, reader = sample
    # What long queries leave out to save time is no part of the formula.
    monkeypatch.setattr(term_weights, "MANY_UNITS", 10**6)
    snapshot = open_snapshot(sample_index)
    found = Evidence(judged, reader.analyzer).scores(current())
    compared = 0
    for query, row in zip(judged.queries, found, strict=True):
        plan = plan_query(snapshot.analyzer, query.text)
        if plan.expanded or plan.phrases or plan.excluded or not plan.groups:
            continue  # synonyms and operators are not tuned
        expected = Scorer(TermReader(snapshot), plan).score_all()
        # An impact is stored in 255 steps of its term's greatest.
        np.testing.assert_allclose(row, expected, atol=0.02 * expected.max())
        compared += 1
    assert compared >= 10


def test_forms_differ_from_what_is_built_and_from_each_other() -> None:
    tried = forms()
    assert tried[0] == current()
    assert len({form.name for form in tried}) == len(tried)
    for one, other in pairwise(tried):
        assert one != other


def test_titles_count_more_in_short_and_in_long_queries() -> None:
    growth = current().title_growth(np.asarray([2, 4, 5, 20, 60]))
    assert growth[0] == growth[1] > 1.0
    assert growth[2] == growth[3] == 1.0
    assert growth[4] > 1.0


def test_gain_is_that_of_the_articles_on_top() -> None:
    judged = JudgedSet(
        "made",
        ["a", "b", "c"],
        {},
        [JudgedQuery("1", "退货", "word"), JudgedQuery("2", "运费险", "word")],
        {"1": {"b": 1}, "2": {"c": 1}},
    )
    scores = np.asarray([[0.1, 0.9, 0.0], [0.5, 0.2, 0.4]], dtype=np.float32)
    assert measure(judged, scores)[("made", "word")].tolist() == pytest.approx(
        [1.0, 1 / np.log2(3)]
    )


def test_a_form_is_chosen_on_the_folds_it_is_not_judged_on() -> None:
    cell = ("made", "word")
    built = {cell: np.asarray([0.5, 0.5, 0.5, 0.5])}
    other = {cell: np.asarray([0.9, 0.9, 0.1, 0.1])}
    folds = {cell: np.asarray([0, 0, 1, 1])}
    first, second = across_folds([("as built", built), ("other", other)], folds)
    # Fold 1 alone would choose "other"; what the rest says of it is bad, and so it is not chosen there.
    assert (first.form, first.worth) == ("as built", 0.5)
    assert (second.form, second.worth, second.built_worth) == ("other", 0.1, 0.5)


def test_a_set_has_no_say_in_what_it_is_judged_on() -> None:
    built = {("a", "word"): np.asarray([0.5]), ("b", "word"): np.asarray([0.5])}
    other = {("a", "word"): np.asarray([0.9]), ("b", "word"): np.asarray([0.2])}
    first, second = across_sets([("as built", built), ("other", other)])
    assert (first.unseen, first.form) == ("a", "as built")
    assert (second.unseen, second.form, second.worth) == ("b", "other", 0.2)


def test_a_made_query_does_not_stand_in_the_text_it_seeks() -> None:
    opening = (
        "开店第一个月最难的不是选品,而是看懂后台那一堆数字:访客、点击、转化,"
        "每一个都在说话,只是没有人教过你怎么听。"
    )
    first = Article(
        "1",
        "新店第一个月怎么过",
        f"{opening}\n先看访客从哪里来\n访客分三种。\n再看转化为什么低\n价格不是唯一的原因。",
    )
    second = Article("2", "退货怎么办", "先看访客从哪里来\n退货率高的商品要先下架。")
    kept, queries = cut_queries_out([first, second])
    assert [query.type for query in queries] == ["heading", "opening"]
    for query in queries:
        assert query.text not in kept[0].body
    # The other heading stands in two articles, so it is no question with one answer.
    assert queries[0].text == "再看转化为什么低"
    assert queries[1].text == opening
    assert kept[1] == second
    assert cut_queries_out([first, second]) == (kept, queries)


def test_absent_judgements_are_said_plainly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.argv", ["tune_relevance", "--data", str(tmp_path)])
    with pytest.raises(SystemExit, match="absent: there are no judged queries to tune on"):
        tune_relevance.main()
