"""`make bundle`: what exactly is deployed?

install the locked requirements for the Lambda platform -> add our rooms -> trim -> rewrite -> compile,
records written out -> archive.
Invariant: the same checkout gives the same bytes, whatever the machine and the day; the folder appears
whole or not at all.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError, WenmaiError
from infra.bundling import record_base, record_expansion
from infra.bundling.archive import MEGABYTE, require_sizes, write_archive
from infra.bundling.contents import BUNDLES, QUERY_BUNDLE, Contents
from infra.bundling.platforms import (
    ARCHITECTURES,
    RUNTIME_VERSION,
    Architecture,
    find_runtime_python,
)
from infra.bundling.rewriting import RECORDS_OF_OTHERS, rewrite
from infra.bundling.trimming import size_of, trim

REPOSITORY = Path(__file__).resolve().parents[1]

_STABLE_ORDER = {**os.environ, "PYTHONHASHSEED": "0"}
"""The order of a set's elements in bytecode follows the hash seed."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A finished bundle: its folder, its archive, the archive's SHA-256, and bytes by top-level name."""

    folder: Path
    archive: Path
    sha256: str
    shares: dict[str, int]


def build_bundle(
    out: Path, architecture: Architecture, python: Path, contents: Contents = QUERY_BUNDLE
) -> Bundle:
    """Build the bundle for `architecture` into the folder `out`, compiled by `python`.

    Raises `InputError` when a step fails; then `out` is as it was.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        _install(staging, architecture, REPOSITORY / "requirements" / contents.requirements)
        for room in contents.rooms:
            shutil.copytree(REPOSITORY / room, staging / room)
        trim(staging, contents.trimmed)
        if contents.starts_fast:
            shutil.copy(record_base.__file__, staging)
            rewrite(staging)
        _compile(staging, python)
        if contents.starts_fast:
            _write_records_out(staging, python, contents.rooms)
        staging.chmod(0o755)
        archive = out.with_name(out.name + ".zip")
        sha256 = write_archive(staging, archive)
        if out.exists():
            shutil.rmtree(out)
        staging.rename(out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    shares = {path.name: size_of(path) for path in sorted(out.iterdir())}
    return Bundle(out, archive, sha256, shares)


def _install(folder: Path, architecture: Architecture, requirements: Path) -> None:
    platforms = [part for tag in architecture.platforms for part in ("--platform", tag)]
    _run(
        "installing the locked requirements",
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--target", str(folder), "--require-hashes", "--requirement", str(requirements)),
            # jieba comes as source alone, so wheels cannot be insisted on; it is pure Python.
            *("--no-deps", "--no-build-isolation", "--no-compile"),
            *("--implementation", "cp", "--python-version", RUNTIME_VERSION, *platforms),
        ],
    )


def _compile(folder: Path, python: Path) -> None:
    _run(
        "compiling",
        [
            *(str(python), "-m", "compileall", "-q", "-j", "1"),
            # A zip resets the times that ordinary .pyc files are checked against; unchecked ones are
            # taken as they are. Paths within tracebacks are those on Lambda.
            *("--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", "/var/task"),
            str(folder),
        ],
        _STABLE_ORDER,
    )


def _write_records_out(folder: Path, python: Path, rooms: Sequence[str]) -> None:
    _run(
        "writing out the records",
        [str(python), record_expansion.__file__, str(folder), *rooms, *RECORDS_OF_OTHERS],
        _STABLE_ORDER,
    )


def _run(step: str, command: Sequence[str], environment: dict[str, str] | None = None) -> None:
    result = subprocess.run(  # noqa: S603 - pip and compileall, with arguments made here
        command, capture_output=True, text=True, check=False, env=environment
    )
    if result.returncode:
        tail = "\n".join((result.stdout + result.stderr).strip().splitlines()[-15:])
        raise InputError(f"{step} failed with exit code {result.returncode}:\n{tail}")


def print_bundle(bundle: Bundle) -> None:
    """Print what the bundle weighs, the heaviest part first."""
    for name, size in sorted(bundle.shares.items(), key=lambda item: -item[1]):
        if size >= MEGABYTE / 10:
            print(f"{size / MEGABYTE:8.1f} MB  {name}")
    unzipped = sum(bundle.shares.values())
    zipped = size_of(bundle.archive)
    print(f"{unzipped / MEGABYTE:8.1f} MB  unzipped, {zipped / MEGABYTE:.1f} MB zipped")
    print(f"sha256 {bundle.sha256}  {bundle.archive.name}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Build and measure the bundle; return the contract's exit code."""
    parser = argparse.ArgumentParser(prog="make bundle", description="Build what is deployed.")
    parser.add_argument("--contents", choices=sorted(BUNDLES), default="query")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--architecture", choices=sorted(ARCHITECTURES))
    given = parser.parse_args(arguments)
    contents = BUNDLES[given.contents]
    out = given.out or REPOSITORY / contents.out
    architecture = ARCHITECTURES[given.architecture or contents.architecture]
    try:
        bundle = build_bundle(out, architecture, find_runtime_python(), contents)
        print_bundle(bundle)
        require_sizes(
            bundle.folder, bundle.archive, contents.max_unzipped_bytes, contents.max_zipped_bytes
        )
    except WenmaiError as error:
        print(f"bundle: {error}", file=sys.stderr)
        return 2 if isinstance(error, InputError) else 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
