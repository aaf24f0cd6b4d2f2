"""Which arguments and stores do the commands about published versions share?

Invariant: a command that writes waits for a large file to go over a slow line, and still gives up.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import click

from engine.errors import InputError
from engine.index.pointer_store import SeenPointer, read_pointer
from engine.index.publication import DEFAULT_KEEP, LEAST_KEEP
from engine.index.retention import nobody_holds
from engine.index.version_lease import exclusive_lease
from engine.store.locations import local_folder, open_store
from engine.store.protocol import Store

WRITE_SECONDS = 600.0
READ_SECONDS = 30.0

to_url = click.option(
    "--to",
    "url",
    required=True,
    help="Where indexes are published: file:///folder or s3://bucket/prefix.",
)

golden_queries = click.option(
    "--golden",
    type=click.Path(path_type=Path),
    help="Queries that must find what they name: {query, relevant, top} lines.",
)

publish_anyway = click.option(
    "--force", is_flag=True, help="Publish though a gate refuses. Damage is never published."
)

versions_kept = click.option(
    "--keep",
    default=DEFAULT_KEEP,
    show_default=True,
    type=click.IntRange(LEAST_KEEP, 100),
    help="Versions to keep, the new one included.",
)


def now() -> datetime:
    """Return the time to the second, as the pointer keeps it."""
    return datetime.now(UTC).replace(microsecond=0)


def open_writable(url: str) -> Store:
    """Return the store at `url` with the patience of an upload.

    Raises `InputError` when the folder is an index itself.
    """
    folder = local_folder(url)
    if folder is not None and (folder / "manifest.json").exists():
        raise InputError(
            f"{url} is the folder of one index; name another one, which will hold published versions"
        )
    return open_store(url, deadline_seconds=WRITE_SECONDS)


def read_published(store: Store, url: str) -> SeenPointer:
    """Return the pointer at `url`; raise `InputError` where nothing was published."""
    seen = read_pointer(store)
    if seen is None:
        raise InputError(f"{url}: nothing was published there yet; see `wenmai publish --help`")
    return seen


def holders(url: str) -> Callable[[str], AbstractContextManager[bool]]:
    """Return how to ask who maps a version in place: only in folders of this machine anybody does."""
    folder = local_folder(url)
    if folder is None:
        return nobody_holds
    return lambda prefix: exclusive_lease(Path(folder) / prefix)
