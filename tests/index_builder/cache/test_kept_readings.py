"""The evidence of readings comes back from the cache as the dictionaries gave it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index_builder.cache import kept_readings
from index_builder.cache.kept_readings import kept_evidence
from index_builder.cache.shard_folder import ShardFolder
from index_builder.lexicon.reading_evidence import Place, reading_evidence


def test_what_was_kept_is_what_was_gathered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept_evidence(ShardFolder(tmp_path, "readings", "f")) == reading_evidence()

    def refuse() -> None:
        raise AssertionError("gathered again")

    monkeypatch.setattr(kept_readings, "reading_evidence", refuse)
    kept = kept_evidence(ShardFolder(tmp_path, "readings", "f"))
    assert kept == reading_evidence()
    assert kept.phrases["银行"] == ("yin", "hang")
    assert kept.usual["长", Place.LAST] == "zhang"


def test_damaged_evidence_is_gathered_again_and_mended(tmp_path: Path) -> None:
    kept_evidence(ShardFolder(tmp_path, "readings", "f"))
    (shard,) = tmp_path.glob("*/*.shard")
    whole = shard.read_bytes()
    shard.write_bytes(whole[:-100])
    folder = ShardFolder(tmp_path, "readings", "f")
    assert kept_evidence(folder) == reading_evidence()
    assert len(folder.damaged) == 1
    assert shard.read_bytes() == whole
