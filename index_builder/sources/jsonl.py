"""How is a file of articles read when some of its lines are broken?

One JSON object a line, plain or gzip. Invariant: every line is either an article or a quarantined line
with its number and reason; a bad line never stops the file, and no line is read beyond
`MAX_LINE_BYTES` into memory.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine.article_record import ArticleRecordError, parse_article
from engine.documents import Article
from engine.errors import SourceError

MAX_LINE_BYTES = 32 * 1024 * 1024
"""Bounds memory against a file without newlines."""

_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class QuarantinedLine:
    """A line that is no article: where it stands (1-based), and why it was set aside."""

    source: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article and the line (1-based) it stands on."""

    source: str
    line: int
    article: Article


def read_jsonl(path: Path) -> Iterator[ReadArticle | QuarantinedLine]:
    """Yield each line of the file at `path` as an article or a quarantined line.

    Blank lines are skipped. Raises `SourceError` when the file is missing, a folder, unreadable, or
    stops in the middle of its compressed stream.
    """
    with _open_lines(path) as file:
        number = 0
        while True:
            try:
                line = file.readline(MAX_LINE_BYTES + 1)
            except (OSError, EOFError, zlib.error) as error:
                raise SourceError(
                    f"{path}: cannot be read on after line {number} ({error}); "
                    "expected whole .jsonl or .jsonl.gz; copy the file again"
                ) from error
            if not line:
                return
            number += 1
            if len(line) > MAX_LINE_BYTES:
                _skip_rest_of_line(file)
                yield QuarantinedLine(
                    path.name, number, f"line longer than {MAX_LINE_BYTES // 2**20} MiB"
                )
            elif line.strip():
                yield _parse_line(path.name, number, line)


def _parse_line(source: str, number: int, line: bytes) -> ReadArticle | QuarantinedLine:
    if number == 1:
        line = line.removeprefix(b"\xef\xbb\xbf")  # Windows editors put a byte order mark there
    try:
        return ReadArticle(source, number, parse_article(json.loads(line.decode("utf-8"))))
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 at byte {error.start}"
    except json.JSONDecodeError as error:
        reason = f"not JSON: {error.msg} at character {error.pos}"
    except RecursionError:
        reason = "not JSON: nested too deeply"
    except ArticleRecordError as error:
        reason = str(error)
    except ValueError as error:  # a number of more digits than Python converts
        reason = f"not JSON: {error}"
    return QuarantinedLine(source, number, reason)


def _skip_rest_of_line(file: IO[bytes]) -> None:
    while (rest := file.readline(1 << 20)) and not rest.endswith(b"\n"):
        pass


@contextmanager
def _open_lines(path: Path) -> Iterator[IO[bytes]]:
    try:
        raw = path.open("rb")
    except IsADirectoryError as error:
        raise SourceError(f"{path}: is a folder; expected a .jsonl or .jsonl.gz file") from error
    except FileNotFoundError as error:
        raise SourceError(f"{path}: no such file; expected a .jsonl or .jsonl.gz file") from error
    except OSError as error:
        raise SourceError(f"{path}: cannot be opened ({error.strerror})") from error
    with raw:
        # By content, not by name: exports are often compressed without saying so.
        if raw.peek(2)[:2] == _GZIP_MAGIC:
            with gzip.GzipFile(fileobj=raw) as unzipped, io.BufferedReader(unzipped) as file:
                yield file
        else:
            yield raw
