"""Which version of an index is current, and which were before?

`current.json` is the only object of a published index that ever changes. Invariant: generations only go
up, by one, and they alone order pointers; the times in it are for people and for the grace of retention.
A folder of files that one pointer does not name, though its upload is no newer than that pointer, is
named by no later pointer either (`pointer_moves` keeps it so), and that makes deleting it safe.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from engine.documents import isoformat
from engine.errors import ArtifactDamagedError, ArtifactFormatError
from engine.index.codec import dump_json

POINTER_KEY = "current.json"
POINTER_FORMAT = 1
"""Raised whenever a reader of the old pointer could misread the new one."""

VERSIONS_PREFIX = "versions/"

_VERSION = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A version whose files are all in the store.

    `upload` is the generation that its upload aimed at: the same content uploaded again, after the
    first copy was retired, lies in a folder of its own. `articles` stands here as well as in the
    manifest, so that the next publication can be compared with this one whatever became of its files.
    """

    version: str
    upload: int
    published_at: datetime
    articles: int
    rolled_back: bool = False

    @property
    def prefix(self) -> str:
        """The prefix of its files' keys."""
        return _prefix(self.version, self.upload)


@dataclass(frozen=True, slots=True)
class RetiredVersion:
    """A version that no reader comes to any more, kept for those that came before."""

    version: str
    upload: int
    generation: int
    """The generation of the first pointer that did not name it."""

    retired_at: datetime

    @property
    def prefix(self) -> str:
        """The prefix of its files' keys."""
        return _prefix(self.version, self.upload)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What readers follow: the current version, then what to fall back to, in order."""

    generation: int
    current: PublishedVersion
    moved_at: datetime
    previous: tuple[PublishedVersion, ...] = ()
    retired: tuple[RetiredVersion, ...] = ()

    @property
    def named(self) -> tuple[PublishedVersion, ...]:
        """All versions that a reader of this pointer may take, the current one first."""
        return (self.current, *self.previous)


def encode_pointer(pointer: Pointer) -> bytes:
    """Return `pointer` as canonical JSON."""
    content: dict[str, Any] = {
        "format": POINTER_FORMAT,
        "generation": pointer.generation,
        **_plain(pointer.current),
        "moved_at": isoformat(pointer.moved_at),
        "previous": [_plain(version) for version in pointer.previous],
        "retired": [_plain(version) for version in pointer.retired],
    }
    return dump_json(content)


def parse_pointer(data: bytes) -> Pointer:
    """Return the pointer in `data`; fields that are not known are left to newer readers.

    Raises `ArtifactDamagedError` when it is malformed, `ArtifactFormatError` when it is written in a
    format that this reader does not know.
    """
    try:
        content = json.loads(data)
        found = content["format"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(error) from error
    if found != POINTER_FORMAT:
        raise ArtifactFormatError(
            f"{POINTER_KEY}: written in format {found!r}, this reader knows format {POINTER_FORMAT}; "
            "deploy the newer readers first, then publish"
        )
    try:
        generation = int(content["generation"])
        pointer = Pointer(
            generation,
            _published(content),
            datetime.fromisoformat(content["moved_at"]),
            tuple(_published(entry) for entry in content["previous"]),
            tuple(_retired(entry) for entry in content["retired"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(error) from error
    entries: list[PublishedVersion | RetiredVersion] = [*pointer.named, *pointer.retired]
    for entry in entries:
        # Version and upload become a folder's name: they must not be able to lead anywhere else.
        if not _VERSION.fullmatch(entry.version) or not 0 < entry.upload <= generation:
            raise ArtifactDamagedError(
                f"{POINTER_KEY}: names version {entry.version[:40]!r}, upload {entry.upload} in "
                f"generation {generation}; expected 16 hexadecimal digits and an upload that is no "
                "newer. Restore the pointer from the store's own history, or publish again"
            )
    return pointer


def _prefix(version: str, upload: int) -> str:
    return f"{VERSIONS_PREFIX}{version}/{upload}/"


def _plain(entry: PublishedVersion | RetiredVersion) -> dict[str, Any]:
    return {
        name: isoformat(value) if isinstance(value, datetime) else value
        for name, value in asdict(entry).items()
    }


def _published(content: dict[str, Any]) -> PublishedVersion:
    return PublishedVersion(
        str(content["version"]),
        int(content["upload"]),
        datetime.fromisoformat(content["published_at"]),
        int(content["articles"]),
        bool(content["rolled_back"]),
    )


def _retired(content: dict[str, Any]) -> RetiredVersion:
    return RetiredVersion(
        str(content["version"]),
        int(content["upload"]),
        int(content["generation"]),
        datetime.fromisoformat(content["retired_at"]),
    )


def _damaged(error: Exception) -> ArtifactDamagedError:
    return ArtifactDamagedError(
        f"{POINTER_KEY}: malformed ({type(error).__name__}: {error}); "
        "restore it from the store's own history"
    )
