"""Was every byte of this version compared with its manifest already, on this machine?

A version in a local folder is mapped where it lies, and comparing it takes a second for each few hundred
megabytes at every cold start. So what was found whole is remembered beside the cache, with what the file
system says of each file: device, inode, size, times of the last change of content and of the inode itself.
Invariant: a file whose bytes may have changed since is compared again. The inode's time cannot be set by
a program, so a file that was changed and given its old time back is noticed; one that was changed so lately
that its times could be the same is never remembered.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from engine.errors import ArtifactDamagedError
from engine.index.codec import dump_json
from engine.index.manifest import MANIFEST_NAME, Manifest, find_damage
from engine.store.durable_file import temporary_file

_SETTLED_NANOSECONDS = 2_000_000_000
"""Coarser than the clock of any file system that a version may lie in."""

_MOST_REMEMBERED = 16
_NAME = "verified-*.json"

FileFacts = dict[str, list[int]]
"""By name: device, inode, bytes, time of the last change of content, of the inode, in nanoseconds."""


class VerifiedFiles:
    """Remembers in `folder`, which is made when it is first needed, which versions are whole."""

    def __init__(self, folder: Path, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._folder = folder
        self._now_ns = now_ns

    def require_whole(self, directory: Path, manifest: Manifest) -> None:
        """Raise `ArtifactDamagedError` unless every file in `directory` is as the manifest says."""
        facts = _facts_of(directory, manifest)
        path = self._folder / f"verified-{_name_of(directory, manifest)}.json"
        if facts is not None and facts == _recall(path):
            return
        if damage := find_damage(directory, manifest):
            raise ArtifactDamagedError(
                f"{directory}: {len(damage)} file(s) differ from the manifest: "
                + "; ".join(damage[:5])
            )
        # Looked at before and after: what changed meanwhile was compared in part.
        if facts is not None and facts == _facts_of(directory, manifest) and self._settled(facts):
            self._remember(path, facts)

    def _settled(self, facts: FileFacts) -> bool:
        latest_ns = max(max(values[-2:]) for values in facts.values())
        return latest_ns < self._now_ns() - _SETTLED_NANOSECONDS

    def _remember(self, path: Path, facts: FileFacts) -> None:
        # Where nothing can be written, the next start compares again: slower, and no less right.
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with temporary_file(self._folder, dump_json(facts)) as temporary:
                temporary.replace(path)
            known = sorted(self._folder.glob(_NAME), key=lambda known: known.stat().st_mtime_ns)
            for outdated in known[:-_MOST_REMEMBERED]:
                outdated.unlink(missing_ok=True)


def _name_of(directory: Path, manifest: Manifest) -> str:
    place = hashlib.sha256(str(directory.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    return f"{place[:16]}-{manifest.index_version}"


def _facts_of(directory: Path, manifest: Manifest) -> FileFacts | None:
    """Return what the file system says of the version's files, None when one is missing."""
    facts = {}
    for name in (MANIFEST_NAME, *manifest.files):
        try:
            status = (directory / name).stat()
        except OSError:
            return None
        facts[name] = [
            *(status.st_dev, status.st_ino, status.st_size),
            *(status.st_mtime_ns, status.st_ctime_ns),
        ]
    return facts


def _recall(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None  # never written, or cut: then everything is compared again
