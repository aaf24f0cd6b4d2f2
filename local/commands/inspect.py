"""`wenmai inspect`: what is in this index, and is it whole?"""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from engine.errors import ArtifactDamagedError
from engine.index.manifest import find_damage, read_manifest
from local.commands.arguments import as_json


@click.command("inspect")
@click.argument("directory", type=click.Path(path_type=Path))
@as_json
def command(directory: Path, *, as_json: bool) -> None:
    """Show the manifest of the index in DIRECTORY and verify every checksum."""
    manifest = read_manifest(directory)
    damage = find_damage(directory, manifest)
    if as_json:
        content = {
            "format_version": manifest.format_version,
            "index_version": manifest.index_version,
            "lexicon_fingerprint": manifest.lexicon_fingerprint,
            "counts": dict(manifest.counts),
            "parameters": dict(manifest.parameters),
            "bytes": manifest.total_bytes,
            "files": {
                name: {"size": e.size, "sha256": e.sha256} for name, e in manifest.files.items()
            },
            "damage": damage,
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        console = Console()
        table = Table("file", "bytes", "sha256", box=None, pad_edge=False)
        table.columns[1].justify = "right"
        for name, entry in sorted(manifest.files.items()):
            table.add_row(name, f"{entry.size:,}", entry.sha256[:16])
        console.print(table)
        for name, count in manifest.counts.items():
            console.print(f"{name}: {count:,}", highlight=False)
        console.print(
            f"index {manifest.index_version}, format {manifest.format_version}, "
            f"{manifest.total_bytes:,} bytes in {len(manifest.files)} files, "
            f"lexicon {manifest.lexicon_fingerprint}",
            highlight=False,
        )
    if damage:
        raise ArtifactDamagedError(
            f"{directory}: {len(damage)} of {len(manifest.files)} files damaged: "
            + "; ".join(damage[:5])
            + "; rebuild the index or publish a whole one"
        )
    if not as_json:
        click.echo("all checksums match")
