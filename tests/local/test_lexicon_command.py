"""`wenmai lexicon` as a person runs it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from index_builder.lexicon.findings import EXPLANATIONS, Finding, Kind
from local.cli import wenmai
from local.commands.lexicon_findings import as_record, print_findings

REPOSITORY = Path(__file__).resolve().parents[2]
TERMS = REPOSITORY / "lexicon" / "domain_terms.txt"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(wenmai, ["lexicon", *map(str, arguments)])


def test_the_packaged_lexicon_has_no_errors_and_a_table_of_bounded_length(
    sample_index: Path,
) -> None:
    done = run("check", "--index", sample_index)
    assert done.exit_code == 0, done.output
    assert re.search(r"^errors: 0, remarks: [\d,]+$", done.stdout, re.MULTILINE)
    assert re.search(r"^remark: joins \([\d,]+\)", done.stdout, re.MULTILINE)
    assert re.search(r"… and [\d,]+ more \(see --json\)", done.stdout)
    assert len(done.stdout.splitlines()) < 250


def test_a_lexicon_that_cannot_be_built_exits_with_2_and_names_the_line(tmp_path: Path) -> None:
    for name in ("domain_terms", "stop_words", "blocked_words"):
        (tmp_path / f"{name}.txt").write_text("京小仓\n", "utf-8")
    (tmp_path / "synonyms.txt").write_text("京小仓, 小仓\n[孤单]\n", "utf-8")
    command = [sys.executable, "-m", "local.cli", "lexicon", "check", "--lexicon", tmp_path]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=REPOSITORY, timeout=120, check=False
    )
    assert done.returncode == 2
    assert "synonyms.txt:2  [孤单]  one term alone has no synonym" in done.stdout
    assert done.stderr == f"wenmai: {tmp_path}: 1 line cannot be used; see above and mend them\n"


def test_json_holds_every_field_and_every_kind_is_explained() -> None:
    cut = ("京", "小仓"), ("京小仓",)
    finding = Finding(Kind.JOINS, "domain_terms.txt", 3, "京小仓", "", *cut, places=2, seen=5)
    assert as_record(finding) == {
        "level": "remark",
        "kind": "joins",
        "file": "domain_terms.txt",
        "line": 3,
        "word": "京小仓",
        "detail": "",
        "before": ["京", "小仓"],
        "after": ["京小仓"],
        "places": 2,
        "seen": 5,
    }
    assert set(EXPLANATIONS) == set(Kind)


def test_what_could_redraw_the_terminal_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_findings([Finding(Kind.UNUSABLE, "synonyms.txt", 2, "[red]\x1b[2J孤单\u202e", "bad")])
    printed = capsys.readouterr().out
    assert "synonyms.txt:2  [red]�[2J孤单�  bad" in printed
    assert "errors: 1, remarks: 0" in printed


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("queries") / "zero.txt"
    path.write_text('元梦之星怎么玩\n{"query": "元梦之星", "count": 3}\n', "utf-8")
    return path


def test_mine_prints_a_diff_and_writes_nothing(sample_index: Path, queries: Path) -> None:
    before = TERMS.read_bytes()
    done = run("mine", "--index", sample_index, "--queries", queries, "--top", "6")
    assert done.exit_code == 0, done.output
    assert TERMS.read_bytes() == before
    lines = done.stdout.splitlines()
    assert lines[:2] == ["--- a/lexicon/domain_terms.txt", "+++ b/lexicon/domain_terms.txt"]
    added = [line[1:] for line in lines[2:] if line.startswith("+")]
    words = [line for line in added if line and not line.startswith("#")]
    assert len(words) == 7
    assert all(2 <= len(word) <= 6 for word in words)
    assert added[-2:] == ["# 搜 4 次, 见于 0 篇: 元梦之星", "元梦之星"]
    assert re.search(r"articles: \d+ candidates, 6 proposed; 2 searches: 1 candidates", done.stderr)


def test_mine_writes_the_diff_where_it_is_told_to(sample_index: Path, tmp_path: Path) -> None:
    out = tmp_path / "words.diff"
    done = run("mine", "--index", sample_index, "--top", "2", "--out", out)
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert out.read_text("utf-8").startswith("--- a/lexicon/domain_terms.txt\n")
    failed = run("mine", "--index", sample_index, "--out", tmp_path / "no" / "words.diff")
    assert "cannot be written" in str(failed.exception)
