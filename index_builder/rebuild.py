"""How is a published index built anew from its source, live changes included?

read the changes -> build -> gates -> publish -> forget what is folded in. Invariant: readers see the old
version or the new one, each with all changes that were acknowledged: a version says which changes it holds,
so it does not matter when the others are laid over it, nor when the ones it holds are forgotten. Killed at
any step, a rebuild leaves nothing that the next one does not finish.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from engine.index.pointer_store import read_pointer
from engine.index.publication import Publication, Retention, publish_artifact
from engine.store.protocol import Store
from index_builder.build_report import BuildReport, Progress
from index_builder.cache.stored_shards import fetch_shards, keep_shards
from index_builder.folded_changes import forget_folded
from index_builder.folding import LiveInput, read_live_input
from index_builder.gates.check import GateOptions, check_gates
from index_builder.gates.gate import Verdict, require_passed
from index_builder.pipeline import BuildOptions, build_index

Build = Callable[[BuildOptions, Progress | None], BuildReport]


@dataclass(frozen=True, slots=True)
class RebuildOptions:
    """What to build from, with what, and what must hold before readers get it.

    work: folder for the index while it is built; cache: folder of earlier results on this machine;
    store_cache: keep those results beside the index, too, for a machine that forgets (Lambda).
    """

    sources: Sequence[Path]
    lexicon: Path
    work: Path
    jobs: int = 1
    cache: Path | None = None
    store_cache: bool = False
    gates: GateOptions = field(default_factory=GateOptions)
    retention: Retention = field(default_factory=Retention)
    force: bool = False


@dataclass(frozen=True, slots=True)
class Rebuild:
    """What a rebuild did; `forgotten` is how many changes were forgotten that every version holds."""

    report: BuildReport
    verdicts: tuple[Verdict, ...]
    publication: Publication
    forgotten: int


def rebuild(
    store: Store,
    options: RebuildOptions,
    now: Callable[[], datetime],
    progress: Progress | None = None,
    build: Build = build_index,
) -> Rebuild:
    """Build the index anew and publish it to `store`.

    Raises what `build_index` raises, `GateRefusedError` when a gate refuses, `StoreConflictError` when
    somebody else published meanwhile, and what the store raises. Then readers have what they had.
    """
    # The pointer first: the gates compare with the very version that will be replaced.
    seen = read_pointer(store)
    live = read_live_input(store)
    options.work.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="rebuild-", dir=options.work))
    try:
        index = folder / "index"
        cache = options.cache or (folder / "cache" if options.store_cache else None)
        if cache is not None and options.store_cache:
            fetch_shards(store, cache)
        report = build(_build_options(options, index, cache, live), progress)
        if cache is not None and options.store_cache:
            keep_shards(store, cache)
        verdicts = check_gates(
            index, seen.pointer.current.articles if seen else None, options.gates
        )
        if not options.force:
            require_passed(verdicts)
        done = publish_artifact(store, index, now(), seen=seen, retention=options.retention)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    needed = report.folded.still_needed if report.folded else live.changes.by_id
    forgotten = forget_folded(store, done.pointer, needed)
    return Rebuild(report, tuple(verdicts), done, forgotten)


def _build_options(
    options: RebuildOptions, index: Path, cache: Path | None, live: LiveInput
) -> BuildOptions:
    return BuildOptions(options.sources, index, options.lexicon, options.jobs, cache, live)
