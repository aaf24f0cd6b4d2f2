"""The command line as a person runs it: what it prints, what it exits with."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "local.cli", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=REPOSITORY, timeout=120, check=False
    )


def test_help_lists_every_command_without_loading_the_builder() -> None:
    done = _run("--help")
    assert done.returncode == 0
    for name in ("demo", "build", "serve", "search", "batch", "evaluate", "inspect", "lexicon",
                 "publish", "rollback", "versions", "report"):  # fmt: skip
        assert f"  {name} " in done.stdout
    script = "import sys, local.cli as c; c.wenmai.main(['-h'], standalone_mode=False)\n"
    script += "sys.exit('sklearn' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, check=False)
    assert loaded.returncode == 0


def test_search_prints_the_best_hit_first(sample_index: Path) -> None:
    done = _run("search", "直通车扣费", "--index", sample_index, "--json", "--size", "2")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["hits"][0]["card"]["id"] == "42"


def test_batch_then_evaluate_agree_on_the_same_queries(sample_index: Path, tmp_path: Path) -> None:
    queries = tmp_path / "queries.jsonl"
    rows = [("a", "直通车扣费公式", "42"), ("b", "花呗分期手续费", "30")]
    queries.write_text(
        "".join(json.dumps({"id": i, "type": "t", "query": q}) + "\n" for i, q, _ in rows), "utf-8"
    )
    qrels = tmp_path / "qrels.tsv"
    qrels.write_text("".join(f"{i}\t0\t{article}\t1\n" for i, _, article in rows), "utf-8")
    run = tmp_path / "run.jsonl"
    done = _run("batch", "search", "--index", sample_index, "--in", queries, "--out", run)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in run.read_text("utf-8").splitlines()]
    assert [(a["id"], a["hits"][0]) for a in answers] == [("a", "42"), ("b", "30")]
    assert all(a["ms"] >= 0 and len(a["hits"]) <= 10 for a in answers)
    done = _run(
        "evaluate",
        "search",
        "--index",
        sample_index,
        "--queries",
        queries,
        "--qrels",
        qrels,
        "--json",
    )
    figures = json.loads(done.stdout)["figures"]
    assert [(f["type"], f["queries"], f["ndcg"]) for f in figures] == [
        ("all", 2, 1.0),
        ("t", 2, 1.0),
    ]


def test_related_runs_take_ids_and_skip_none(sample_index: Path, tmp_path: Path) -> None:
    source = tmp_path / "ids.jsonl"
    source.write_text('{"id": "41"}\n{"id": "nobody"}\n', encoding="utf-8")
    run = tmp_path / "run.jsonl"
    arguments = ("--index", sample_index, "--in", source, "--out", run, "--size", "5")
    assert _run("batch", "related", *arguments).returncode == 0
    known, unknown = [json.loads(line) for line in run.read_text("utf-8").splitlines()]
    assert len(known["hits"]) == 5
    assert unknown["hits"] == []


def test_inspect_passes_a_whole_index_and_names_a_damaged_file(
    sample_index: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "index"
    shutil.copytree(sample_index, copy)
    done = _run("inspect", copy)
    assert done.returncode == 0
    assert "all checksums match" in done.stdout
    damaged = copy / "terms.impacts.npy"
    content = bytearray(damaged.read_bytes())
    content[-1] ^= 1
    damaged.write_bytes(content)
    done = _run("inspect", copy)
    assert done.returncode == 4
    assert "terms.impacts.npy: content differs" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("build",), 2, "Missing argument"),
        (("build", "missing.jsonl", "--out", "{tmp}/x"), 2, "missing.jsonl: no such file"),
        (("build", "{tmp}/empty.jsonl", "--out", "{tmp}/x"), 2, "no articles in it"),
        (("build", "{tmp}/broken.jsonl", "--out", "{tmp}/x"), 3, "quarantine: found 1 of 2 lines"),
        (("inspect", "{tmp}"), 4, "no manifest.json there"),
        (("search", "直通车", "--index", "{tmp}"), 4, "no manifest.json there"),
        (("search", "长" * 201, "--index", "{tmp}"), 2, "TEXT: 201 characters, expected 1 to 200"),
        (("serve", "--index", "{tmp}/nowhere"), 4, "no manifest.json there"),
        (("publishh",), 2, "No such command"),
    ],
)
def test_each_failure_has_its_exit_code_and_says_what_to_do(
    tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    (tmp_path / "broken.jsonl").write_text(
        '{"id": "1", "title": "标题", "body": "正文"}\n{broken\n', encoding="utf-8"
    )
    done = _run(*(argument.replace("{tmp}", str(tmp_path)) for argument in arguments))
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "x").exists()
