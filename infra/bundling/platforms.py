"""For which machine is the bundle, and which Python compiles it?

Invariant: what is compiled here is loaded there, so the compiling interpreter has the very version that
the template names as runtime.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError

RUNTIME_VERSION = "3.13"
"""The template's runtime is python3.13; a .pyc of any other version is ignored at start."""

PYTHON_VARIABLE = "WENMAI_LAMBDA_PYTHON"
"""Names the compiling interpreter where it is not found by itself."""

_OLDEST_GLIBC, _NEWEST_GLIBC = 17, 34
"""Amazon Linux 2023 has glibc 2.34; pip takes each tag to the letter, so all of them are offered."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """A Lambda architecture: its name in the template, and in the tags of wheels."""

    name: str
    wheel_tag: str

    @property
    def platforms(self) -> tuple[str, ...]:
        """The wheel platforms that run there, newest first."""
        newest_first = range(_NEWEST_GLIBC, _OLDEST_GLIBC - 1, -1)
        modern = tuple(f"manylinux_2_{minor}_{self.wheel_tag}" for minor in newest_first)
        return (*modern, f"manylinux2014_{self.wheel_tag}")


ARCHITECTURES: Mapping[str, Architecture] = {
    "arm64": Architecture("arm64", "aarch64"),
    "x86_64": Architecture("x86_64", "x86_64"),
}


def find_runtime_python(environment: Mapping[str, str] = os.environ) -> Path:
    """Return an interpreter of the runtime's version.

    Looks at `WENMAI_LAMBDA_PYTHON`, then on the PATH, then below pyenv's root. Raises `InputError` when
    there is none.
    """
    for candidate in _candidates(environment):
        if _version_of(candidate) == RUNTIME_VERSION:
            return candidate
    raise InputError(
        f"no Python {RUNTIME_VERSION} found on the PATH or below pyenv; Lambda runs that version and "
        f"ignores bytecode of any other. Install it, or name it in {PYTHON_VARIABLE}"
    )


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    if named := environment.get(PYTHON_VARIABLE):
        yield Path(named)
    if found := shutil.which(f"python{RUNTIME_VERSION}", path=environment.get("PATH")):
        yield Path(found)
    root = Path(environment.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(root.glob(f"versions/{RUNTIME_VERSION}.*/bin/python{RUNTIME_VERSION}"))


def _version_of(python: Path) -> str | None:
    # A pyenv shim lies on the PATH for versions that are not switched on, and only fails when run.
    try:
        answer = subprocess.run(  # noqa: S603 - an interpreter that the user has on the PATH
            [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None
