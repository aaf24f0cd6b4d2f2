"""Fixtures that every suite may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest_plugins = ["moto_server", "counters_fixtures", "published_place"]

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def build_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which builds of this session keep what they all need, as the lexicon."""
    return tmp_path_factory.mktemp("build-cache")


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory, build_cache: Path) -> Path:
    """Return the folder of an index over the sample corpus, built once for all suites."""
    from index_builder.pipeline import BuildOptions, build_index  # noqa: PLC0415 - scikit-learn

    folder = tmp_path_factory.mktemp("sample") / "index"
    sources = sorted((REPOSITORY / "local" / "sample").glob("*.jsonl"))
    build_index(BuildOptions(sources, folder, REPOSITORY / "lexicon", 1, build_cache))
    return folder


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory, build_cache: Path) -> Path:
    """Return the folder of an index over 40 of the sample's articles: another version to go to."""
    from index_builder.pipeline import BuildOptions, build_index  # noqa: PLC0415 - scikit-learn

    folder = tmp_path_factory.mktemp("small") / "index"
    source = REPOSITORY / "local" / "sample" / "decoys.jsonl"
    build_index(BuildOptions([source], folder, REPOSITORY / "lexicon", 1, build_cache))
    return folder


@pytest.fixture(scope="session")
def served_index(sample_index: Path) -> Iterator[Path]:
    """Let the handlers of this process answer from the sample index; return its folder."""
    from functions import runtime  # noqa: PLC0415 - reads the environment when it is imported
    from functions.settings import Settings  # noqa: PLC0415
    from functions.warm_snapshot import WarmSnapshot  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime, "warm_snapshot", WarmSnapshot(Settings(str(sample_index))))
        yield sample_index
