"""What is deployed is small, the same every time, compiled, and has all that the handlers need."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path

import pytest

from engine.errors import GateRefusedError, InputError
from infra.bundle import Bundle
from infra.bundling.archive import require_sizes, write_archive
from infra.bundling.contents import QUERY_BUNDLE, REBUILD_BUNDLE
from infra.bundling.platforms import ARCHITECTURES, PYTHON_VARIABLE, find_runtime_python
from infra.bundling.trimming import EVERYWHERE, QUERIES, size_of, trim
from local.template_routes import read_routes

_UNCHECKED_HASH = b"\x01\x00\x00\x00"
"""The flags of a .pyc that is valid whatever the time or content of its source (PEP 552)."""


def test_every_handler_of_the_template_loads_from_the_bundle_alone(
    bundle: Bundle, runtime_python: Path
) -> None:
    modules = sorted({route.handler.rpartition(".")[0] for route in read_routes()})
    result = subprocess.run(
        # -I: neither the working folder nor installed packages stand in for what is missing.
        [
            *(str(runtime_python), "-I", "-c"),
            f"import sys; sys.path[:0] = [{str(bundle.folder)!r}]; "
            + "; ".join(f"import {module}" for module in modules),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_every_source_is_compiled_and_needs_no_check(bundle: Bundle) -> None:
    sources = [path for path in bundle.folder.rglob("*.py") if path.parent.name != "__pycache__"]
    assert len(sources) > 300
    for source in sources:
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        assert compiled.is_file(), source
        assert compiled.read_bytes()[4:8] == _UNCHECKED_HASH, source


def test_the_bundle_holds_no_tests_and_no_boto3(bundle: Bundle) -> None:
    names = {path.name for path in bundle.folder.iterdir()}
    assert set(QUERY_BUNDLE.rooms) <= names
    assert not names & {"boto3", "botocore", "sklearn", "scipy", "pydantic", "index_builder"}
    assert not list(bundle.folder.rglob("tests"))


def test_the_bundle_keeps_the_licences_of_what_it_carries(bundle: Bundle) -> None:
    for package in ("numpy", "jieba", "obstore", "marisa_trie", "aws_lambda_powertools"):
        (information,) = bundle.folder.glob(f"{package}-*.dist-info")
        assert list(information.rglob("*LICEN*")) or (information / "METADATA").is_file()


def test_the_rebuild_loads_from_its_bundle_alone_and_fits(
    rebuild_bundle: Bundle, runtime_python: Path
) -> None:
    names = {path.name for path in rebuild_bundle.folder.iterdir()}
    assert set(REBUILD_BUNDLE.rooms) <= names
    assert not names & {"boto3", "botocore", "functions", "aws_lambda_powertools", "matplotlib"}
    result = subprocess.run(
        [
            *(str(runtime_python), "-I", "-c"),
            f"import sys; sys.path[:0] = [{str(rebuild_bundle.folder)!r}]; import index_builder.handler",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    bounds = REBUILD_BUNDLE.max_unzipped_bytes, REBUILD_BUNDLE.max_zipped_bytes
    require_sizes(rebuild_bundle.folder, rebuild_bundle.archive, *bounds)


def test_the_bundle_fits(bundle: Bundle) -> None:
    bounds = QUERY_BUNDLE.max_unzipped_bytes, QUERY_BUNDLE.max_zipped_bytes
    require_sizes(bundle.folder, bundle.archive, *bounds)


def test_an_archive_does_not_depend_on_times_modes_or_order(tmp_path: Path) -> None:
    digests = []
    for number, names in enumerate((["甲.py", "b/乙.py"], ["b/乙.py", "甲.py"])):
        folder = tmp_path / str(number)
        for name in names:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name, encoding="utf-8")
            path.chmod(0o600 + 0o44 * number)
        digests.append(write_archive(folder, tmp_path / f"{number}.zip"))
    assert digests[0] == digests[1]
    (tmp_path / "1" / "甲.py").write_text("changed", encoding="utf-8")
    assert write_archive(tmp_path / "1", tmp_path / "2.zip") != digests[0]


def test_a_bundle_over_its_bound_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.py").write_bytes(b"x" * 2_000)
    write_archive(tmp_path / "in", tmp_path / "a.zip")
    with pytest.raises(GateRefusedError, match="unzipped: found 2,000 bytes"):
        require_sizes(tmp_path / "in", tmp_path / "a.zip", 1_999, 10_000)


def test_trimming_counts_what_it_drops_and_leaves_the_rest(tmp_path: Path) -> None:
    for name in ("jieba/dict.txt", "jieba/__init__.py", "numpy/tests/a.py", "numpy/core.pyi"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    assert trim(tmp_path) == 15
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["__init__.py"]
    assert size_of(tmp_path) == 5


def test_every_package_pattern_still_matches_what_is_installed_here() -> None:
    # A pattern that matches nothing is a package that changed: what it dropped may be back.
    spec = importlib.util.find_spec("numpy")
    assert spec is not None
    assert spec.origin is not None
    installed = Path(spec.origin).parents[1]
    gone = [pattern for pattern in QUERIES if not list(installed.glob(pattern))]
    assert gone == []
    assert len(set(EVERYWHERE)) == len(EVERYWHERE)


def test_a_missing_runtime_python_is_named_with_what_to_do() -> None:
    with pytest.raises(InputError, match=PYTHON_VARIABLE):
        find_runtime_python({"PATH": "", "PYENV_ROOT": "/nowhere"})


def test_wheels_are_chosen_for_lambdas_glibc_or_older() -> None:
    platforms = ARCHITECTURES["arm64"].platforms
    assert platforms[0] == "manylinux_2_34_aarch64"
    assert "manylinux2014_aarch64" in platforms
    assert "manylinux_2_35_aarch64" not in platforms
