"""Which modules are imported by what we use, and hardly ever used?

Each costs a cold start one to ten milliseconds: numpy imports pickle and platform, jieba tempfile, the
checks of urllib.parse ipaddress, Powertools inspect, all for functions that no first request calls.
Invariant: whoever uses such a module gets the real one (`engine.late_module`); in the bundle a query
function runs none of them (tests/infra/test_rewriting.py).
"""

from __future__ import annotations

from engine.late_module import enter_late

LATE_MODULES = (
    "ast",
    "ctypes",
    "dataclasses",
    "inspect",
    "ipaddress",
    "pickle",
    "platform",
    "random",
    "shutil",
    "tempfile",
)


def enter_late_modules() -> None:
    """Let each of these modules run on first use; those that have run already stay as they are."""
    for name in LATE_MODULES:
        enter_late(name)
