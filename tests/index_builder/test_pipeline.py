"""The whole build, on real sample articles: deterministic, whole or not at all, loud about bad input."""

from __future__ import annotations

import atexit
import json
import os
import random
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from engine.errors import GateRefusedError, InputError
from engine.index.manifest import describe_file, read_manifest
from engine.index.snapshot import open_snapshot
from index_builder.pipeline import BuildOptions, build_index

REPOSITORY = Path(__file__).resolve().parents[2]
LEXICON = REPOSITORY / "lexicon"
SAMPLE = sorted((REPOSITORY / "local" / "sample").glob("*.jsonl"))


@pytest.fixture(scope="module")
def lines() -> list[str]:
    every = [line for path in SAMPLE for line in path.read_text("utf-8").splitlines()]
    return every[:40]


_cache = Path(tempfile.mkdtemp(prefix="wenmai-test-cache-"))
atexit.register(shutil.rmtree, _cache, ignore_errors=True)


def _build(folder: Path, lines: list[str]) -> Path:
    source = folder / "source.jsonl"
    source.write_text("\n".join(lines), encoding="utf-8")
    out = folder / "index"
    build_index(BuildOptions([source], out, LEXICON, jobs=1, cache=_cache))
    return out


def _content(index: Path) -> dict[str, str]:
    return {path.name: describe_file(path).sha256 for path in index.iterdir()}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, lines: list[str]) -> Path:
    return _build(tmp_path_factory.mktemp("built"), lines)


def test_input_order_leaves_no_trace(index: Path, lines: list[str], tmp_path: Path) -> None:
    shuffled = random.Random(7).sample(lines, len(lines))  # noqa: S311 - a shuffle, not a secret
    assert _content(_build(tmp_path, shuffled)) == _content(index)


def test_hash_seed_and_worker_processes_leave_no_trace(
    index: Path, lines: list[str], tmp_path: Path
) -> None:
    # Small chunks, so that two processes really share the work of forty articles.
    script = (
        "import sys\nfrom pathlib import Path\n"
        "import index_builder.parallel_analysis as a\nimport index_builder.pipeline as p\n"
        "if __name__ == '__main__':\n"
        "    a.CHUNK_ARTICLES = 9\n"
        "    source, out, lexicon = map(Path, sys.argv[1:])\n"
        "    p.build_index(p.BuildOptions([source], out, lexicon, 2))\n"
    )
    (tmp_path / "build.py").write_text(script, encoding="utf-8")
    source = tmp_path / "source.jsonl"
    source.write_text("\n".join(lines), encoding="utf-8")
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "PYTHONPATH": str(REPOSITORY)}
    arguments = [source, tmp_path / "index", LEXICON]
    subprocess.run([sys.executable, tmp_path / "build.py", *arguments], check=True, env=environment)
    assert _content(tmp_path / "index") == _content(index)


def test_the_manifest_names_every_file_and_all_are_whole(index: Path) -> None:
    manifest = read_manifest(index)
    assert set(manifest.files) | {"manifest.json"} == {path.name for path in index.iterdir()}
    assert manifest.counts["articles"] == 40
    open_snapshot(index, verify=True)


def test_nothing_in_the_artifact_can_execute(index: Path) -> None:
    suffixes = {path.suffix for path in index.iterdir()}
    assert suffixes == {".npy", ".json", ".bin", ".marisa"}


def test_a_refused_build_leaves_the_old_index_as_it_was(lines: list[str], tmp_path: Path) -> None:
    out = _build(tmp_path, lines[:10])
    before = _content(out)
    with pytest.raises(GateRefusedError):
        _build(tmp_path, [*lines[:10], "{broken"])
    assert _content(out) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_rebuild_replaces_the_old_index(lines: list[str], tmp_path: Path) -> None:
    first = read_manifest(_build(tmp_path, lines[:10]))
    second = read_manifest(_build(tmp_path, lines[:12]))
    assert (first.counts["articles"], second.counts["articles"]) == (10, 12)
    assert first.index_version != second.index_version


def test_a_folder_that_is_no_index_is_never_overwritten(lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "thesis.txt").write_text("三年的心血", encoding="utf-8")
    with pytest.raises(InputError, match="exists and is no index"):
        _build(tmp_path, lines[:10])
    assert (tmp_path / "index" / "thesis.txt").read_text("utf-8") == "三年的心血"


@pytest.mark.skipif(
    os.geteuid() == 0, reason="root may write anywhere, so nothing would be refused"
)
def test_a_folder_that_cannot_be_written_is_named(lines: list[str], tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(InputError, match="cannot be written"):
        build_index(BuildOptions([SAMPLE[0]], locked / "index", LEXICON, 1, _cache))


def test_an_output_path_below_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        build_index(BuildOptions([SAMPLE[0]], tmp_path / "file" / "index", LEXICON, 1, _cache))


def test_one_article_is_a_corpus(tmp_path: Path) -> None:
    line = json.dumps({"id": "1", "title": "直通车", "body": "扣费"}, ensure_ascii=False)
    assert read_manifest(_build(tmp_path, [line])).counts["articles"] == 1


def test_a_very_long_body_and_one_of_punctuation_are_articles(tmp_path: Path) -> None:
    long_body = "发货超时会被罚多少。" * 20_000
    records = [
        {"id": "1", "title": "长文", "body": long_body},
        {"id": "2", "title": "……", "body": "!?!?"},
        {"id": "3", "title": "孤儿", "body": "\ud83d 半个表情"},
    ]
    out = _build(tmp_path, [json.dumps(record) for record in records])
    snapshot = open_snapshot(out, verify=True)
    assert snapshot.articles.text(0).body == long_body
    assert snapshot.articles.text(2).body == "\ufffd 半个表情"
