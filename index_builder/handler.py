"""The nightly Lambda's door: build the index anew from its source and publish it.

The same steps as `wenmai rebuild`, within what a function has of time, memory and disk. Invariant: it either
publishes an index that passed the gates or raises, and then readers keep what they had. Whatever was asked
of the environment is read here, once per call.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from engine.errors import InputError
from engine.store.locations import open_store
from index_builder.build_report import SilentProgress
from index_builder.lambda_limits import LambdaLimits, ProgressWithinTime, require_room
from index_builder.rebuild import Rebuild, RebuildOptions, rebuild
from index_builder.source_fetch import local_source

INDEX_VARIABLE = "WENMAI_INDEX"
SOURCE_VARIABLE = "WENMAI_SOURCE"
LEXICON_VARIABLE = "WENMAI_LEXICON"
MEMORY_VARIABLE = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"

UPLOAD_SECONDS = 120.0

_PACKAGED_LEXICON = Path(__file__).resolve().parents[1] / "lexicon"
_logger = logging.getLogger("wenmai.rebuild")


class LambdaContext(Protocol):
    """What Lambda says of the running call."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the call."""
        ...


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Rebuild the index; `force` in the event publishes though a gate refuses."""
    return run(event, context, os.environ)


def run(
    event: Mapping[str, Any], context: LambdaContext, environment: Mapping[str, str]
) -> dict[str, Any]:
    """Rebuild the index that `environment` names; return what was done, as JSON values.

    Raises as `rebuild` does, and `GateRefusedError` where the function has too little of something.
    """
    memory = environment.get(MEMORY_VARIABLE, "")
    limits = LambdaLimits(
        int(memory) << 20 if memory.isdigit() else None,
        lambda: context.get_remaining_time_in_millis() / 1_000,
    )
    index_url = _named(environment, INDEX_VARIABLE)
    source_urls = _named(environment, SOURCE_VARIABLE).split()
    with tempfile.TemporaryDirectory(prefix="wenmai-rebuild-") as name:
        work = Path(name)
        sources = [
            local_source(url, work / f"source-{number}") for number, url in enumerate(source_urls)
        ]
        require_room(sources, work, limits)
        options = RebuildOptions(
            sources,
            Path(environment.get(LEXICON_VARIABLE) or _PACKAGED_LEXICON),
            work,
            # One process: Lambda has no semaphores for a pool.
            jobs=1,
            store_cache=True,
            force=event.get("force") is True,
        )
        done = rebuild(
            open_store(index_url, deadline_seconds=UPLOAD_SECONDS),
            options,
            lambda: datetime.now(UTC).replace(microsecond=0),
            ProgressWithinTime(SilentProgress(), limits),
        )
    summary = summarize(done)
    _logger.info(json.dumps(summary))
    return summary


def summarize(done: Rebuild) -> dict[str, Any]:
    """Return what a rebuild did as JSON values, short enough for one line of a log."""
    pointer = done.publication.pointer
    report = done.report.to_json()
    return {
        "index_version": pointer.current.version,
        "generation": pointer.generation,
        "moved": done.publication.moved,
        "articles": done.report.articles,
        "quarantined": len(done.report.quarantined),
        "reused": done.report.reused,
        "folded": report["folded"],
        "forgotten_changes": done.forgotten,
        "seconds": report["seconds"],
        "gates": [verdict.gate for verdict in done.verdicts if not verdict.passed],
    }


def _named(environment: Mapping[str, str], variable: str) -> str:
    value = environment.get(variable, "").strip()
    if not value:
        raise InputError(f"{variable} is not set; expected a path, file:///… or s3://bucket/…")
    return value
