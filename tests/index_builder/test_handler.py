"""The nightly Lambda's door: the same rebuild, within the function's limits, against S3 (moto stands in)."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from published_place import PublishedPlace
from small_site import NOW, lexicon_cache, site_articles, write_source

from engine.errors import GateRefusedError, InputError, SourceError
from engine.index.pointer_store import read_pointer
from engine.live.article_changes import ArticleChanges
from engine.store.protocol import Store
from index_builder import handler, lambda_limits, parallel_analysis, source_fetch
from index_builder import rebuild as rebuild_module
from index_builder.build_report import SilentProgress
from index_builder.lambda_limits import LambdaLimits, ProgressWithinTime, require_room

MEGABYTE = 1 << 20


class Call:
    """What Lambda says of a call that has so many seconds left."""

    def __init__(self, seconds: float = 600.0) -> None:
        self.seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1_000)


@pytest.fixture
def bucket(
    s3_place: PublishedPlace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> PublishedPlace:
    """Let the handler find the stand-in, and the lexicon compiled already."""

    def open_store(url: str, *, deadline_seconds: float = 5.0) -> Store:
        return PublishedPlace(url, tmp_path / "cache", s3_place.options).open(deadline_seconds)

    for module in (handler, source_fetch):
        monkeypatch.setattr(module, "open_store", open_store)
    build = rebuild_module.build_index

    def with_lexicon(options: Any, progress: Any) -> Any:
        (entry,) = lexicon_cache().glob("lexicon-*")
        options.cache.mkdir(parents=True, exist_ok=True)
        if not (options.cache / entry.name).exists():
            (options.cache / entry.name).symlink_to(entry)
        return build(options, progress)

    monkeypatch.setattr(
        handler,
        "rebuild",
        lambda *arguments: rebuild_module.rebuild(*arguments, build=with_lexicon),
    )
    return s3_place


def environment_of(place: PublishedPlace, source: str, memory: int = 3008) -> dict[str, str]:
    return {
        handler.INDEX_VARIABLE: place.url,
        handler.SOURCE_VARIABLE: source,
        handler.MEMORY_VARIABLE: str(memory),
    }


def upload(place: PublishedPlace, path: Path) -> str:
    """Put the file beside the index, as an export would; return its URL."""
    place.open().put_if_absent(f"source/{path.name}", path.read_bytes())
    return f"{place.url}/source/{path.name}"


def test_nightly_call_publishes_the_source_with_the_live_changes_in_it(
    bucket: PublishedPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no semaphores here")

    # As in Lambda: no pool of processes can be made.
    monkeypatch.setattr(parallel_analysis, "ProcessPoolExecutor", refuse)
    plain = write_source(tmp_path / "articles.jsonl", site_articles())
    packed = tmp_path / "articles.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    environment = environment_of(bucket, upload(bucket, packed))
    ArticleChanges(bucket.open(), lambda: NOW).delete("3")
    first = handler.run({}, Call(), environment)
    assert (first["articles"], first["generation"], first["reused"]) == (7, 1, 0)
    assert first["folded"] == {"put": 0, "left_out": 1, "source_newer": 0}
    seen = read_pointer(bucket.open())
    assert seen is not None
    assert seen.pointer.current.version == first["index_version"]
    again = handler.run({}, Call(), environment)
    assert (again["moved"], again["reused"]) == (False, 7)


def test_function_with_too_little_memory_refuses_before_it_builds(
    bucket: PublishedPlace, tmp_path: Path
) -> None:
    source = write_source(tmp_path / "articles.jsonl", site_articles())
    with pytest.raises(GateRefusedError, match=r"memory: .*the bound is 128 MB.*wenmai rebuild"):
        handler.run({}, Call(), environment_of(bucket, str(source), memory=128))
    assert bucket.listing() == []


def test_function_that_runs_out_of_time_stops_while_it_can_still_say_so(
    bucket: PublishedPlace, tmp_path: Path
) -> None:
    source = write_source(tmp_path / "articles.jsonl", site_articles())
    with pytest.raises(GateRefusedError, match=r"time: found 30 s left during 'read'"):
        handler.run({}, Call(30.0), environment_of(bucket, source.as_uri()))
    assert bucket.listing() == []


@pytest.mark.parametrize("missing", [handler.INDEX_VARIABLE, handler.SOURCE_VARIABLE])
def test_what_is_not_named_is_asked_for(bucket: PublishedPlace, missing: str) -> None:
    with pytest.raises(InputError, match=missing):
        handler.run({}, Call(), environment_of(bucket, "x.jsonl") | {missing: " "})


def test_source_that_is_not_there_is_named(bucket: PublishedPlace) -> None:
    url = f"{bucket.url}/source/nowhere.jsonl"
    with pytest.raises(SourceError, match=r"nowhere\.jsonl: no such object"):
        handler.run({}, Call(), environment_of(bucket, url))


@pytest.mark.parametrize("url", ["s3://bucket", "s3:///x", "https://example.org/a.jsonl"])
def test_source_that_is_no_place_for_a_file_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        source_fetch.local_source(url, tmp_path)


def test_time_is_asked_for_at_every_step() -> None:
    left = [100.0]
    progress = ProgressWithinTime(SilentProgress(), LambdaLimits(None, lambda: left[0]))
    progress.start("tokenise", 10)
    left[0] = 44.0
    with pytest.raises(GateRefusedError, match=r"44 s left during 'tokenise'.*is cached"):
        progress.advance()


def test_room_is_reckoned_from_what_the_source_holds_unpacked(tmp_path: Path) -> None:
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(b"x" * (20 * MEGABYTE)))
    assert packed.stat().st_size < MEGABYTE
    limits = LambdaLimits(512 * MEGABYTE, lambda: 600.0)
    with pytest.raises(GateRefusedError, match="memory"):
        require_room([packed], tmp_path, limits)
    assert require_room([packed], tmp_path, LambdaLimits(None, lambda: 1.0)) == 20 * MEGABYTE


def test_full_disk_is_noticed_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_source(tmp_path / "a.jsonl", site_articles())
    usage: Callable[[Path], Any] = lambda_limits.shutil.disk_usage
    monkeypatch.setattr(
        lambda_limits.shutil, "disk_usage", lambda path: usage(path)._replace(free=100)
    )
    with pytest.raises(GateRefusedError, match="disk"):
        require_room([source], tmp_path, LambdaLimits(None, lambda: 600.0))
