"""A gate measures; it refuses exactly beyond its bound and says what it found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.errors import ArtifactDamagedError, GateRefusedError, InputError
from engine.index.codec import map_array, write_array
from engine.index.manifest import read_manifest, write_manifest
from engine.index.snapshot import Snapshot, open_snapshot
from index_builder.gates.answer_gates import (
    GoldenQuery,
    check_evaluation,
    check_findability,
    check_golden,
    read_golden,
)
from index_builder.gates.check import Evaluation, GateOptions, check_gates
from index_builder.gates.corpus_gates import check_article_count, check_quarantine
from index_builder.gates.gate import Verdict, require_passed
from index_builder.gates.size_gate import check_size


@pytest.fixture(scope="module")
def snapshot(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


@pytest.mark.parametrize("loss_percent", range(0, 101, 5))
def test_a_loss_of_more_than_a_fifth_is_refused(loss_percent: int) -> None:
    verdict = check_article_count(1_000 - 10 * loss_percent, 1_000)
    assert verdict.passed == (loss_percent <= 20)
    assert "against 1,000 in the current version" in verdict.found


@pytest.mark.parametrize(("before", "just_enough"), [(7, 6), (10, 8), (101, 81), (5_996, 4_797)])
def test_the_bound_is_exact(before: int, just_enough: int) -> None:
    assert check_article_count(just_enough, before).passed
    assert not check_article_count(just_enough - 1, before).passed


@pytest.mark.parametrize("before", [None, 0, 10])
def test_an_empty_index_is_refused_whatever_was_before(before: int | None) -> None:
    assert not check_article_count(0, before).passed


def test_the_first_publication_and_growth_pass() -> None:
    assert check_article_count(1, None).passed
    assert check_article_count(10_000, 10).passed


@pytest.mark.parametrize(("quarantined", "passed"), [(0, True), (10, True), (11, False)])
def test_more_than_one_bad_line_in_a_hundred_is_refused(quarantined: int, passed: bool) -> None:
    counts = {"source.lines": 1_000, "source.quarantined": quarantined}
    assert check_quarantine(counts).passed == passed


def test_the_build_leaves_what_the_quarantine_gate_needs(snapshot: Snapshot) -> None:
    counts = snapshot.manifest.counts
    assert counts["source.lines"] == counts["articles"] == 126
    assert (counts["source.quarantined"], counts["source.replaced"]) == (0, 0)


def test_an_index_larger_than_its_readers_is_refused(snapshot: Snapshot) -> None:
    size = snapshot.manifest.total_bytes
    assert check_size(snapshot.manifest, size).passed
    assert not check_size(snapshot.manifest, size - 1).passed


def test_a_title_that_cannot_be_found_is_refused_by_name(
    sample_index: Path, tmp_path: Path
) -> None:
    assert check_findability(open_snapshot(sample_index)).passed
    broken = tmp_path / "index"
    shutil.copytree(sample_index, broken)
    # The planted defect: every list loses its articles to another number.
    path = broken / "terms.documents.npy"
    write_array(path, map_array(path)[::-1].copy())
    manifest = read_manifest(sample_index)
    write_manifest(
        broken,
        lexicon_fingerprint=manifest.lexicon_fingerprint,
        counts=manifest.counts,
        parameters=manifest.parameters,
    )
    verdict = check_findability(open_snapshot(broken))
    assert not verdict.passed
    assert "not found: " in verdict.found


def test_golden_queries_pass_when_all_articles_are_within_the_first_hits(
    snapshot: Snapshot,
) -> None:
    good = [GoldenQuery("直通车扣费", ("42",), 1), GoldenQuery("犇犇骉骉", (), 0)]
    assert check_golden(snapshot, good).passed
    bad = [
        GoldenQuery("直通车扣费", ("41",), 1),
        GoldenQuery("直通车", (), 0),
        GoldenQuery("犇犇骉骉", ("42",), 3),
    ]
    verdict = check_golden(snapshot, [*good, *bad])
    assert not verdict.passed
    assert verdict.found.startswith("2 of 5 pass: 直通车扣费: 41 not in the first 1; 直通车: ")
    assert "expected none" in verdict.found


def test_a_golden_query_that_cannot_be_asked_is_a_failure_not_a_crash(snapshot: Snapshot) -> None:
    verdict = check_golden(snapshot, [GoldenQuery("长" * 500, ("1",), 3)])
    assert not verdict.passed


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON"),
        ('{"relevant": []}', "query: expected some text"),
        ('{"query": " ", "relevant": []}', "query: expected some text"),
        ('{"query": "a", "relevant": "1"}', "relevant: expected a list"),
        ('{"query": "a", "relevant": [1]}', "relevant: expected a list"),
        ('{"query": "a", "relevant": [], "top": "3"}', "top: expected a number"),
        ('{"query": "a", "relevant": [], "top": 51}', "top: expected a number"),
        ("", "no query in it"),
    ],
)
def test_a_bad_golden_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "golden.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_golden(path)


def judged(tmp_path: Path) -> tuple[Path, Path]:
    queries, qrels = tmp_path / "queries.jsonl", tmp_path / "qrels.tsv"
    rows = [("a", "直通车扣费公式"), ("b", "花呗分期手续费")]
    lines = [json.dumps({"id": i, "type": "t", "query": query}) for i, query in rows]
    queries.write_text("\n".join(lines), encoding="utf-8")
    qrels.write_text("a\t0\t42\t1\nb\t0\tnobody\t1\n", encoding="utf-8")
    return queries, qrels


def test_the_evaluation_gate_measures_and_compares(snapshot: Snapshot, tmp_path: Path) -> None:
    queries, qrels = judged(tmp_path)
    assert check_evaluation(snapshot, queries, qrels, 0.5).passed
    verdict = check_evaluation(snapshot, queries, qrels, 0.51)
    assert not verdict.passed
    assert verdict.found == "nDCG@10 0.5000 over 2 queries"


def test_judgements_of_other_queries_are_bad_input(snapshot: Snapshot, tmp_path: Path) -> None:
    queries, qrels = judged(tmp_path)
    qrels.write_text("z\t0\t42\t1\n", encoding="utf-8")
    with pytest.raises(InputError, match="do they belong together"):
        check_evaluation(snapshot, queries, qrels, 0.5)


def test_all_gates_speak_even_when_an_early_one_refuses(sample_index: Path, tmp_path: Path) -> None:
    golden = tmp_path / "golden.jsonl"
    golden.write_text('{"query": "直通车扣费", "relevant": ["41"], "top": 1}', encoding="utf-8")
    options = GateOptions(golden, Evaluation(*judged(tmp_path), 0.9), max_bytes=1_000)
    verdicts = check_gates(sample_index, 1_000, options)
    assert [(verdict.gate, verdict.passed) for verdict in verdicts] == [
        ("verification", True),
        ("article count", False),
        ("quarantine", True),
        ("size", False),
        ("findability", True),
        ("golden queries", False),
        ("evaluation", False),
    ]
    with pytest.raises(GateRefusedError) as caught:
        require_passed(verdicts)
    message = str(caught.value)
    assert message.startswith("article count: found 126, -87.4% against 1,000")
    for gate in ("Also size", "Also golden queries", "Also evaluation"):
        assert gate in message


def test_a_damaged_index_is_not_measured(sample_index: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "index"
    shutil.copytree(sample_index, damaged)
    (damaged / "tags.json").write_bytes(b"[]")
    with pytest.raises(ArtifactDamagedError, match=r"tags\.json"):
        check_gates(damaged, None)


def test_nothing_is_raised_when_all_passed() -> None:
    require_passed([Verdict("gate", "1", "1", passed=True)])
