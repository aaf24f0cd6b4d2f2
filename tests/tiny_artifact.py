"""An artifact of a few hundred bytes that every suite about publication moves around.

Each of its files says which version it belongs to, so a mixture of two cannot be missed.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from engine.index.codec import dump_json, write_array
from engine.index.manifest import MANIFEST_NAME, find_damage, read_manifest, write_manifest
from engine.index.opening import write_opening
from engine.index.snapshot import Snapshot

FILES = ("categories.json", "empty.bin", "hot.scores.npy", "opening.bin", "tags.json")


def write_artifact(folder: Path, label: int, *, padding: int = 0) -> str:
    """Write the artifact that is number `label` throughout; return its version."""
    folder.mkdir(parents=True)
    (folder / "tags.json").write_bytes(dump_json([f"标签{label}"]))
    (folder / "categories.json").write_bytes(dump_json([[f"分类{label}", "x" * padding]]))
    (folder / "empty.bin").write_bytes(b"")
    write_array(folder / "hot.scores.npy", np.full(16, label, dtype=np.float32))
    write_opening(folder)
    manifest = write_manifest(
        folder,
        lexicon_fingerprint=f"{label}",
        counts={"articles": label},
        parameters={"views": {}},
    )
    return manifest.index_version


def label_of(snapshot: Snapshot) -> int:
    """Return which artifact a snapshot shows, having compared all of its files with each other."""
    folder, label = snapshot.directory, snapshot.manifest.counts["articles"]
    assert find_damage(folder, snapshot.manifest) == []
    assert json.loads((folder / "tags.json").read_bytes()) == [f"标签{label}"]
    assert np.load(folder / "hot.scores.npy").tolist() == [float(label)] * 16
    return label


def set_format(folder: Path, format_version: int) -> str:
    """Let the artifact be written in another format, consistently; return its new version."""
    import hashlib  # noqa: PLC0415

    path = folder / MANIFEST_NAME
    content = json.loads(path.read_bytes())
    content.pop("index_version")
    content["format_version"] = format_version
    version = hashlib.sha256(dump_json(content)).hexdigest()[:16]
    path.write_bytes(dump_json({**content, "index_version": version}))
    return version


def version_of(folder: Path) -> str:
    """Return the version of the artifact in `folder`."""
    return read_manifest(folder).index_version
