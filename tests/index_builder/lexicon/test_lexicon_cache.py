"""A compiled lexicon comes from the cache as it was compiled, or is compiled again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.index.manifest import describe_file
from index_builder.lexicon import lexicon_cache
from index_builder.lexicon.compiler import compile_lexicon
from index_builder.lexicon.lexicon_cache import cached_lexicon

LEXICON = Path(__file__).resolve().parents[3] / "lexicon"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a cache with the lexicon in it, and a folder with what was compiled."""
    cache, folder = tmp_path_factory.mktemp("cache"), tmp_path_factory.mktemp("compiled")
    cached_lexicon(LEXICON, folder, cache)
    return cache, folder


def content(folder: Path) -> dict[str, str]:
    return {path.name: describe_file(path).sha256 for path in folder.iterdir()}


def refuse(*_: object) -> None:
    raise AssertionError("compiled again")


def test_second_build_compiles_nothing_and_gets_the_same(
    compiled: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, folder = compiled
    monkeypatch.setattr(lexicon_cache, "compile_lexicon", refuse)
    cached_lexicon(LEXICON, tmp_path, cache)
    assert content(tmp_path) == content(folder)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x01
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("lexicon.words.marisa", flip),
        ("lexicon.pinyin.json", Path.unlink),
        ("compiled.json", lambda path: path.write_bytes(path.read_bytes()[:-9])),
        ("compiled.json", lambda path: path.write_text("{}")),
    ],
)
def test_damaged_entry_is_compiled_again_and_mended(
    name: str,
    damage: Callable[[Path], object],
    compiled: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache, folder = compiled
    (entry,) = cache.glob("lexicon-*")
    damage(entry / name)
    times = []

    def count(source: Path, directory: Path) -> object:
        times.append(directory)
        return compile_lexicon(source, directory)

    monkeypatch.setattr(lexicon_cache, "compile_lexicon", count)
    found = cached_lexicon(LEXICON, tmp_path, cache)
    assert content(tmp_path) == content(folder)
    assert len(times) == 1
    facts = json.loads((entry / "compiled.json").read_bytes())
    assert facts["compiled"]["fingerprint"] == found.fingerprint
    assert set(facts["files"]) == set(content(folder))
