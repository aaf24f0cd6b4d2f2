"""Ways to read words come back from the cache as they were worked out."""

from __future__ import annotations

from pathlib import Path

from index_builder.cache.shard_folder import ShardFolder
from index_builder.cache.word_ways import Ways, read_all

READ: dict[str, Ways] = {
    "长尾词": [("chang", "wei", "ci"), ("zhang", "wei", "ci")],
    "直通车": [("zhi", "tong", "che")],
    "〇〇": [],
    "行": [("xing",), ("hang",)],
}


def test_only_words_that_are_not_there_are_read(tmp_path: Path) -> None:
    asked: list[str] = []

    def read(word: str) -> Ways:
        asked.append(word)
        return READ[word]

    words = list(READ)
    expected = [READ[word] for word in words]
    assert read_all(words[:3], read, ShardFolder(tmp_path, "ways", "f")) == expected[:3]
    assert read_all(words[::-1], read, ShardFolder(tmp_path, "ways", "f")) == expected[::-1]
    assert asked == ["长尾词", "直通车", "〇〇", "行"]
    assert read_all(words, read, ShardFolder(tmp_path, "ways", "other")) == expected
    assert read_all(words, read, None) == expected
    assert len(asked) == 4 + 4 + 4
