from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import LexiconError
from index_builder.lexicon.blocked_words import BlockedWord, read_blocked_words


def write(folder: Path, content: str) -> Path:
    path = folder / "blocked_words.txt"
    path.write_text(content, "utf-8")
    return path


def test_words_are_folded_and_patterns_kept(tmp_path: Path) -> None:
    path = write(tmp_path, "# 说明\n代开 发票\n\nre:[0-9]{11,}\nABC\n")
    assert read_blocked_words(path, str.lower) == [
        BlockedWord("代开发票", False, 2, "代开 发票"),
        BlockedWord("[0-9]{11,}", True, 4, "re:[0-9]{11,}"),
        BlockedWord("abc", False, 5, "ABC"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "re:(毒品",
            r"blocked_words\.txt:1: expected a regular expression of Python, found '\(毒品'",
        ),
        ("re:", r"blocked_words\.txt:1: '' matches a query without characters"),
        ("re:a*", r"blocked_words\.txt:1: 'a\*' matches a query without characters"),
        ("\u200b词", r"blocked_words\.txt:1: nothing is left of '\\u200b词'"),
    ],
)
def test_an_entry_that_blocks_all_or_nothing_is_refused(
    tmp_path: Path, line: str, message: str
) -> None:
    def fold(text: str) -> str:
        return text.replace("\u200b词", "")

    with pytest.raises(LexiconError, match=message):
        read_blocked_words(write(tmp_path, line), fold)


@pytest.mark.parametrize(
    ("pattern", "slow"),
    [
        ("re:(a+)+x", True),
        ("re:(?:ab*){2,}", True),
        ("re:([0-9]{3,})*x", True),
        ("re:(微信|qq)[:号 ]{0,3}[0-9]{5,}", False),
        ("re:[a-z]+(?:片|网)", False),
        ("(a+)+", False),
    ],
)
def test_a_repetition_within_a_repetition_is_noticed(
    tmp_path: Path,
    pattern: str,
    slow: bool,
) -> None:
    (entry,) = read_blocked_words(write(tmp_path, pattern), str)
    assert entry.may_take_forever == slow
