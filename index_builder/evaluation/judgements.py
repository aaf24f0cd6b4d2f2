"""What was asked, and which articles answer it?

Reads the evaluation files of the contract. Invariant: a malformed line stops the reading with its number;
figures from half a file would be worse than none.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import InputError

Judgements = Mapping[str, Mapping[str, int]]
"""query id -> article id -> grade."""


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A query of an evaluation set, or an article whose related list is judged."""

    id: str
    text: str
    type: str


def read_queries(path: Path) -> list[JudgedQuery]:
    """Read {"id", "type", "query"} lines.

    Raises `InputError` naming the file and line.
    """
    return [
        JudgedQuery(
            _string(record, "id", path, number),
            _string(record, "query", path, number),
            str(record.get("type") or "all"),
        )
        for number, record in read_records(path)
    ]


def read_qrels(path: Path) -> Judgements:
    """Read TREC judgements: query-id, 0, article-id, grade, separated by white space.

    Raises `InputError` naming the file and line.
    """
    judgements: dict[str, dict[str, int]] = defaultdict(dict)
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        parts = line.split("\t") if "\t" in line else line.split()
        try:
            query_id, _, article_id, grade = (part.strip() for part in parts)
            judgements[query_id][article_id] = int(grade)
        except ValueError as error:
            raise InputError(
                f"{path}:{number}: expected query-id, 0, article-id, grade; found {line[:80]!r}"
            ) from error
    if not judgements:
        raise InputError(f"{path}: no judgements in it")
    return judgements


def read_records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the JSON objects of a .jsonl or .jsonl.gz file with their line numbers."""
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise InputError(f"{path}:{number}: not JSON ({error})") from error
        if not isinstance(record, dict):
            raise InputError(f"{path}:{number}: expected a JSON object, found {line[:60]!r}")
        yield number, record


def _string(record: Mapping[str, Any], field: str, path: Path, number: int) -> str:
    value = record.get(field)
    if not isinstance(value, str):
        raise InputError(f"{path}:{number}: {field}: expected a string, found {value!r}")
    return value


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as raw:
            compressed = raw.read(2) == b"\x1f\x8b"
        opener = gzip.open if compressed else open
        with opener(path, "rt", encoding="utf-8") as file:
            yield from file
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from error
