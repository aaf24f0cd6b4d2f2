"""Do the weights hold on queries and articles that they were not chosen on?

Queries of the same kind, made from articles instead of taken from the judged sets: a heading or the opening
paragraph of an article is cut out of it and becomes the query that ought to find it. Nothing of the kept-back
judgements is touched: the headings are such as were never judged (those that were are gone from the text).
Invariant: the same articles give the same queries, and no query stands in the text that it seeks.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.relevance.judged_set import JudgedSet, SetReader
from engine.documents import Article
from index_builder.corpus import read_corpus
from index_builder.evaluation.judgements import JudgedQuery

SOURCES: Mapping[str, tuple[str, str]] = {
    "d365_zh_cn made": ("related_eval", "d365_zh_cn"),
    "lctt made": ("search_eval", "lctt"),
    "woshipm made": ("search_eval", "woshipm"),
}
MOST_ARTICLES = 2000
LEAST_QUERIES = 100
"""A type with fewer says more about chance than about weights, and is left out."""
HEADING_CHARACTERS = range(5, 26)
OPENING_CHARACTERS = range(40, 200)
_CLOSING = frozenset("。！？；，、：….!?;:,”\"')）】」")
_NUMBERING = "0123456789.．、一二三四五六七八九十（()） 第"


def unseen_sets(data: Path, reader: SetReader) -> Iterator[JudgedSet]:
    """Yield the made sets whose source is there."""
    for name, (folder, corpus) in SOURCES.items():
        path = data / folder / f"{corpus}.corpus.jsonl.gz"
        if path.is_file():
            articles = read_corpus([path]).articles
            step = -(-len(articles) // MOST_ARTICLES)
            kept, queries = cut_queries_out(articles[::step])
            times = Counter(query.type for query in queries)
            queries = [query for query in queries if times[query.type] >= LEAST_QUERIES]
            judgements = {query.id: {query.id.split(" ", 1)[1]: 1} for query in queries}
            yield reader.count(name.replace(" ", "-"), kept, queries, judgements)


def cut_queries_out(articles: Sequence[Article]) -> tuple[list[Article], list[JudgedQuery]]:
    """Return the articles without the lines that became queries, and the queries.

    A query's id is its type, a space and the id of its article.
    """
    times = Counter(line for article in articles for line in set(_lines(article)))
    kept, queries = [], []
    for article in articles:
        lines = _lines(article)
        headings = [
            line for line in lines[1:] if times[line] == 1 and _is_heading(line, article.title)
        ]
        cut = []
        if headings:
            heading = headings[_drawn(article.id) % len(headings)]
            cut.append(heading)
            queries.append(JudgedQuery(f"heading {article.id}", heading, "heading"))
        if lines and len(lines[0]) in OPENING_CHARACTERS and times[lines[0]] == 1:
            cut.append(lines[0])
            queries.append(JudgedQuery(f"opening {article.id}", lines[0], "opening"))
        body = "\n".join(line for line in lines if line not in cut)
        if not body:
            queries = queries[: len(queries) - len(cut)]
        kept.append(replace(article, body=body or article.body))
    return kept, queries


def _lines(article: Article) -> list[str]:
    return [line for raw in article.body.splitlines() if (line := raw.strip())]


def _is_heading(line: str, title: str) -> bool:
    return (
        len(line) in HEADING_CHARACTERS
        and line[-1] not in _CLOSING
        and len(line.strip(_NUMBERING)) >= HEADING_CHARACTERS.start
        and line not in title
        # Code and tables are short lines too.
        and sum("一" <= character <= "鿿" for character in line) * 2 > len(line)
    )


def _drawn(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
