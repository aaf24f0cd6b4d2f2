"""What of the installed packages is never used on Lambda?

Invariant: what goes is named here with its reason, and nothing is kept or dropped by size. The test that
runs every handler from the trimmed folder is what shows that nothing is missing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

EVERYWHERE: Sequence[str] = (
    "**/*.pyi",  # for type checkers
    "**/py.typed",
    "**/tests",
    "**/__pycache__",  # compiled anew, by the runtime's version and with unchecked hashes
    "**/*.a",  # for linking against
    "**/*.pxd",
    "**/*.h",
    "bin",  # console scripts
    "*.dist-info/RECORD",  # lists files that are gone; the licences stay
    "*.dist-info/INSTALLER",
    "*.dist-info/REQUESTED",
    "*.dist-info/direct_url.json",
)

JIEBA_WORDS = "jieba/dict.txt"
"""Online the words come with the index; the offline building makes them from this file."""

PACKAGES: Sequence[str] = (
    # jieba: the algorithm alone; probabilities come with the index.
    "jieba/analyse",
    "jieba/posseg",
    "jieba/lac_small",
    "jieba/__main__.py",
    "jieba/finalseg/*.p",  # pickles for Jython
    # numpy: tools for building, testing and typing.
    "numpy/_pyinstaller",
    "numpy/doc",
    "numpy/_core/include",
    "numpy/_core/lib",
    "numpy/random/_examples",
    # Powertools: what needs packages that are not there, and pages for developers.
    "aws_lambda_powertools/tracing",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui",
    "aws_lambda_powertools/utilities/batch",
    "aws_lambda_powertools/utilities/data_masking",
    "aws_lambda_powertools/utilities/feature_flags",
    "aws_lambda_powertools/utilities/idempotency",
    "aws_lambda_powertools/utilities/kafka",
    "aws_lambda_powertools/utilities/parser",
    "aws_lambda_powertools/utilities/streaming",
    "aws_lambda_powertools/utilities/validation",
)

QUERIES: Sequence[str] = (
    JIEBA_WORDS,
    # scipy imports both.
    "numpy/f2py",
    "numpy/testing",
    *PACKAGES,
)

REBUILD: Sequence[str] = (
    *PACKAGES,
    # Nothing here answers requests.
    "aws_lambda_powertools",
    "aws_lambda_powertools-*.dist-info",
    # scikit-learn and joblib: sample data, and what displays models in notebooks.
    "sklearn/datasets/data",
    "sklearn/datasets/images",
    "sklearn/datasets/descr",
    "joblib/test",
    # scipy: what its own build leaves behind for other builds.
    "scipy/**/*.pxi",
)


def trim(folder: Path, patterns: Sequence[str] = QUERIES) -> int:
    """Remove from `folder` what is named in `EVERYWHERE` and `patterns`; return how many bytes that was."""
    dropped = 0
    for path in _matches(folder, patterns):
        dropped += size_of(path)
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return dropped


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files below a folder."""
    if not path.is_dir():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def _matches(folder: Path, patterns: Sequence[str]) -> Iterator[Path]:
    for pattern in (*EVERYWHERE, *patterns):
        for path in sorted(folder.glob(pattern)):
            if path.exists():  # a folder above it may be gone already
                yield path
