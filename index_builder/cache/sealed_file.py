"""How do arrays lie in one file so that damage is noticed before anything is believed?

A line with the digest of the header, the header (name, type, shape, place and SHA-256 of each section),
then the sections, each on a boundary of 64 bytes. Invariant: what `array` returns has the digest that the
header gives it, and the header has the digest in the first line; nothing that is read can execute.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import ArtifactDamagedError
from engine.index.codec import AnyArray, dump_json, map_bytes

SEALED_FORMAT = "wenmai-sealed-1"

_ALIGNMENT = 64
_LONGEST_FIRST_LINE = 200
_PLAIN_TYPES = frozenset("biuf")


def write_sealed(path: Path, arrays: Mapping[str, AnyArray]) -> None:
    """Write `arrays` (numbers only) to `path`, which appears whole or not at all."""
    plain = {name: _little_endian(array) for name, array in arrays.items()}
    sections: dict[str, dict[str, Any]] = {}
    place = 0
    for name, array in plain.items():
        sections[name] = {
            "dtype": array.dtype.str,
            "shape": list(array.shape),
            "place": place,
            "sha256": hashlib.sha256(array.data).hexdigest(),
        }
        place += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    header = dump_json(sections)
    first_line = f"{SEALED_FORMAT} {len(header)} {hashlib.sha256(header).hexdigest()}\n".encode()
    descriptor, temporary = tempfile.mkstemp(prefix=".sealing-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(first_line + header)
            start = _data_start(len(first_line), len(header))
            for name, array in plain.items():
                file.seek(start + sections[name]["place"])
                file.write(array.data)
            file.truncate(start + place)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class SealedFile:
    """Reads what `write_sealed` wrote, memory-mapped; a section is checked when it is first asked for."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`.

        Raises `ArtifactDamagedError` when it is missing or its header is not what was written.
        """
        self._name = path.name
        self._data = map_bytes(path)
        first_line = bytes(self._data[:_LONGEST_FIRST_LINE]).partition(b"\n")[0]
        words = first_line.split(b" ")
        if len(words) != 3 or words[0] != SEALED_FORMAT.encode() or not words[1].isdigit():
            raise self._damaged("it does not begin as a sealed file of this format")
        length = int(words[1])
        header = bytes(self._data[len(first_line) + 1 : len(first_line) + 1 + length])
        if hashlib.sha256(header).hexdigest().encode() != words[2]:
            raise self._damaged("the header is not what its sha256 says")
        self._start = _data_start(len(first_line) + 1, length)
        self._sections: dict[str, dict[str, Any]] = json.loads(header)

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a section `name`."""
        return name in self._sections

    def array(self, name: str) -> AnyArray:
        """Return section `name`.

        Raises `ArtifactDamagedError` when there is none, or its bytes are not those that were written.
        """
        section = self._sections.get(name)
        if section is None:
            raise self._damaged(f"it has no section {name!r}")
        dtype = np.dtype(section["dtype"])
        count = int(np.prod(section["shape"], dtype=np.int64))
        start = self._start + section["place"]
        data = self._data[start : start + count * dtype.itemsize]
        if hashlib.sha256(data).hexdigest() != section["sha256"]:
            raise self._damaged(f"section {name!r} is not what its sha256 says")
        return np.frombuffer(data, dtype=dtype).reshape(section["shape"])

    def _damaged(self, why: str) -> ArtifactDamagedError:
        return ArtifactDamagedError(f"{self._name}: {why}; it is worked out again")


def _little_endian(array: AnyArray) -> AnyArray:
    if array.dtype.kind not in _PLAIN_TYPES:
        raise TypeError(f"only numbers can be sealed, found {array.dtype}")
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))


def _data_start(first_line: int, header: int) -> int:
    return -(-(first_line + header) // _ALIGNMENT) * _ALIGNMENT
