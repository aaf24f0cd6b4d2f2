"""Which part of an article, and of our own code, does a cached result depend on?

Invariant: two articles with the same key give the same result, and a result that other code, another
lexicon or other tools would make is never found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import engine
import index_builder
from engine.documents import Article, isoformat

KEY_BYTES = 32

_TOOLS = ("jieba", "marisa-trie", "numpy", "pypinyin", "scipy", "scikit-learn")
"""More than enough: a cache that is begun anew after an upgrade costs one full build."""


@dataclass(frozen=True, slots=True)
class ArticleKeys:
    """SHA-256 digests: `terms` of what is cut and counted, `text` of what the stored text holds."""

    terms: bytes
    text: bytes


def keys_of(article: Article) -> ArticleKeys:
    """Return the keys of `article`; views and comments are in neither, for they change every day."""
    body = hashlib.sha256(article.body.encode("utf-8", "surrogatepass")).digest()
    stored = (
        article.summary,
        isoformat(article.updated_at),
        article.likes,
        article.favorites,
    )
    return ArticleKeys(
        terms=_digest([body, article.title, *article.tags]),
        text=_digest([body, repr(stored)]),
    )


def text_key(text: str) -> bytes:
    """Return the key of what depends on one text alone."""
    return _digest([text])


def analysis_fingerprint(lexicon_fingerprint: str) -> str:
    """Return what tells this lexicon, code and set of tools from all others, 16 hexadecimal digits."""
    # All of it: which file a result hangs on is easily told wrongly, and nobody would notice.
    rooms = (Path(engine.__file__).parent, Path(index_builder.__file__).parent)
    facts = [
        f"{path.relative_to(room.parent).as_posix()} {_file_digest(path)}"
        for room in rooms
        for path in sorted(room.rglob("*.py"))
    ]
    facts += [f"{tool} {version(tool)}" for tool in _TOOLS]
    return _digest([lexicon_fingerprint, *facts]).hex()[:16]


def _digest(parts: Iterable[str | bytes]) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        # The length in front: no two lists of parts run together into the same bytes.
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.digest()


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
