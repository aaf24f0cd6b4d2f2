"""Fixtures for what is deployed."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import pytest

from engine.errors import InputError
from infra.bundle import Bundle, build_bundle
from infra.bundling.contents import REBUILD_BUNDLE
from infra.bundling.platforms import ARCHITECTURES, find_runtime_python
from local.lambda_emulator import EmulatorTools, find_tools

REPOSITORY = Path(__file__).resolve().parents[2]

TOOLS_VARIABLE = "WENMAI_AWS_TOOLS"
"""Names an interpreter with awslambdaric and aws-sam-cli, if it is not that of `make aws-tools`."""

REQUIRED_VARIABLE = "WENMAI_LAMBDA"
"""`required` where an absent emulator is a failure, as in CI."""

_HERE = {"x86_64": "x86_64", "aarch64": "arm64"}


@pytest.fixture(scope="session")
def runtime_python() -> Path:
    """Return an interpreter of Lambda's Python version."""
    try:
        return find_runtime_python()
    except InputError as error:
        pytest.skip(f"the bundle is not built: {error}")


@pytest.fixture(scope="session")
def bundle(runtime_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Return the bundle, built once for all suites, for the machine that runs them."""
    folder = tmp_path_factory.mktemp("bundle") / "bundle"
    return build_bundle(folder, ARCHITECTURES[_HERE[platform.machine()]], runtime_python)


@pytest.fixture(scope="session")
def rebuild_bundle(runtime_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Return the nightly rebuild's bundle, for the machine that runs the tests."""
    folder = tmp_path_factory.mktemp("rebuild-bundle") / "bundle"
    here = ARCHITECTURES[_HERE[platform.machine()]]
    return build_bundle(folder, here, runtime_python, REBUILD_BUNDLE)


@pytest.fixture(scope="session")
def emulator_tools() -> EmulatorTools:
    """Return Lambda's runtime client and emulator."""
    named = os.environ.get(TOOLS_VARIABLE)
    python = Path(named) if named else REPOSITORY / ".build" / "aws-venv" / "bin" / "python"
    if python.exists():
        return find_tools(python)
    if os.environ.get(REQUIRED_VARIABLE) == "required":
        pytest.fail(f"no AWS tools at {python}; run: make aws-tools")
    pytest.skip("no AWS tools here; run: make aws-tools")
