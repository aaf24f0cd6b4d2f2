"""A site of a few articles: its source, its lexicon compiled once, and quick builds of it."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from engine.store.protocol import Store
from index_builder.pipeline import BuildOptions, build_index
from index_builder.rebuild import Rebuild, RebuildOptions, rebuild

REPOSITORY = Path(__file__).resolve().parents[1]
LEXICON = REPOSITORY / "lexicon"
NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)

SUBJECTS = ("直通车", "极速退款", "聚划算", "运费险", "抖店", "拼多多", "店铺装修", "快递停发")


def site_articles(count: int = 8) -> list[dict[str, Any]]:
    """Return the records of `count` articles, each about a subject of its own and all about fees."""
    return [
        {
            "id": str(number),
            "title": f"{SUBJECTS[number % 8]}第{number}讲",
            "body": f"这一篇讲{SUBJECTS[number % 8]}的规则和费用,卖家发货前要看清楚。编号{number}。",
            "category": ["规则", SUBJECTS[number % 8]],
            "tags": [SUBJECTS[number % 8], "卖家"],
            "published_at": f"2026-04-{number % 28 + 1:02}T08:00:00+08:00",
            "views": 10 * number,
        }
        for number in range(count)
    ]


@cache
def lexicon_cache() -> Path:
    """Return a cache folder in which the lexicon is compiled, for all suites of this process."""
    folder = Path(tempfile.mkdtemp(prefix="wenmai-small-site-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    source = folder / "one.jsonl"
    source.write_text(json.dumps(site_articles(1)[0], ensure_ascii=False), "utf-8")
    build_index(BuildOptions([source], folder / "one", LEXICON, 1, folder / "cache"))
    return folder / "cache"


def write_source(path: Path, records: Sequence[dict[str, Any]]) -> Path:
    """Write `records` as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), "utf-8")
    return path


def rebuild_site(
    store: Store, records: Sequence[dict[str, Any]], work: Path, **options: Any
) -> Rebuild:
    """Build these records and publish them to `store` as the nightly rebuild does."""
    source = write_source(work / "source.jsonl", records)
    given = RebuildOptions([source], LEXICON, work, cache=lexicon_cache(), **options)
    return rebuild(store, given, lambda: NOW)
