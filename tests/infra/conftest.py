"""Fixtures for what is deployed."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from engine.errors import InputError
from infra.bundle import Bundle, build_bundle
from infra.bundling.platforms import ARCHITECTURES, find_runtime_python

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
