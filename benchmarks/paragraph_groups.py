"""What stands in for a corpus of a hundred thousand documents: groups of paragraphs of real articles."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
CORPORA = ("woshipm", "lctt", "d365_zh_tw")
GROUP_CHARACTERS = 250


def paragraph_groups(wanted: int) -> Iterator[tuple[str, str]]:
    """Yield up to `wanted` pairs of an article's title and some of its paragraphs."""
    left = wanted
    for corpus in CORPORA:
        path = DATA / "search_eval" / f"{corpus}.corpus.jsonl.gz"
        for title, text in _articles(path):
            group = ""
            for line in f"{title}\n{text}".split("\n"):
                group += line + "\n"
                if len(group) >= GROUP_CHARACTERS:
                    if left == 0:
                        return
                    yield title, group
                    left -= 1
                    group = ""


def _articles(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["title"], record["body"]
