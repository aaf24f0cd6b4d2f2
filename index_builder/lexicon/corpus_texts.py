"""What did the authors of an index write, as one normalised text for each article?

Invariant: texts come one at a time and none is kept, so a pass over an index needs the memory of one
article.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.index.snapshot import Snapshot

MAX_CHARACTERS = 32_000_000
"""What is read at most where all characters are held at once: some 700 MB of memory."""


def sampling_step(snapshot: Snapshot) -> int:
    """Return the least step with which the articles have about `MAX_CHARACTERS` in all."""
    return max(1, -(-int(snapshot.manifest.counts["characters"]) // MAX_CHARACTERS))


def article_texts(snapshot: Snapshot, step: int = 1) -> Iterator[str]:
    """Yield title, tags and body of every `step`-th article, folded, a line end between them."""
    for number in range(0, len(snapshot.articles), step):
        card = snapshot.articles.card(number)
        parts = (card.title, *card.tags, snapshot.articles.text(number).body)
        yield snapshot.analyzer.normalize_lines("\n".join(parts))
