"""A build that reuses the work of earlier ones gives the bytes of one that does not."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engine.index.manifest import describe_file
from index_builder import parallel_analysis
from index_builder.analyzed_corpus import CACHED_KINDS
from index_builder.build_report import BuildReport
from index_builder.cache import article_keys
from index_builder.cache.sealed_file import SealedFile, write_sealed
from index_builder.pipeline import BuildOptions, build_index

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLE = sorted((REPOSITORY / "local" / "sample").glob("*.jsonl"))

Records = list[dict[str, Any]]


class Content:
    """What a build reports, and the digest of each of its files."""

    def __init__(self, report: BuildReport, files: dict[str, str]) -> None:
        self.report = report
        self.files = files


Build = Callable[[Records, Path | None], Content]


@pytest.fixture(scope="module")
def lexicon_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the lexicon once: entries of the other caches link to it."""
    folder = tmp_path_factory.mktemp("lexicon")
    build_index(
        BuildOptions(
            [SAMPLE[0]], tmp_path_factory.mktemp("x") / "x", REPOSITORY / "lexicon", 1, folder
        )
    )
    return next(folder.glob("lexicon-*"))


@pytest.fixture
def records() -> Records:
    lines = [line for path in SAMPLE for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines[:48]]


@pytest.fixture
def cache(tmp_path: Path, lexicon_cache: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / lexicon_cache.name).symlink_to(lexicon_cache)
    return folder


@pytest.fixture
def content(tmp_path: Path, lexicon_cache: Path) -> Build:
    def build(records: Records, cache: Path | None) -> Content:
        source = tmp_path / "source.jsonl"
        source.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in records), "utf-8")
        out = tmp_path / "index"
        if cache is None:
            cache = tmp_path / f"no-cache-{random.random()}"  # noqa: S311
            cache.mkdir()
            (cache / lexicon_cache.name).symlink_to(lexicon_cache)
        report = build_index(BuildOptions([source], out, REPOSITORY / "lexicon", 1, cache))
        return Content(report, {path.name: describe_file(path).sha256 for path in out.iterdir()})

    return build


def edited(records: Records) -> Records:
    """Change one article, drop one, add one; raise the counters of all."""
    changed = [dict(record, views=(record.get("views") or 0) + 7, likes=3) for record in records]
    changed[5]["body"] += "直通车改了扣费规则,新词:螺蛳粉盲盒联名款。"
    changed[9]["tags"] = ["搬家标签"]
    del changed[20]
    new = {"id": "new-1", "title": "私域社群怎么拉新", "body": "先有种子用户,再谈裂变。新手村。"}
    return [*changed, new]


def test_rebuild_with_a_cache_gives_the_bytes_of_one_without(
    records: Records, cache: Path, content: Build
) -> None:
    first = content(records, cache)
    assert first.report.reused == 0
    again = content(records, cache)
    assert (again.report.reused, again.files) == (48, first.files)
    changed = content(edited(records), cache)
    assert changed.report.reused == 45
    assert changed.files == content(edited(records), None).files
    assert changed.files != first.files


def damage_bytes(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(bytes(data))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def forge_shorter_rows(path: Path) -> None:
    """Seal sections that do not fit together, as a defect of an older version might have."""
    file = SealedFile(path)
    names = [name for name in file._sections if name != "keys"]
    arrays = {name: file.array(name) for name in names}
    arrays = {
        name: array[:-1] if name.endswith(("starts", "bounds")) else array
        for name, array in arrays.items()
    }
    write_sealed(path, {"keys": file.array("keys"), **arrays})


@pytest.mark.parametrize("damage", [damage_bytes, truncate, empty, forge_shorter_rows])
def test_damaged_cache_is_noticed_worked_out_again_and_mended(
    damage: Callable[[Path], None],
    records: Records,
    cache: Path,
    content: Build,
) -> None:
    whole = content(records, cache)
    shards = sorted(cache.glob("*/*.shard"))
    assert {shard.parent.name.partition("-")[0] for shard in shards} == set(CACHED_KINDS)
    for shard in shards:
        damage(shard)
    mended = content(records, cache)
    assert mended.files == whole.files
    assert mended.report.reused == 0
    assert len(mended.report.damaged_cache) == len(CACHED_KINDS)
    after = content(records, cache)
    assert (after.report.reused, after.report.damaged_cache, after.files) == (48, (), whole.files)


def test_planted_wrong_result_under_a_right_key_would_be_seen(
    records: Records, cache: Path, content: Build
) -> None:
    # The comparison of bytes above is only worth something if a wrong cell changes them.
    whole = content(records, cache)
    path = next(cache.glob("counts-*/*.shard"))
    file = SealedFile(path)
    arrays = {name: np.array(file.array(name)) for name in file._sections}
    arrays["words.body.counts"][100] += 1
    write_sealed(path, arrays)
    assert content(records, cache).files != whole.files


def test_other_code_or_lexicon_finds_nothing_of_it(
    records: Records,
    cache: Path,
    content: Build,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content(records, cache)
    monkeypatch.setattr(article_keys, "_TOOLS", ("jieba",))
    assert content(records, cache).report.reused == 0


@pytest.mark.parametrize(
    "path",
    ["index_builder/word_counts.py", "index_builder/cache/word_ways.py", "engine/index/codec.py"],
)
def test_other_code_has_another_fingerprint(
    path: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = article_keys.analysis_fingerprint("lexicon")
    assert article_keys.analysis_fingerprint("other lexicon") != before
    for name in ("engine", "index_builder"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
        module = SimpleNamespace(__file__=str(tmp_path / name / "__init__.py"))
        monkeypatch.setattr(article_keys, name, module)
    assert article_keys.analysis_fingerprint("lexicon") == before
    with (tmp_path / path).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert article_keys.analysis_fingerprint("lexicon") != before


@pytest.mark.parametrize("kind", ["spelled", "ways", "readings"])
def test_planted_wrong_text_under_a_right_key_would_be_seen(
    kind: str, records: Records, cache: Path, content: Build
) -> None:
    # What is kept of words and titles is used, and a wrong letter in it would reach the index.
    whole = content(records, cache)
    path = next(cache.glob(f"{kind}-*/*.shard"))
    file = SealedFile(path)
    arrays = {name: np.array(file.array(name)) for name in file._sections}
    data = arrays["data"].tobytes().replace(b"zh", b"ch")
    arrays["data"] = np.frombuffer(data, dtype=np.uint8)
    write_sealed(path, arrays)
    again = content(edited(records), cache)
    assert again.report.damaged_cache == ()
    assert again.files != content(edited(records), None).files
    assert again.files != whole.files


def test_no_process_pool_is_started_for_one_job(
    records: Records,
    cache: Path,
    content: Build,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Lambda has no semaphores: a pool cannot even be created there.
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no semaphores here")

    monkeypatch.setattr(parallel_analysis, "ProcessPoolExecutor", refuse)
    assert content(records, cache).report.articles == 48
