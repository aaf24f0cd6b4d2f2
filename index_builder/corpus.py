"""Which articles does this build index, and what was set aside on the way?

Invariant: a corpus is sorted by article id and holds each id once (the last one read wins, and every
replaced one is reported), so the order of sources and lines leaves no trace in the artifact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.cleaning import clean_article
from engine.documents import Article
from engine.errors import GateRefusedError, SourceError
from index_builder.sources.jsonl import QuarantinedLine, read_jsonl

MAX_QUARANTINED_SHARE = 0.01
"""Above this share of bad lines the source itself is broken, and nothing is built from it."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The articles to index, ascending by id, and what happened to the other lines."""

    articles: tuple[Article, ...]
    quarantined: tuple[QuarantinedLine, ...]
    replaced_ids: tuple[str, ...]
    lines: int

    @property
    def characters(self) -> int:
        """Return how many characters of title and body there are."""
        return sum(len(article.title) + len(article.body) for article in self.articles)

    @property
    def source_counts(self) -> dict[str, int]:
        """Return what the manifest keeps of the sources, for the gate before publication."""
        return {
            "source.lines": self.lines,
            "source.quarantined": len(self.quarantined),
            "source.replaced": len(self.replaced_ids),
        }


def read_corpus(sources: Sequence[Path], on_line: Callable[[], None] = lambda: None) -> Corpus:
    """Read and clean all `sources`; call `on_line` after each line.

    Raises `SourceError` when a source cannot be read or no article comes out of them, and
    `GateRefusedError` when more than `MAX_QUARANTINED_SHARE` of the lines are bad.
    """
    articles: dict[str, Article] = {}
    quarantined: list[QuarantinedLine] = []
    replaced: list[str] = []
    lines = 0
    for source in sources:
        for item in read_jsonl(source):
            lines += 1
            on_line()
            if isinstance(item, QuarantinedLine):
                quarantined.append(item)
                continue
            article = clean_article(item.article)
            if not article.title or not article.body:
                field = "body" if article.title else "title"
                reason = f"{field}: nothing but markup (article {article.id!r})"
                quarantined.append(QuarantinedLine(item.source, item.line, reason))
                continue
            if article.id in articles:
                replaced.append(article.id)
            articles[article.id] = article
    _refuse_unusable(sources, articles, quarantined, lines)
    # UTF-8 order equals code point order, and is what the reader's binary search compares.
    ordered = sorted(articles.values(), key=lambda article: article.id.encode("utf-8"))
    return Corpus(tuple(ordered), tuple(quarantined), tuple(replaced), lines)


def _refuse_unusable(
    sources: Sequence[Path],
    articles: dict[str, Article],
    quarantined: list[QuarantinedLine],
    lines: int,
) -> None:
    names = ", ".join(str(source) for source in sources)
    if lines == 0:
        raise SourceError(f"{names}: no articles in it; expected one JSON object a line")
    share = len(quarantined) / lines
    if share > MAX_QUARANTINED_SHARE:
        first = "; ".join(f"{q.source}:{q.line}: {q.reason}" for q in quarantined[:3])
        raise GateRefusedError(
            "quarantine",
            f"{len(quarantined)} of {lines} lines unusable ({share:.1%})",
            f"at most {MAX_QUARANTINED_SHARE:.0%}",
            f"Mend the source; nothing was built. First: {first}",
        )
    if not articles:
        raise SourceError(f"{names}: no usable article in {lines} lines")
