"""What of the installed packages runs at every start and serves nobody on Lambda?

Documentation attached at run time, annotations for type checkers: some modules are written anew, a few lines
are changed. Invariant: what is named here with its reason is found exactly as it was when it was written
down, or there is no bundle; and everything that was there can still be asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError

EMPTIED: Sequence[str] = (
    # Texts for help(): four thousand lines that attach docstrings to functions of C.
    "numpy/_core/_add_newdocs.py",
    "numpy/_core/_add_newdocs_scalars.py",
)

RECORDS_OF_OTHERS: Sequence[str] = ("aws_lambda_powertools/event_handler/openapi/config.py",)
"""Modules of packages whose records are written out, as ours are (`record_expansion`)."""

_ON_DEMAND = """

def __getattr__(name):
    from importlib import import_module

    if name.startswith("__"):
        raise AttributeError(name)  # the import statement asks for __path__
    return getattr(import_module("{complete}"), name)
"""

REWRITTEN: Mapping[str, tuple[str, str]] = {
    # All that runs is NDArray, for our own names of arrays; the rest is built from hundreds of unions.
    "numpy/_typing/__init__.py": (
        "numpy/_typing/_complete.py",
        "from typing import Any as _Any, TypeVar as _TypeVar\n"
        "from numpy import dtype as _dtype, generic as _generic, ndarray as _ndarray\n"
        'NDArray = _ndarray[_Any, _dtype[_TypeVar("_Scalar", bound=_generic)]]\n'
        + _ON_DEMAND.format(complete="numpy._typing._complete"),
    ),
    "numpy/typing/__init__.py": (
        "numpy/typing/_complete.py",
        "from numpy._typing import NDArray\n"
        + _ON_DEMAND.format(complete="numpy.typing._complete"),
    ),
    # Powertools asks it for what Python 3.13 has itself.
    "typing_extensions.py": (
        "_typing_extensions_complete.py",
        "from typing import NotRequired, override\n"
        "from warnings import deprecated\n"
        + _ON_DEMAND.format(complete="_typing_extensions_complete"),
    ),
}
"""Module -> the name that its original goes on under, and what stands in its place."""


@dataclass(frozen=True, slots=True)
class Change:
    """Some text of a module, and what stands there in the bundle."""

    path: str
    found: str
    written: str


CHANGED: Sequence[Change] = (
    # Docstrings and signatures for help(), the only ones that need `inspect`, which needs ast and dis.
    Change(
        "numpy/_core/overrides.py",
        "if docs_from_dispatcher and dispatcher.__doc__ is not None:",
        "if False:",
    ),
    Change(
        "numpy/_core/overrides.py",
        'if not verify and not getattr(implementation, "__text_signature__", None):',
        "if False:",
    ),
    # Whoever has a masked array has loaded numpy.ma; asking it loads nine thousand lines.
    Change(
        "numpy/lib/_arraysetops_impl.py",
        "if not optional_indices and not return_counts and not np.ma.is_masked(ar):",
        'if not optional_indices and not return_counts and not ("numpy.ma" in '
        '__import__("sys").modules and np.ma.is_masked(ar)):',
    ),
    # The same list, without `inspect`.
    Change(
        "aws_lambda_powertools/logging/formatter.py",
        "= inspect.getfullargspec(LambdaPowertoolsFormatter).args[1:]",
        "= list((_init := LambdaPowertoolsFormatter.__init__.__code__).co_varnames"
        "[1 : _init.co_argcount])",
    ),
)


def rewrite(folder: Path) -> None:
    """Rewrite in `folder` what is named here.

    Raises `InputError` when something is not there as expected: a new version of a package moved it.
    """
    for name in EMPTIED:
        _existing(folder, name).write_text("", encoding="utf-8")
    for name, (complete, source) in REWRITTEN.items():
        _existing(folder, name).rename(folder / complete)
        (folder / name).write_text(source, encoding="utf-8")
    for change in CHANGED:
        path = _existing(folder, change.path)
        text = path.read_text(encoding="utf-8")
        if text.count(change.found) != 1:
            raise _moved(change.path, f"does not hold {change.found!r} once")
        path.write_text(text.replace(change.found, change.written), encoding="utf-8")


def _existing(folder: Path, name: str) -> Path:
    if not (folder / name).is_file():
        raise _moved(name, "is not there")
    return folder / name


def _moved(name: str, found: str) -> InputError:
    return InputError(
        f"{name} {found}; look at the new version and bring infra/bundling/rewriting.py up to date"
    )
