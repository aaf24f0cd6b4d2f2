"""How does an index folder appear whole or not at all?

Everything is built in a folder beside the target and renamed last. Invariant: the target is the old
index, the new one, or (between two renames) absent; never a mixture, and never somebody's other files.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import InputError
from engine.index.manifest import MANIFEST_NAME

LIVE_FOLDER = "live"
"""Where what changes while an index is served lies beside it (`engine.live`)."""


@contextmanager
def staging_folder(out: Path) -> Iterator[Path]:
    """Yield an empty folder beside `out`; remove it at the end if it was not moved into place.

    Raises `InputError` when `out` is something else than an index, or cannot be written.
    """
    if out.exists() and not _is_replaceable(out):
        raise InputError(
            f"{out}: exists and is no index (no {MANIFEST_NAME} in it); "
            "name a new or empty folder, so that nothing of yours is lost"
        )
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{out.name}.building-", dir=out.parent))
    except OSError as error:
        raise InputError(
            f"{out}: cannot be written ({error.strerror}); choose a folder that you may write to"
        ) from error
    try:
        yield staging
    except OSError as error:
        raise InputError(
            f"{out}: writing failed ({error.strerror or error}); nothing was changed there"
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def move_into_place(staging: Path, out: Path) -> None:
    """Make the finished folder `staging` the index at `out`."""
    staging.chmod(0o755)
    if not out.exists():
        staging.rename(out)
        return
    # A folder cannot be replaced in one step; a reader between the two renames finds nothing and
    # retries, and never finds a mixture. Publishing to a store is the way that has no such gap.
    retired = staging.with_name(staging.name + ".retired")
    # What changed while the old index was served stays with whatever is served there.
    if (out / LIVE_FOLDER).is_dir():
        shutil.copytree(out / LIVE_FOLDER, staging / LIVE_FOLDER)
    out.rename(retired)
    staging.rename(out)
    _keep_later_changes(retired / LIVE_FOLDER, out / LIVE_FOLDER)
    shutil.rmtree(retired, ignore_errors=True)


def _keep_later_changes(before: Path, after: Path) -> None:
    """Copy what was written to the old folder after it was copied, and before it was renamed."""
    for path in sorted(before.glob("[!.]*")) if before.is_dir() else ():
        kept = after / path.name
        if not kept.is_file() or kept.read_bytes() != path.read_bytes():
            after.mkdir(exist_ok=True)
            partial = after / f".{path.name}.kept"
            shutil.copyfile(path, partial)
            partial.replace(kept)


def _is_replaceable(out: Path) -> bool:
    return out.is_dir() and ((out / MANIFEST_NAME).is_file() or not any(out.iterdir()))
