"""`wenmai inspect`: what is in this index, and is it whole?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from engine.errors import ArtifactDamagedError, InputError, ObjectNotFoundError
from engine.index.manifest import (
    MANIFEST_NAME,
    Manifest,
    decode_manifest,
    find_damage,
    read_manifest,
)
from engine.index.pointer import POINTER_KEY, PublishedVersion
from engine.index.pointer_store import read_pointer
from engine.index.stored_files import find_stored_damage
from engine.store.locations import local_folder, open_store
from local.commands.arguments import as_json
from local.commands.published import READ_SECONDS


@dataclass(frozen=True, slots=True)
class _Inspected:
    manifest: Manifest
    damage: list[str]
    generation: int | None = None


@click.command("inspect")
@click.argument("location", metavar="DIRECTORY|URL")
@click.option("--version", help="Which published version; the current one if not given.")
@as_json
def command(location: str, version: str | None, *, as_json: bool) -> None:
    """Show the manifest of an index and verify every checksum.

    DIRECTORY is the folder of one index; a folder or URL that indexes are published to shows the
    current one.
    """
    folder = local_folder(location)
    if folder is not None and not (folder / POINTER_KEY).is_file():
        found = _inspect_folder(folder, version)
    else:
        found = _inspect_published(location, version)
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        _print(found)
    if found.damage:
        raise ArtifactDamagedError(
            f"{location}: {len(found.damage)} of {len(found.manifest.files)} files damaged: "
            + "; ".join(found.damage[:5])
            + "; rebuild the index or publish a whole one"
        )
    if not as_json:
        click.echo("all checksums match")


def _inspect_folder(folder: Path, version: str | None) -> _Inspected:
    if version is not None:
        raise InputError(f"{folder} is no place that indexes are published to; leave out --version")
    manifest = read_manifest(folder)
    return _Inspected(manifest, find_damage(folder, manifest))


def _inspect_published(url: str, version: str | None) -> _Inspected:
    store = open_store(url, deadline_seconds=READ_SECONDS)
    seen = read_pointer(store)
    entry: PublishedVersion | None = None
    if seen is not None:
        wanted = version or seen.pointer.current.version
        entry = next((e for e in seen.pointer.named if e.version == wanted), None)
        if entry is None:
            raise InputError(f"{url}: no version {wanted!r} is kept; `wenmai versions` lists them")
    prefix = entry.prefix if entry else ""
    try:
        manifest = decode_manifest(store.get(prefix + MANIFEST_NAME).data)
    except ObjectNotFoundError as error:
        raise ArtifactDamagedError(
            f"{url}: no {prefix}{MANIFEST_NAME} there; publish an index"
        ) from error
    damage = find_stored_damage(store, prefix, manifest)
    if entry is not None and manifest.index_version != entry.version:
        damage.insert(0, f"{MANIFEST_NAME}: belongs to version {manifest.index_version}")
    return _Inspected(manifest, damage, seen.pointer.generation if seen else None)


def _as_json(found: _Inspected) -> dict[str, object]:
    manifest = found.manifest
    return {
        "format_version": manifest.format_version,
        "index_version": manifest.index_version,
        "generation": found.generation,
        "lexicon_fingerprint": manifest.lexicon_fingerprint,
        "counts": dict(manifest.counts),
        "parameters": dict(manifest.parameters),
        "bytes": manifest.total_bytes,
        "files": {name: {"size": e.size, "sha256": e.sha256} for name, e in manifest.files.items()},
        "damage": found.damage,
    }


def _print(found: _Inspected) -> None:
    manifest = found.manifest
    console = Console()
    table = Table("file", "bytes", "sha256", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for name, entry in sorted(manifest.files.items()):
        table.add_row(name, f"{entry.size:,}", entry.sha256[:16])
    console.print(table)
    for name, count in manifest.counts.items():
        console.print(f"{name}: {count:,}", highlight=False)
    generation = f", generation {found.generation}" if found.generation else ""
    console.print(
        f"index {manifest.index_version}{generation}, format {manifest.format_version}, "
        f"{manifest.total_bytes:,} bytes in {len(manifest.files)} files, "
        f"lexicon {manifest.lexicon_fingerprint}",
        highlight=False,
    )
