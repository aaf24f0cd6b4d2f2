"""Completions over real texts, for the tests of the search box."""

from __future__ import annotations

import atexit
import html
import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from engine.analysis.analyzer import Analyzer, open_analyzer
from engine.article_record import parse_article
from engine.documents import Article
from engine.index.suggestions import open_suggestions
from index_builder.lexicon.compiler import compile_lexicon
from index_builder.suggestions_writer import write_suggestions

REPOSITORY = Path(__file__).parents[1]


@cache
def lexicon_directory() -> Path:
    """Return a folder with the project's own lexicon, compiled once a session."""
    directory = Path(tempfile.mkdtemp(prefix="wenmai-lexicon-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    compile_lexicon(REPOSITORY / "lexicon", directory)
    return directory


@cache
def real_analyzer() -> Analyzer:
    """Return the analyzer of the project's own lexicon."""
    return open_analyzer(lexicon_directory())


@cache
def golden_articles() -> tuple[Article, ...]:
    """Return the sixty articles of the sample corpus whose topics are fixed, without their tags."""
    files = sorted((REPOSITORY / "local" / "sample").glob("*.jsonl"))
    lines = (line for path in files for line in path.read_text("utf-8").splitlines())
    records = [json.loads(line) | {"tags": []} for line in lines if line.strip()]
    return tuple(parse_article(record) for record in records if int(record["id"]) <= 60)


def article(number: int, title: str, tags: Sequence[str] = (), views: int = 0) -> Article:
    """Return an article of which only what the search box sees is filled in."""
    return Article(id=str(number), title=title, body="正文", tags=tuple(tags), views=views)


def open_box(articles: Iterable[Article], queries: Iterable[tuple[str, int]] = ()) -> Any:
    """Return what `suggest` needs of a snapshot: an analyzer and the completions of `articles`."""
    with tempfile.TemporaryDirectory(prefix="wenmai-suggest-") as name:
        directory = Path(name)
        write_suggestions(directory, list(articles), real_analyzer(), queries)
        # What is mapped stays readable after its file is gone.
        return SimpleNamespace(analyzer=real_analyzer(), suggestions=open_suggestions(directory))


def without_marks(highlight: str) -> str:
    """Return the text that `highlight` shows."""
    return html.unescape(re.sub("</?em>", "", highlight))
