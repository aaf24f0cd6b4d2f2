"""Which arguments do several commands share?

Invariant: an option means the same in every command that takes it.
"""

from __future__ import annotations

import os
from pathlib import Path

import click

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGED_LEXICON = REPOSITORY / "lexicon"
DEMO_INDEX = REPOSITORY / ".build" / "demo-index"
DEMO_SITE = REPOSITORY / ".build" / "demo-site"
DEMO_CACHE = REPOSITORY / ".build" / "cache"
COUNTERS = REPOSITORY / ".build" / "counters.sqlite"

index_folder = click.option(
    "--index",
    "index",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder of the index, as written by `wenmai build`.",
)

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")

size = click.option(
    "--size", default=10, show_default=True, type=click.IntRange(1, 1000), help="Hits per query."
)

counters_place = click.option(
    "--counters",
    envvar="WENMAI_COUNTERS",
    default=str(COUNTERS),
    help="Where events are counted: a SQLite file or dynamodb://table. Without it: what "
    "WENMAI_COUNTERS names, or else .build/counters.sqlite in the checkout.",
)

lexicon_folder = click.option(
    "--lexicon",
    default=PACKAGED_LEXICON,
    type=click.Path(path_type=Path),
    help="Folder of word lists; the packaged ones when not given.",
)

cache_folder = click.option(
    "--cache",
    type=click.Path(path_type=Path),
    help="Folder that keeps what need not be worked out again: the compiled lexicon, and what "
    "articles consist of.",
)

jobs = click.option(
    "--jobs",
    default=os.cpu_count() or 1,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Worker processes.",
)
