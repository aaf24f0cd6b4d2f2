"""Is there memory for this version, before it is mapped?

Invariant: nothing is read or mapped to find out, so asking costs the version that is being served nothing.
"""

from __future__ import annotations

import os
import resource
from pathlib import Path

from engine.errors import IndexUnavailableError
from engine.index.manifest import Manifest

_STATM = Path("/proc/self/statm")


def require_memory(manifest: Manifest, memory_bytes: int | None) -> None:
    """Raise `IndexUnavailableError` when the version is larger than what the process may have.

    `memory_bytes` is what the function was given, None where nobody said. Mapped pages can be given
    back, so an index as large as the memory still answers, slowly; a larger one would crawl.
    """
    if memory_bytes is not None and manifest.total_bytes > memory_bytes:
        raise IndexUnavailableError(
            f"version {manifest.index_version} has {manifest.total_bytes:,} bytes, the function has "
            f"{memory_bytes:,} bytes of memory; give it more, or publish a smaller index"
        )
    limit_bytes, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit_bytes == resource.RLIM_INFINITY:
        return
    free_bytes = limit_bytes - _mapped_bytes()
    if manifest.total_bytes > free_bytes:
        raise IndexUnavailableError(
            f"version {manifest.index_version} needs {manifest.total_bytes:,} bytes of address space, "
            f"the process may map {max(0, free_bytes):,} more; raise the limit (ulimit -v)"
        )


def _mapped_bytes() -> int:
    try:
        pages = int(_STATM.read_text().split()[0])
    except OSError:
        return 0  # no /proc: the limit as a whole has to do
    return pages * os.sysconf("SC_PAGE_SIZE")
