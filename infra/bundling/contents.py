"""What goes into which bundle, and how large may it be?

Two of them: a query function's cold start pays for every megabyte, the nightly rebuild's only has to fit.
Invariant: neither holds what only the other needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.bundling.archive import MEGABYTE
from infra.bundling.trimming import QUERIES, REBUILD

_LAMBDA_UNZIPPED_BYTES = 250 << 20
"""What Lambda takes of a zip, unpacked; more would need a container image."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The rooms of this repository and the locked packages of one bundle, and its bounds in bytes."""

    name: str
    rooms: Sequence[str]
    requirements: str
    trimmed: Sequence[str]
    max_unzipped_bytes: int
    max_zipped_bytes: int
    architecture: str
    """What the template deploys it for."""

    starts_fast: bool
    """Whether somebody waits for its cold starts: then packages are rewritten, and records written out."""

    @property
    def out(self) -> Path:
        """Where `make bundle` puts it, below the repository."""
        return Path(".build", self.name)


QUERY_BUNDLE = Contents(
    "bundle",
    ("engine", "functions"),
    "lambda.txt",
    QUERIES,
    90 * MEGABYTE,
    30 * MEGABYTE,
    "arm64",
    starts_fast=True,
)

REBUILD_BUNDLE = Contents(
    "rebuild-bundle",
    ("engine", "index_builder", "lexicon"),
    "rebuild.txt",
    REBUILD,
    _LAMBDA_UNZIPPED_BYTES,
    100 * MEGABYTE,
    # sparse-dot-topn has no wheel for Linux on arm64; see docs/decisions/0008.
    "x86_64",
    starts_fast=False,
)

BUNDLES = {"query": QUERY_BUNDLE, "rebuild": REBUILD_BUNDLE}
