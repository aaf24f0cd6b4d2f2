"""How much do the suites that break things try?

`WENMAI_THOROUGH=1 make test` tries all of it, which takes many minutes; without it they try enough to
catch each planted defect.
"""

from __future__ import annotations

import os

THOROUGH = os.environ.get("WENMAI_THOROUGH", "") not in {"", "0"}


def some(few: int, many: int) -> int:
    """Return `few`, or `many` when thoroughness is asked for."""
    return many if THOROUGH else few
