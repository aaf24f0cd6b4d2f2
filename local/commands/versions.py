"""`wenmai versions`: what is published, and what could be gone back to?"""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.documents import isoformat
from engine.errors import ArtifactError
from engine.index.pointer import Pointer, PublishedVersion
from engine.index.rollback import require_files
from engine.store.locations import open_store
from engine.store.protocol import Store
from local.commands.arguments import as_json
from local.commands.published import READ_SECONDS, read_published, to_url


@click.command("versions")
@to_url
@as_json
def command(url: str, *, as_json: bool) -> None:
    """List the published versions, the current one first, then in the order of falling back."""
    store = open_store(url, deadline_seconds=READ_SECONDS)
    pointer = read_published(store, url).pointer
    rows = [_row(store, pointer, entry) for entry in pointer.named]
    if as_json:
        retired = [
            {
                "version": entry.version,
                "generation": entry.generation,
                "retired_at": isoformat(entry.retired_at),
            }
            for entry in pointer.retired
        ]
        content = {"generation": pointer.generation, "versions": rows, "retired": retired}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    console = Console()
    table = Table("version", "articles", "published", "state", "files", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for row in rows:
        names = "version", "articles", "published_at", "state", "files"
        table.add_row(*(Text(str(row[name])) for name in names))
    console.print(table)
    moved_at = isoformat(pointer.moved_at)
    console.print(f"generation {pointer.generation}, moved {moved_at}", highlight=False)
    for entry in pointer.retired:
        console.print(f"to be deleted: {entry.version}", highlight=False)


def _row(store: Store, pointer: Pointer, entry: PublishedVersion) -> dict[str, object]:
    try:
        require_files(store, entry)
        files = "all there"
    except ArtifactError as error:
        files = f"DAMAGED: {error}"
    state = "rolled back" if entry.rolled_back else "kept"
    return {
        "version": entry.version,
        "articles": entry.articles,
        "published_at": isoformat(entry.published_at),
        "state": "current" if entry is pointer.current else state,
        "files": files,
    }
