"""What the bundle rewrites of packages is found where it was, and what is left out can still be had."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from engine.errors import InputError
from functions.late_modules import LATE_MODULES
from infra.bundle import Bundle
from infra.bundling.rewriting import CHANGED, EMPTIED, REWRITTEN, rewrite


def unpack(folder: Path) -> None:
    """Make a folder in which everything stands that is rewritten."""
    for name in (*EMPTIED, *REWRITTEN):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("original = True\n", encoding="utf-8")
    for change in CHANGED:
        path = folder / change.path
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(f"{before}{change.found}\n", encoding="utf-8")


def test_originals_go_on_under_another_name(tmp_path: Path) -> None:
    unpack(tmp_path)
    rewrite(tmp_path)
    assert (tmp_path / EMPTIED[0]).read_text(encoding="utf-8") == ""
    for name, (complete, source) in REWRITTEN.items():
        assert (tmp_path / complete).read_text(encoding="utf-8") == "original = True\n"
        assert (tmp_path / name).read_text(encoding="utf-8") == source
    assert CHANGED[0].found not in (tmp_path / CHANGED[0].path).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [EMPTIED[0], next(iter(REWRITTEN)), CHANGED[-1].path])
def test_a_package_that_moved_is_refused_by_the_name_of_its_file(tmp_path: Path, name: str) -> None:
    unpack(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(InputError, match=f"{name} is not there"):
        rewrite(tmp_path)


def test_a_line_that_changed_is_refused(tmp_path: Path) -> None:
    unpack(tmp_path)
    path = tmp_path / CHANGED[-1].path
    path.write_text("RESERVED = []\n", encoding="utf-8")
    with pytest.raises(InputError, match="does not hold"):
        rewrite(tmp_path)


def run(bundle: Bundle, python: Path, code: str) -> str:
    """Return what `code` prints in a process that has the bundle alone."""
    result = subprocess.run(
        [str(python), "-I", "-c", f"import sys; sys.path[:0] = [{str(bundle.folder)!r}]; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.strip()


@pytest.mark.parametrize("module", ["functions.search", "functions.recommend"])
def test_a_query_function_of_the_bundle_runs_no_late_module(
    bundle: Bundle, runtime_python: Path, module: str
) -> None:
    code = (
        f"import json, {module}; "
        f"names = {(*LATE_MODULES, 'aws_lambda_powertools.utilities.jmespath_utils')!r}; "
        "print(json.dumps([[name for name in names if type(sys.modules.get(name)).__name__ == "
        "'module'], sorted(sys.modules)]))"
    )
    ran, loaded = json.loads(run(bundle, runtime_python, code))
    assert ran == []
    unwanted = {"numpy._typing._complete", "numpy.typing._complete", "_typing_extensions_complete"}
    assert unwanted & set(loaded) == set()
    assert {"numpy._typing", "typing_extensions"} <= set(loaded)


def test_what_is_rewritten_gives_out_everything_it_had(
    bundle: Bundle, runtime_python: Path
) -> None:
    code = (
        "import numpy as np, numpy.typing as npt, typing_extensions as te; "
        "print(npt.ArrayLike.__name__, npt.NDArray[np.int8].__args__[1], te.Sentinel.__module__, "
        "te.override.__module__, hasattr(npt, 'nothing'))"
    )
    expected = "ArrayLike numpy.dtype[numpy.int8] _typing_extensions_complete typing False"
    assert run(bundle, runtime_python, code) == expected


def test_powertools_keeps_its_list_of_reserved_keys(bundle: Bundle, runtime_python: Path) -> None:
    code = (
        "import functions.powertools, inspect, aws_lambda_powertools.logging.formatter as f; "
        "print(f.RESERVED_FORMATTER_CUSTOM_KEYS == "
        "inspect.getfullargspec(f.LambdaPowertoolsFormatter).args[1:] != [])"
    )
    assert run(bundle, runtime_python, code) == "True"
