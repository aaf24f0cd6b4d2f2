"""publish, rollback, versions, inspect and report as a person runs them, with their exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from moto_server import S3Server

from engine.errors import WenmaiError
from engine.index.pointer_store import read_pointer
from engine.store.locations import open_store
from local.cli import exit_code_of, wenmai

REPOSITORY = Path(__file__).resolve().parents[2]


def run(*arguments: object) -> Result:
    """Run the command in this process; `exit_code` is what a shell would see."""
    result = CliRunner().invoke(wenmai, [str(argument) for argument in arguments])
    if isinstance(result.exception, WenmaiError):
        result.exit_code = exit_code_of(result.exception)
    elif result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(params=["file", "s3"])
def url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    if request.param == "file":
        yield (tmp_path / "站 点").as_uri()
        return
    server = request.getfixturevalue("s3_server")
    assert isinstance(server, S3Server)
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    yield f"s3://{server.create_bucket()}/site"


def state(url: str) -> Mapping[str, bytes]:
    store = open_store(url)
    return {entry.key: store.get(entry.key).data for entry in store.list()}


def current(url: str) -> tuple[int, int]:
    seen = read_pointer(open_store(url))
    assert seen is not None
    return seen.pointer.generation, seen.pointer.current.articles


def test_publish_refuse_force_rollback(url: str, sample_index: Path, small_index: Path) -> None:
    assert run("publish", sample_index, "--to", url).exit_code == 0
    assert current(url) == (1, 126)
    before = state(url)
    refused = run("publish", small_index, "--to", url)
    assert refused.exit_code == 3
    assert "REFUSED" in refused.output
    assert str(refused.exception).startswith(
        "article count: found 40, -68.3% against 126 in the current version, "
        "the bound is at most 20% fewer."
    )
    assert state(url) == before
    forced = run("publish", small_index, "--to", url, "--force", "--json")
    assert forced.exit_code == 0
    told = json.loads(forced.stdout)
    assert (told["generation"], told["moved"], told["uploaded"]) == (2, True, True)
    assert [gate["gate"] for gate in told["gates"] if not gate["passed"]] == ["article count"]
    listed = json.loads(run("versions", "--to", url, "--json").stdout)
    assert [(row["articles"], row["state"], row["files"]) for row in listed["versions"]] == [
        (40, "current", "all there"),
        (126, "kept", "all there"),
    ]
    back = run("rollback", "--to", url)
    assert back.exit_code == 0
    assert f"--version {told['version']}" in back.output
    assert current(url) == (3, 126)
    undone = run("rollback", "--to", url, "--version", told["version"])
    assert undone.exit_code == 0
    assert current(url) == (4, 40)
    assert "126" in run("versions", "--to", url).output


def test_inspect_verifies_what_is_published(
    url: str, sample_index: Path, small_index: Path
) -> None:
    run("publish", sample_index, "--to", url)
    run("publish", small_index, "--to", url, "--force")
    whole = run("inspect", url)
    assert whole.exit_code == 0
    assert "articles: 40" in whole.output
    assert "all checksums match" in whole.output
    seen = read_pointer(open_store(url))
    assert seen is not None
    (before,) = seen.pointer.previous
    assert "articles: 126" in run("inspect", url, "--version", before.version).output
    store, key = open_store(url), before.prefix + "tags.json"
    data = bytearray(store.get(key).data)
    data[5] ^= 1
    store.delete(key)
    store.put_if_absent(key, bytes(data))
    assert run("inspect", url).exit_code == 0
    damaged = run("inspect", url, "--version", before.version)
    assert damaged.exit_code == 4
    assert "tags.json: content differs" in str(damaged.exception)
    store.delete(key)
    assert run("inspect", url, "--version", before.version).exit_code == 4
    assert run("rollback", "--to", url).exit_code == 4
    assert "DAMAGED" in run("versions", "--to", url).output
    assert current(url) == (2, 40)


def test_publish_mends_a_damaged_current_version(url: str, sample_index: Path) -> None:
    run("publish", sample_index, "--to", url)
    store = open_store(url)
    seen = read_pointer(store)
    assert seen is not None
    key = seen.pointer.current.prefix + "tags.json"
    size = len(store.get(key).data)
    store.delete(key)
    store.put_if_absent(key, b"x" * size)
    assert run("inspect", url).exit_code == 4
    # The sizes are right, so only --again sends the files once more.
    assert run("publish", sample_index, "--to", url, "--again").exit_code == 0
    assert run("inspect", url).exit_code == 0
    assert current(url) == (2, 126)


def test_a_report_is_written_even_when_a_gate_refuses(
    sample_index: Path, small_index: Path, tmp_path: Path
) -> None:
    url, page = (tmp_path / "site").as_uri(), tmp_path / "report.html"
    queries = tmp_path / "queries.jsonl"
    queries.write_text('{"query": "直通车"}\n{"query": "花呗"}\n', encoding="utf-8")
    run("publish", sample_index, "--to", url)
    arguments = ("--report", page, "--queries", queries)
    assert run("publish", small_index, "--to", url, *arguments).exit_code == 3
    text = page.read_text(encoding="utf-8")
    assert "refused" in text
    assert "of 2 queries" in text
    page.unlink()
    assert run("report", url, small_index, "--queries", queries, "--out", page).exit_code == 0
    assert "of 2 queries" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("publish", "{tmp}", "--to", "{tmp}/site"), 4, "no manifest.json there"),
        (("publish", "{index}", "--to", "{index}"), 2, "is the folder of one index"),
        (("publish", "{index}", "--to", "ftp://host/x"), 2, "ftp://host/x"),
        (("publish", "{index}", "--to", "{tmp}/site", "--golden", "{tmp}/no"), 2, "no such file"),
        (("publish", "{index}", "--to", "{tmp}/site", "--min-ndcg", "0.5"), 2, "belong together"),
        (("publish", "{index}", "--to", "{tmp}/site", "--max-mb", "1"), 3, "size: found "),
        (("publish", "{index}", "--to", "{tmp}/site", "--queries", "{tmp}/q"), 2, "--report"),
        (("publish", "{damaged}", "--to", "{tmp}/site", "--force"), 4, "tags.json"),
        (("rollback", "--to", "{tmp}/site"), 2, "nothing was published there yet"),
        (("versions", "--to", "{tmp}/site"), 2, "nothing was published there yet"),
        (("inspect", "{index}", "--version", "0" * 16), 2, "leave out --version"),
        (("report", "{tmp}/no", "{index}", "--out", "{tmp}/r.html"), 5, "no manifest.json"),
    ],
)
def test_each_failure_has_its_exit_code_and_leaves_nothing(
    sample_index: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(sample_index, damaged)
    (damaged / "tags.json").write_bytes(b"[]")
    places = {"tmp": tmp_path, "index": sample_index, "damaged": damaged}
    result = run(*(argument.format(**places) for argument in arguments))
    assert result.exit_code == code, result.output
    assert message in str(result.exception)
    assert not (tmp_path / "site").exists()


def test_a_store_that_is_not_there_exits_with_5(
    sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    for command in (
        ("publish", sample_index, "--to", "s3://bucket/site"),
        ("rollback", "--to", "s3://bucket/site"),
        ("versions", "--to", "s3://bucket/site"),
        ("inspect", "s3://bucket/site"),
    ):
        assert run(*command).exit_code == 5


def test_the_exit_code_reaches_the_shell(
    small_index: Path, sample_index: Path, tmp_path: Path
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}

    def shell(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "local.cli", *map(str, arguments)],
            capture_output=True, text=True, check=False, cwd=REPOSITORY, env=environment,
        )  # fmt: skip

    assert shell("publish", sample_index, "--to", tmp_path / "site").returncode == 0
    refused = shell("publish", small_index, "--to", tmp_path / "site")
    assert refused.returncode == 3
    assert refused.stderr.startswith("wenmai: article count: found 40")
    assert "Traceback" not in refused.stderr
