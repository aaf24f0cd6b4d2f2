"""Can a query function hold it?"""

from __future__ import annotations

from engine.index.manifest import Manifest
from index_builder.gates.gate import Verdict

MAX_BYTES = 480_000_000
"""Less than half of the 1,024 MB of ephemeral storage that infra/template.yaml gives a query function:
while it goes from one version to the next, it holds both."""


def check_size(manifest: Manifest, max_bytes: int = MAX_BYTES) -> Verdict:
    """Bound the bytes of all files."""
    return Verdict(
        "size",
        f"{manifest.total_bytes / 1e6:,.1f} MB",
        f"at most {max_bytes / 1e6:,.1f} MB",
        manifest.total_bytes <= max_bytes,
        "Give the query functions more ephemeral storage (EphemeralStorageSize, twice the index), "
        "then publish with a larger --max-mb.",
    )
