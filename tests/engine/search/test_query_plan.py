"""What the engine reads out of what people type."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.analyzer import Analyzer
from engine.index.snapshot import open_snapshot
from engine.search.query_plan import plan_query


@pytest.fixture(scope="module")
def analyzer(sample_index: Path) -> Analyzer:
    return open_snapshot(sample_index).analyzer


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("直通車低價引流", ("直通车", "低价引流")),
        ("ZTC扣费", ("ztc", "扣费")),
        ("Ｐｌｕｓ会员价", ("plus", "会员价")),
        ("淘宝店铺怎么装修才好看", ("淘宝", "店铺", "装修", "好看")),
        ("京东京小仓是什么", ("京东", "京小仓")),
    ],
)
def test_content_words_are_the_terms(analyzer: Analyzer, text: str, terms: tuple[str, ...]) -> None:
    assert plan_query(analyzer, text).terms == terms


@pytest.mark.parametrize(
    "text", ["怎么", "怎么办呢", "?!。,", "   ", "", "的 the of", "\x00\u200b"]
)
def test_stop_words_and_punctuation_alone_ask_for_nothing(analyzer: Analyzer, text: str) -> None:
    plan = plan_query(analyzer, text)
    assert plan.groups == ()
    assert plan.grams == {}


@pytest.mark.parametrize(
    "quoted", ['"仅退款申诉"', "“仅退款申诉”", "「仅退款申诉」", "『仅退款申诉』"]
)
def test_quotes_of_any_kind_make_a_phrase(analyzer: Analyzer, quoted: str) -> None:
    plan = plan_query(analyzer, f"拼多多 {quoted}")
    assert plan.phrases == ("仅退款申诉",)
    assert {"拼多多", "申诉"} <= set(plan.terms)


def test_quotes_that_stress_a_word_in_prose_are_no_operator(analyzer: Analyzer) -> None:
    plan = plan_query(analyzer, "做大“私域流量”的三个办法")
    assert plan.phrases == ()
    assert "私域流量" in plan.terms


def test_a_repeated_word_counts_as_often_as_it_is_typed(analyzer: Analyzer) -> None:
    (group,) = plan_query(analyzer, "直通车 直通车").groups
    assert (group.term, group.times) == ("直通车", 2)


def test_a_minus_excludes_what_follows_it(analyzer: Analyzer) -> None:
    plan = plan_query(analyzer, "直通车 -天猫 －京东")
    assert plan.terms == ("直通车",)
    assert plan.excluded == ("天猫", "京东")


def test_a_hyphen_inside_a_word_excludes_nothing(analyzer: Analyzer) -> None:
    assert plan_query(analyzer, "7-11 加盟").excluded == ()


def test_synonyms_are_disclosed(analyzer: Analyzer) -> None:
    plan = plan_query(analyzer, "ztc")
    assert [(e.term, e.source, e.via) for e in plan.expanded] == [("直通车", "ztc", "synonym")]


@given(text=st.text(alphabet=st.one_of(st.characters(), st.sampled_from('"“”「-退款'))))
def test_whatever_is_typed_has_a_plan(analyzer: Analyzer, text: str) -> None:
    plan = plan_query(analyzer, text)
    assert len(set(plan.terms)) == len(plan.terms)
