"""How does an API without an ICP filing answer in a China region? By signed requests alone.

`python -m infra.signed_routes OUT` writes the template with IAM authorization on every route: SAM takes the
name of an authorizer only as it stands, so no parameter can switch it. Invariant: nothing else differs.
"""

from __future__ import annotations

import sys
from pathlib import Path

from infra.translation import TEMPLATE

_OPEN = "        EnableIamAuthorizer: true\n"
_SIGNED = _OPEN + "        DefaultAuthorizer: AWS_IAM\n"


def sign_every_route(template: str) -> str:
    """Return the text of `template` with IAM as what routes are authorized by if they name nothing.

    Raises `ValueError` when the line that it adds to is not there exactly once.
    """
    if template.count(_OPEN) != 1:
        raise ValueError(f"expected one line {_OPEN.strip()!r} in the template")
    return template.replace(_OPEN, _SIGNED)


def main() -> int:
    """Write the signed template; return the exit code."""
    out = Path(sys.argv[1])
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(sign_every_route(TEMPLATE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
