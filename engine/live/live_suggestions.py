"""What does a search box complete to, now that some articles are gone and others were put?

Invariant: no completion leads to a hidden article, and none is a tag that only hidden articles carry; the
titles and new tags of what was put are found as those of the index are, by Hanzi, pinyin and initials.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence

from engine.analysis.analyzer import Analyzer
from engine.analysis.pinyin import PinyinTable
from engine.documents import Article
from engine.index.codec import dump_json
from engine.index.spelled_text import SpelledText, Spoken, spell
from engine.index.suggestion_rows import suggestion_parts
from engine.index.suggestions import Completions, SuggestionEntry, SuggestionTable
from engine.index.taxonomy import Taxonomy

TAG_HEAD_START = 8.0
"""In doublings of views: a tag on one article equals a title of a few hundred views."""


class LiveSuggestions:
    """The table of the index, what of it may still be shown, and a table of what was put."""

    def __init__(
        self,
        base: Completions,
        put: SuggestionTable | None,
        *,
        changed_ids: Collection[str],
        taxonomy: Taxonomy,
        normalize: Callable[[str], str],
        views_of: Callable[[str], int | None],
    ) -> None:
        """`changed_ids`: articles whose title in the index is not theirs any more."""
        self.tables = base.tables if put is None else (*base.tables, put)
        self._changed_ids = changed_ids
        self._taxonomy = taxonomy
        self._normalize = normalize
        self._views_of = views_of

    def is_offered(self, entry: SuggestionEntry, /) -> bool:
        """Tell whether an entry of the index may still be shown."""
        if entry.kind == "title":
            return entry.article_id not in self._changed_ids
        return entry.kind != "tag" or self._tagged(entry.text) > 0

    def popularity(self, entry: SuggestionEntry, /) -> float:
        """Return how popular an entry is, in doublings, by what both tables can be asked."""
        if entry.kind == "title" and entry.article_id is not None:
            return math.log2(1.0 + (self._views_of(entry.article_id) or 0))
        return TAG_HEAD_START + math.log2(1.0 + self._tagged(entry.text))

    def _tagged(self, tag: str) -> int:
        number = self._taxonomy.tag_number(self._normalize(tag).strip())
        return 0 if number is None else len(self._taxonomy.tag_articles(number))


class LexiconPronunciation:
    """Reads character by character, by the readings that the index carries: commonest first."""

    def __init__(self, readings: PinyinTable) -> None:
        self._readings = readings

    def read(self, words: Iterable[str]) -> list[Spoken]:
        """Return how each character of `words` is read, in order."""
        return [self._spoken(character) for word in words for character in word]

    def _spoken(self, character: str) -> Spoken:
        first, second = (*self._readings.readings(character)[:2], None, None)[:2]
        return Spoken(first, second)


def completions_of(
    put: Sequence[Article], base: Taxonomy, analyzer: Analyzer, readings: PinyinTable
) -> SuggestionTable | None:
    """Return the titles of the articles `put`, and their tags that the index does not know.

    None where there are none.
    """
    pronunciation = LexiconPronunciation(readings)
    most_viewed = sorted(put, key=lambda article: (-(article.views or 0), article.id))
    offers = [SuggestionEntry(a.title, "title", a.id) for a in most_viewed]
    tags = {analyzer.normalize(tag).strip(): tag for article in most_viewed for tag in article.tags}
    offers += [
        SuggestionEntry(tag, "tag", None)
        for key, tag in tags.items()
        if key and base.tag_number(key) is None
    ]
    rows: list[SpelledText] = []
    records: list[bytes] = []
    for offer in offers:
        row = spell(offer.text, analyzer, pronunciation)
        if row.key:
            rows.append(row)
            records.append(dump_json([offer.text, offer.kind, offer.article_id]))
    return SuggestionTable(suggestion_parts(rows, records)) if rows else None
