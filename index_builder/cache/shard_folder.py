"""Which cached results lie in this folder, and how do several builds share it?

A shard holds the results of many articles in one sealed file, named by a digest of what is in it; a build
adds one shard with what it worked out itself. Invariant: a shard is written once under its name and never
changed, so that builds which run at once never see half of one; a damaged shard is removed and its
articles are worked out again.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from engine.errors import ArtifactDamagedError, InputError
from engine.index.codec import AnyArray
from index_builder.cache.article_keys import KEY_BYTES
from index_builder.cache.sealed_file import SealedFile, write_sealed

MOST_SHARDS = 8
"""From so many shards on, a build puts what it used of them into one."""

LEAST_USED_SHARE = 0.5
"""A shard of which a build used more than this is that build's own, to be merged; another corpus's is not."""

UNUSED_DAYS = 30
"""A shard that no build has used for so long is removed."""

_KEYS = "keys"

Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True)
class Shard:
    """One open shard: its file and the key of each of its rows."""

    path: Path
    file: SealedFile
    keys: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Where results lie: for each article the shard and the row, or None."""

    shards: tuple[Shard, ...]
    places: tuple[tuple[int, int] | None, ...]

    def used_rows(self, shard: int) -> int:
        """Return how many articles have their result in `shard`."""
        return sum(place is not None and place[0] == shard for place in self.places)


class ShardFolder:
    """The shards of one kind, of one fingerprint, below a cache folder."""

    def __init__(
        self,
        cache: Path,
        kind: str,
        fingerprint: str,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Create the folder.

        Raises `InputError` when it cannot be written.
        """
        self._folder = cache / f"{kind}-{fingerprint}"
        self._now = now
        self.damaged: list[str] = []
        """What was removed so far, a line each."""

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"{cache}: the cache cannot be written ({error.strerror}); name another --cache"
            ) from error

    def find(
        self, keys: Sequence[bytes], load: Callable[[SealedFile], Loaded]
    ) -> tuple[Found, tuple[Loaded, ...]]:
        """Return where the results for `keys` lie, and what `load` makes of each shard that is used.

        A shard of which anything is damaged is removed, named in `damaged` and not used.
        """
        damaged: list[str] = []
        while True:
            shards = self._open_all(damaged)
            found = _locate(keys, shards)
            try:
                loaded = self._load_all(found.shards, load)
            except _DamagedShardError as error:
                damaged.append(str(error.__cause__))
                error.path.unlink(missing_ok=True)
                continue
            self.damaged += damaged
            return found, loaded

    def add(self, keys: Sequence[bytes], arrays: Mapping[str, AnyArray]) -> None:
        """Keep the results of new articles.

        Raises `InputError` when the folder cannot be written.
        """
        if not keys:
            return
        # Equal keys give equal results, so the keys name the content.
        name = hashlib.sha256(b"".join(keys)).hexdigest()[:32]
        flat = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), KEY_BYTES)
        try:
            write_sealed(self._folder / f"{name}.shard", {_KEYS: flat, **arrays})
        except OSError as error:
            raise InputError(
                f"{self._folder}: the cache cannot be written ({error.strerror}); "
                "make room there or name another --cache"
            ) from error

    def wants_merging(self, found: Found, articles: int) -> bool:
        """Tell whether what a build of `articles` used should be put into one shard instead."""
        own = self._own(found)
        rows = sum(len(found.shards[number].keys) for number in own)
        return len(own) >= MOST_SHARDS or rows > 2 * articles

    def remove_merged(self, found: Found) -> None:
        """Remove the shards of `found` that another shard now stands for, and those long unused.

        A build that has them open keeps what it mapped; one that comes later finds the new shard.
        """
        for number in self._own(found):
            found.shards[number].path.unlink(missing_ok=True)
        self.remove_unused()

    def remove_unused(self) -> None:
        """Remove the shards that no build has used for `UNUSED_DAYS`."""
        oldest = self._now() - UNUSED_DAYS * 86_400
        for path in self._paths():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()

    def _own(self, found: Found) -> list[int]:
        return [
            number
            for number, shard in enumerate(found.shards)
            if found.used_rows(number) > LEAST_USED_SHARE * len(shard.keys)
        ]

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("*.shard"))

    def _open_all(self, damaged: list[str]) -> list[Shard]:
        shards = []
        for path in self._paths():
            try:
                file = SealedFile(path)
                rows: AnyArray = file.array(_KEYS)
            except ArtifactDamagedError as error:
                # Gone since it was listed: another build merged it, which is no damage.
                if path.exists():
                    damaged.append(str(error))
                    path.unlink(missing_ok=True)
                continue
            shards.append(Shard(path, file, tuple(row.tobytes() for row in rows)))
        return shards

    def _load_all(
        self, shards: Iterable[Shard], load: Callable[[SealedFile], Loaded]
    ) -> tuple[Loaded, ...]:
        loaded = []
        for shard in shards:
            try:
                loaded.append(load(shard.file))
            except ArtifactDamagedError as error:
                raise _DamagedShardError(shard.path) from error
            with suppress(FileNotFoundError):
                os.utime(shard.path, (self._now(), self._now()))
        return tuple(loaded)


class _DamagedShardError(Exception):
    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


def _locate(keys: Sequence[bytes], shards: Sequence[Shard]) -> Found:
    """Look the keys up; shards in which none of them is are left out."""
    wanted = set(keys)
    useful = [shard for shard in shards if not wanted.isdisjoint(shard.keys)]
    place_of: dict[bytes, tuple[int, int]] = {}
    # The largest first: what one shard has is not fetched from many.
    useful.sort(key=lambda shard: (-len(shard.keys), shard.path.name))
    for number, shard in enumerate(useful):
        for row, key in enumerate(shard.keys):
            place_of.setdefault(key, (number, row))
    places = tuple(place_of.get(key) for key in keys)
    kept = sorted({place[0] for place in places if place is not None})
    renumbered = {old: new for new, old in enumerate(kept)}
    return Found(
        tuple(useful[number] for number in kept),
        tuple(None if place is None else (renumbered[place[0]], place[1]) for place in places),
    )
