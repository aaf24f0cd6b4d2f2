"""What does a reader hold while it answers one request?

One immutable index version, memory-mapped from a folder. Invariant: nothing reachable from a snapshot
ever changes, so a request that took hold of one sees a single version from start to end, and any number
of threads may share it. Parts open on first use: a query that needs no facets never maps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.analysis.analyzer import Analyzer, open_analyzer
from engine.errors import ArtifactDamagedError
from engine.folder import Folder
from engine.index.array_parts import arriving
from engine.index.arriving_files import ArrivingFiles
from engine.index.articles import ArticleTable
from engine.index.blocked_words import BlockedWords, open_blocked_words
from engine.index.codec import map_array
from engine.index.duplicates import DuplicateTable
from engine.index.hot_searches import HotSearches
from engine.index.hotness import HotTable
from engine.index.manifest import MANIFEST_NAME, Manifest, find_damage, read_manifest
from engine.index.neighbours import NeighbourTable
from engine.index.scoring_parameters import ScoringParameters, scoring_parameters
from engine.index.segments import BURSTS_NAME, Segment, open_segment
from engine.index.spellings import SpellingTable
from engine.index.statistics import TermFacts, TermStatistics
from engine.index.suggestions import Completions, open_suggestions
from engine.index.taxonomy import Taxonomy
from engine.index.vectors import VectorTable


class Snapshot:
    """One index version, open for reading."""

    def __init__(
        self,
        directory: Folder,
        manifest: Manifest,
        generated_at: datetime,
        lease: object | None = None,
    ) -> None:
        self.directory = directory
        self.manifest = manifest
        self.generated_at = generated_at
        # Held, never used: while a snapshot lives, nobody deletes the files it may open yet.
        self._lease = lease

    @property
    def version(self) -> str:
        """The content digest that names this index version."""
        return self.manifest.index_version

    @property
    def arriving(self) -> ArrivingFiles | None:
        """The files of this version, where some of them may not have been fetched yet."""
        return arriving(self.directory)

    @property
    def hidden(self) -> npt.NDArray[np.bool_] | None:
        """Which articles must not be shown, bool [articles]; None: every article may be."""
        return None

    @property
    def hot_searches(self) -> HotSearches:
        """What was searched for most, as far as this reader knows; an index alone knows nothing."""
        return HotSearches()

    @cached_property
    def blocked_words(self) -> BlockedWords:
        """Which queries are never shown to others."""
        return open_blocked_words(self.directory)

    @property
    def put_since_build(self) -> int:
        """How many articles were put over the index while it is served."""
        return 0

    @property
    def gone_since_build(self) -> int:
        """How many articles were deleted or taken down while it is served."""
        return 0

    @property
    def live_problems(self) -> tuple[str, ...]:
        """Which live objects could not be read when they were read last: older ones stand for them."""
        return ()

    @cached_property
    def analyzer(self) -> Analyzer:
        """Text -> terms with the very lexicon that the articles were cut with."""
        return open_analyzer(self.directory)

    @cached_property
    def scoring(self) -> ScoringParameters:
        """How impacts are added up."""
        return scoring_parameters(self.manifest.parameters)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The inverted lists: one segment, unless something is laid over the snapshot."""
        return (self._segment,)

    @cached_property
    def _segment(self) -> Segment:
        return open_segment(self.directory, self.manifest.counts["articles"])

    @cached_property
    def statistics(self) -> TermStatistics:
        """What the builder knew of terms: with it an article that comes later is weighed alike."""
        segment = self._segment
        bursts = map_array(self.directory / BURSTS_NAME)

        def facts(terms: Sequence[str]) -> TermFacts:
            numbers = np.asarray([segment.terms.get(term) for term in terms], dtype=np.float64)
            known = np.flatnonzero(~np.isnan(numbers))
            lists = numbers[known].astype(np.int64)
            articles, titles, steps = np.zeros((3, len(terms)), dtype=np.int64)
            articles[known] = segment.lists.document_frequencies(lists)
            steps[known] = bursts[lists]
            places, titled = segment.title_lists(lists.tolist())
            titles[known[titled]] = segment.titles.document_frequencies(
                np.asarray(places, np.int64)
            )
            return TermFacts(articles, titles, steps)

        views = self.manifest.parameters["views"]
        return TermStatistics(self.analyzer, views, segment.size, facts)

    @cached_property
    def articles(self) -> ArticleTable:
        """Ids, cards, texts and columns."""
        return ArticleTable(self.directory)

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """Categories and tags."""
        return Taxonomy(self.directory)

    @cached_property
    def neighbours(self) -> NeighbourTable:
        """Related articles."""
        return NeighbourTable(self.directory)

    @cached_property
    def vectors(self) -> VectorTable:
        """What each article is about, in a few numbers."""
        return VectorTable(self.directory)

    @cached_property
    def hotness(self) -> HotTable:
        """Hot scores and orders by window."""
        return HotTable(self.directory)

    @cached_property
    def spellings(self) -> SpellingTable:
        """What queries may be read as that find nothing as they were typed."""
        return SpellingTable(self.directory)

    @cached_property
    def duplicates(self) -> DuplicateTable:
        """Which articles repeat which."""
        return DuplicateTable(self.directory)

    @cached_property
    def suggestions(self) -> Completions:
        """What a search box completes to."""
        return open_suggestions(self.directory)

    def open_parts(self) -> None:
        """Open every part now, beside the requests, so that none of them is the one that waits."""
        for name, part in vars(Snapshot).items():
            if isinstance(part, cached_property):
                getattr(self, name)


def open_snapshot(
    directory: Path,
    *,
    verify: bool = False,
    generated_at: datetime | None = None,
    lease: object | None = None,
) -> Snapshot:
    """Open the artifact in `directory`.

    `generated_at` is the publication time where one is known; without it the manifest file's time
    stands in (the manifest itself holds no clock, so that equal input gives equal bytes). `verify`
    reads every byte and compares it with the manifest. `lease` (`version_lease`) lives as long as the
    snapshot.
    Raises `ArtifactDamagedError` or `ArtifactFormatError`.
    """
    manifest = read_manifest(directory)
    if verify and (damage := find_damage(directory, manifest)):
        raise ArtifactDamagedError(
            f"{directory}: {len(damage)} file(s) differ from the manifest: " + "; ".join(damage[:5])
        )
    if generated_at is None:
        written = (directory / MANIFEST_NAME).stat().st_mtime
        generated_at = datetime.fromtimestamp(written, tz=UTC)
    return Snapshot(directory, manifest, generated_at, lease)
