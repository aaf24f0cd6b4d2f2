"""Make a virtual environment of the Python that Lambda runs: `python -m infra.runtime_venv FOLDER`."""

from __future__ import annotations

import subprocess
import sys

from engine.errors import InputError
from infra.bundling.platforms import find_runtime_python


def main() -> int:
    """Create the environment; return the exit code."""
    try:
        python = find_runtime_python()
    except InputError as error:
        print(f"runtime_venv: {error}", file=sys.stderr)
        return 2
    return subprocess.run([str(python), "-m", "venv", sys.argv[1]], check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
