"""Is it the same bundle again, and does it fit?

Invariant: equal files give an equal archive, byte for byte: names sorted, one time, one mode.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from engine.errors import GateRefusedError
from infra.bundling.trimming import size_of

_EARLIEST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16

MEGABYTE = 1_000_000


def write_archive(folder: Path, archive: Path) -> str:
    """Write all of `folder` to the zip file `archive`; return its SHA-256, hex."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EARLIEST_ZIP_TIME)
            entry.external_attr = _MODE
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, path.read_bytes())
    return hashlib.sha256(archive.read_bytes()).hexdigest()


def require_sizes(folder: Path, archive: Path, max_unzipped: int, max_zipped: int) -> None:
    """Raise `GateRefusedError` when the bundle is larger than its bounds, in bytes."""
    for name, found, bound in (
        ("bundle size, unzipped", size_of(folder), max_unzipped),
        ("bundle size, zipped", size_of(archive), max_zipped),
    ):
        if found > bound:
            raise GateRefusedError(
                name,
                f"{found:,} bytes",
                f"{bound:,} bytes",
                "Look at the printed shares, and drop or trim what has grown.",
            )
