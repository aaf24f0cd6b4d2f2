"""How does a reader answer from a version whose files are still in a store?

Each file, or part of one, is fetched when it is first asked for, compared with the version's digests, and
written where it is mapped: a file that is mapped before it has arrived is sparse, and whoever reads a part of
it asks for that part first (`need`). Invariant: no byte that was not compared with its digest is ever handed
out, and none changes once it is there; what differs, is missing or does not come in time is an error for
whoever asked, remembered in `failure`, and never an answer. Nothing here needs a thread of its own to be
right: a process that is frozen between requests goes on with the next one.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from engine.errors import (
    ArtifactDamagedError,
    IndexUnavailableError,
    ObjectNotFoundError,
    ObjectTooShortError,
    StoreError,
    StoreUnavailableError,
    WenmaiError,
)
from engine.index.block_runs import Part, Runs, calls_for
from engine.index.cache_folder import ReservedFolder, writing
from engine.index.manifest import Manifest
from engine.index.opening import BLOCK_BYTES, Opening
from engine.store.deadline import Deadline, elapsing_seconds
from engine.store.protocol import Store

PARALLEL_PARTS = 16
"""A part is mostly waiting: twenty to thirty are asked for at once by a first search."""

_PAUSE_SECONDS = 5.0
"""After a part did not come: until then, whatever is missing is refused at once."""


@dataclass(frozen=True, slots=True)
class _Pending:
    fetch: Future[None]
    until: Deadline


class ArrivingFiles:
    """The files of one version below `prefix` of `store`; they come to lie in the folder reserved for them.

    One request of a reader waits `wait_seconds` at most, however many parts it needs (`begin_request`).
    """

    def __init__(
        self,
        store: Store,
        prefix: str,
        manifest: Manifest,
        opening: Opening,
        reserved: ReservedFolder,
        *,
        wait_seconds: float,
        clock: Callable[[], float] = elapsing_seconds,
    ) -> None:
        self.manifest = manifest
        self.folder = reserved.folder
        self._reserved = reserved
        self.is_whole = False
        self.requests = 0
        """How many requests have asked so far; the rest is fetched only after the first was answered."""
        self._store = store
        self._prefix = prefix
        self._opening = opening
        self._wait_seconds = wait_seconds
        self._clock = clock
        self._lock = threading.RLock()
        self._here: dict[str, bytearray] = {}
        self._pending: dict[tuple[str, int], _Pending] = {}
        self._written: set[str] = set()
        self._pool = ThreadPoolExecutor(PARALLEL_PARTS, "part")
        self._request = threading.local()
        self._lease: object | None = None
        self._failure: WenmaiError | None = None
        self._try_again_at = 0.0

    @property
    def failure(self) -> WenmaiError | None:
        """What went wrong last, None when nothing did: then another version should be served."""
        return self._failure

    def __truediv__(self, name: str, /) -> Path:
        """Return the path of the file `name`, once all of it is there; see `need` for errors."""
        if self.is_whole or name not in self.manifest.files:
            return self.folder / name
        if name in self._opening.small:
            return self._write_small(name)
        self.need([self.whole(name)])
        return self.folder / name

    def sparse(self, name: str) -> Path:
        """Return the path of the file `name`, of which nothing but its edges need be there."""
        if self.is_whole or name not in self._opening.digests:
            return self / name
        with self._lock:
            self._make_sparse(name)
        return self.folder / name

    def whole(self, name: str) -> Part:
        """Return all of the file `name` as a part."""
        return Part(name, 0, self.manifest.files[name].size)

    def begin_request(self) -> None:
        """Start the clock for the request that this thread answers."""
        self._request.deadline = Deadline(self._wait_seconds, self._clock)
        self.requests += 1

    def need(self, parts: Iterable[Part]) -> None:
        """Return once all `parts` are there, fetched at the same time.

        Raises `ArtifactDamagedError` where one is missing or differs, `StoreUnavailableError` where one does
        not come in time, `IndexUnavailableError` where it cannot be written.
        """
        if self.is_whole:
            return
        pending = self.begin(parts)
        if pending:
            deadline: Deadline | None = getattr(self._request, "deadline", None)
            self.wait_for(pending, deadline or Deadline(self._wait_seconds, self._clock))

    def begin(
        self, parts: Iterable[Part], beside: ThreadPoolExecutor | None = None
    ) -> set[Future[None]]:
        """Start to fetch what is missing of `parts`, `beside` requests or for one; return what to wait for.

        Raises what `need` does where something is missing and went wrong a moment ago.
        """
        found: set[Future[None]] = set()
        with self._lock:
            for runs in self._missing_runs(parts, found):
                self._require_hope()
                self._make_sparse(runs.name)
                fetching = _Pending(
                    (beside or self._pool).submit(self._fetch, runs, beside=beside is not None),
                    Deadline(self._wait_seconds, self._clock),
                )
                found.add(fetching.fetch)
                self._pending.update(dict.fromkeys(runs.blocks, fetching))
        return found

    def wait_for(self, pending: set[Future[None]], deadline: Deadline) -> None:
        """Return once all that is `pending` is there, or raise what kept it away; see `need`."""
        done, late = wait(pending, deadline.remaining_seconds, FIRST_EXCEPTION)
        for future in done:
            future.result()
        if late:
            error = StoreUnavailableError(
                f"{self._prefix}: {len(late)} parts did not come within {deadline.seconds:g} s; "
                "another version is served meanwhile, where there is one"
            )
            self._note(error)
            raise error

    def missing_files(self) -> list[str]:
        """Return the names of the large files of which anything is missing, the smallest first."""
        names = [
            name
            for name in self._opening.digests
            if not (here := self._here.get(name)) or not all(here)
        ]
        return sorted(names, key=lambda name: self.manifest.files[name].size)

    def write_small_files(self) -> None:
        """Write every file that came with the opening."""
        for name in self._opening.small:
            self._write_small(name)

    def refuse(self, error: WenmaiError) -> None:
        """Let `error` be what is wrong with this version from now on."""
        self._note(error)

    def be_whole(self, kept: Path | None, lease: object | None) -> None:
        """Stop asking: every file is there and was compared. `lease` keeps them in the folder `kept`, too."""
        self._lease = lease
        self.folder = kept or self.folder
        self._failure = None
        self.is_whole = True
        self._pool.shutdown(wait=False)

    def _missing_runs(self, parts: Iterable[Part], pending: set[Future[None]]) -> Iterator[Runs]:
        """Yield what is to be fetched for `parts`, and add to `pending` what is on its way already."""
        missing: dict[str, set[int]] = {}
        for name, start, end in parts:
            if name not in self._opening.digests or start >= end:
                continue
            here = self._here_of(name)
            for block in range(start // BLOCK_BYTES, -(-end // BLOCK_BYTES)):
                if here[block]:
                    continue
                on_its_way = self._pending.get((name, block))
                # Frozen on its way, a request may hang on a connection that is gone.
                if on_its_way and on_its_way.until.remaining_seconds > 0.0:
                    pending.add(on_its_way.fetch)
                else:
                    missing.setdefault(name, set()).add(block)
        for name, blocks in missing.items():
            yield from calls_for(name, sorted(blocks))

    def _fetch(self, runs: Runs, *, beside: bool) -> None:
        begun_at = self._clock()
        ranges = runs.ranges(self.manifest.files[runs.name].size)
        arrived = False
        try:
            found = self._read(runs.name, ranges)
            for (first, _), data in zip(runs.runs, found, strict=True):
                self._opening.require_blocks(runs.name, first, data)
            with writing(self.folder), (self.folder / runs.name).open("r+b") as file:
                for (start, _), data in zip(ranges, found, strict=True):
                    os.pwrite(file.fileno(), data, start)
            arrived = True
        except IndexUnavailableError as error:
            # Room is missing here, however patient the store is.
            self._note(error)
            raise
        except StoreError as error:
            # Nobody waits for what is fetched beside requests, and Lambda freezes it half-way.
            if not beside and self._clock() - begun_at < self._wait_seconds:
                self._note(error)
            raise
        except WenmaiError as error:
            self._note(error)
            raise
        finally:
            self._end(runs, begun_at, arrived=arrived)

    def _read(self, name: str, ranges: list[tuple[int, int]]) -> list[memoryview]:
        try:
            return self._store.get_ranges(self._prefix + name, ranges)
        except (ObjectNotFoundError, ObjectTooShortError) as error:
            raise ArtifactDamagedError(f"{name}: {error}") from error

    def _end(self, runs: Runs, begun_at: float, *, arrived: bool) -> None:
        with self._lock:
            here = self._here_of(runs.name)
            for name, block in runs.blocks:
                here[block] |= arrived
                self._pending.pop((name, block), None)
            # What was asked for before says nothing about whether the store is back.
            is_back = arrived and begun_at >= self._try_again_at
            if is_back and isinstance(self._failure, StoreError):
                self._failure = None

    def _require_hope(self) -> None:
        """Raise what went wrong, unless it may be over: damage never is."""
        error = self._failure
        if error is None:
            return
        if isinstance(error, StoreError) and self._clock() >= self._try_again_at:
            return
        raise error

    def _note(self, error: WenmaiError) -> None:
        with self._lock:
            # What is damaged stays so, whatever the store says later.
            if isinstance(self._failure, ArtifactDamagedError):
                return
            self._failure = error
            self._try_again_at = self._clock() + _PAUSE_SECONDS

    def _here_of(self, name: str) -> bytearray:
        here = self._here.get(name)
        if here is None:
            here = self._here[name] = bytearray(-(-self.manifest.files[name].size // BLOCK_BYTES))
        return here

    def _make_sparse(self, name: str) -> None:
        if name in self._written:
            return
        first, last = self._opening.edges[name]
        size = self.manifest.files[name].size
        with writing(self.folder), (self.folder / name).open("wb") as file:
            file.write(first)
            file.seek(size - len(last))
            file.write(last)
        self._written.add(name)

    def _write_small(self, name: str) -> Path:
        path = self.folder / name
        with self._lock:
            if name not in self._written:
                with writing(self.folder):
                    path.write_bytes(self._opening.small[name])
                self._written.add(name)
        return path
