"""Which lines of a word list would stop a build, all of them and not only the first?

The reader of the build itself is asked: what it refuses is noted and blanked, and it reads again.
Invariant: a line is called unusable exactly when the build refuses it, in the build's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from engine.errors import LexiconError
from index_builder.lexicon.findings import Finding, Kind

MAX_ERRORS = 100
"""Beyond this a file is another kind of file, and reading it again for each line takes too long."""

Reader = Callable[[Path], object]


def mend_list(source: Path, mended: Path, reader: Reader) -> list[Finding]:
    """Write to `mended` what `reader` accepts of `source`; return what it does not.

    Lines keep their numbers. `mended` has the name of `source`, in another folder.
    """
    try:
        lines = source.read_bytes().split(b"\n")
    except OSError as error:
        mended.write_bytes(b"")
        detail = f"cannot be read ({error.strerror}); a lexicon has this file, if only an empty one"
        return [Finding(Kind.UNUSABLE, source.name, None, "", detail)]
    findings = _blank_undecodable(source.name, lines)
    while True:
        mended.write_bytes(b"\n".join(lines))
        try:
            reader(mended)
        except LexiconError as error:
            number, detail = _place_and_reason(source.name, str(error))
            if number is None or len(findings) >= MAX_ERRORS:
                mended.write_bytes(b"")
                findings.append(Finding(Kind.UNUSABLE, source.name, None, "", detail))
                return findings
            text = lines[number - 1].decode("utf-8").strip()
            findings.append(Finding(Kind.UNUSABLE, source.name, number, text[:40], detail))
            lines[number - 1] = b""
        else:
            return sorted(findings, key=lambda finding: finding.line or 0)


def _blank_undecodable(name: str, lines: list[bytes]) -> list[Finding]:
    findings: list[Finding] = []
    for number, line in enumerate(lines, start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            lines[number - 1] = b""
            if len(findings) < MAX_ERRORS:
                detail = (
                    f"expected UTF-8, found the byte {line[error.start]:#04x}; "
                    "save the file as UTF-8"
                )
                findings.append(Finding(Kind.UNUSABLE, name, number, "", detail))
    return findings


def _place_and_reason(name: str, message: str) -> tuple[int | None, str]:
    match = re.match(rf"{re.escape(name)}:(\d+): ", message)
    return (int(match[1]), message[match.end() :]) if match else (None, message)
