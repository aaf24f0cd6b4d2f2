"""What did this build do, in figures?

Invariant: everything here was counted or timed in the build it describes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from index_builder.findability import Findability
from index_builder.folding import FoldReport
from index_builder.sources.jsonl import QuarantinedLine


@dataclass(frozen=True, slots=True)
class StageTiming:
    """Wall-clock seconds of one stage, and the characters of text that went through it."""

    name: str
    seconds: float
    characters: int

    @property
    def characters_per_second(self) -> float:
        """Return the stage's throughput."""
        return self.characters / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The figures that `wenmai build` prints."""

    index_version: str
    lines: int
    articles: int
    characters: int
    quarantined: tuple[QuarantinedLine, ...]
    replaced_ids: tuple[str, ...]
    terms: int
    postings: int
    bytes: int
    findability: Findability
    reused: int
    damaged_cache: tuple[str, ...]
    folded: FoldReport | None
    jobs: int
    stages: tuple[StageTiming, ...]

    @property
    def seconds(self) -> float:
        """Return how long the whole build took."""
        return sum(stage.seconds for stage in self.stages)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {
            "index_version": self.index_version,
            "lines": self.lines,
            "articles": self.articles,
            "characters": self.characters,
            "quarantined": [
                {"source": q.source, "line": q.line, "reason": q.reason} for q in self.quarantined
            ],
            "replaced_ids": list(self.replaced_ids),
            "terms": self.terms,
            "postings": self.postings,
            "bytes": self.bytes,
            "findability": {
                "share": self.findability.share,
                "title_pairs": self.findability.title_pairs,
                "substrings": self.findability.substrings,
                "tags": self.findability.tags,
            },
            "reused": self.reused,
            "damaged_cache": list(self.damaged_cache),
            "folded": _folded(self.folded) if self.folded else None,
            "jobs": self.jobs,
            "seconds": round(self.seconds, 3),
            "stages": [
                {
                    "name": stage.name,
                    "seconds": round(stage.seconds, 3),
                    "characters_per_second": round(stage.characters_per_second),
                }
                for stage in self.stages
            ],
        }


def _folded(folded: FoldReport) -> dict[str, int]:
    return {
        "put": folded.put,
        "left_out": folded.left_out,
        "source_newer": folded.source_newer,
    }


class Progress(Protocol):
    """Shows how far a build is; the command line draws bars, tests and Lambda stay silent."""

    def start(self, stage: str, total: int | None) -> None:
        """Begin `stage`, of `total` steps where that is known."""

    def advance(self, steps: int = 1) -> None:
        """Count `steps` of the current stage as done."""


class SilentProgress:
    """Shows nothing."""

    def start(self, stage: str, total: int | None) -> None:
        """Ignore the stage."""

    def advance(self, steps: int = 1) -> None:
        """Ignore the steps."""


class Clock(Protocol):
    """Tells seconds that never go back."""

    def __call__(self) -> float:
        """Return the seconds since some fixed moment."""


@dataclass(slots=True)
class StageVolume:
    """How many characters of text go through a running stage."""

    characters: int


@dataclass(slots=True)
class StageRecorder:
    """Times the stages of one build as they run."""

    clock: Clock
    progress: Progress
    stages: list[StageTiming] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str, total: int | None, characters: int = 0) -> Iterator[StageVolume]:
        """Show and time the block as stage `name`; it may set the volume that it finds out itself."""
        self.progress.start(name, total)
        volume = StageVolume(characters)
        begun = self.clock()
        yield volume
        self.stages.append(StageTiming(name, self.clock() - begun, volume.characters))
