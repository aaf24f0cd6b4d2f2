"""How is an index in a plain folder built anew while it may be served from there?

As any other, with what was put and deleted there folded in. Invariant: no change is lost: what came while the
index was built stays beside the new one.
"""

from __future__ import annotations

from dataclasses import replace

from engine.store.local_folder import LocalFolderStore
from index_builder.build_report import BuildReport, Progress
from index_builder.folded_changes import forget_folded_beside
from index_builder.folding import read_live_input
from index_builder.pipeline import BuildOptions, build_index
from index_builder.staging import LIVE_FOLDER


def build_in_place(options: BuildOptions, progress: Progress | None = None) -> BuildReport:
    """Build as `options` say, with the live changes that lie at their `out`; raises as `build_index`."""
    if not (options.out / LIVE_FOLDER).is_dir():
        return build_index(options, progress)
    store = LocalFolderStore(options.out)
    live = read_live_input(store)
    report = build_index(replace(options, live=live), progress)
    needed = report.folded.still_needed if report.folded else live.changes.by_id
    forget_folded_beside(store, live.changes.folded, needed)
    return report
