from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from engine.errors import LexiconError
from index_builder.lexicon.lexicon_files import read_words
from index_builder.lexicon.new_words import NewWord
from index_builder.lexicon.terms_diff import terms_diff
from index_builder.lexicon.zero_hit_queries import SoughtWord

NEW = [
    NewWord("京小仓", 1234, 9.04, 3.1, 3.35, ("京", "小仓")),
    NewWord("瑞幸", 20, 12.0, 4.0, 4.0, ("瑞幸",)),
]
SOUGHT = [SoughtWord("稳定币", 7, 0, ("稳定", "币"))]


def terms(folder: Path, content: str) -> Path:
    path = folder / "lexicon" / "domain_terms.txt"
    path.parent.mkdir()
    path.write_bytes(content.encode())
    return path


def test_the_diff_gives_each_word_its_figures(tmp_path: Path) -> None:
    assert terms_diff(terms(tmp_path, "淘宝 200\n网店\n"), NEW, SOUGHT) == (
        "--- a/lexicon/domain_terms.txt\n"
        "+++ b/lexicon/domain_terms.txt\n"
        "@@ -1,2 +1,17 @@\n"
        " 淘宝 200\n"
        " 网店\n"
        "+\n"
        "+# 次数, 凝聚与左右自由度(比特), 现在怎么切。留下要的词,删掉其余的行。\n"
        "+# Occurrences, cohesion, freedom left and right (bits), how it is cut today."
        " Keep what is a word.\n"
        "+\n"
        "+# --- 待审 / To review: 现在被切碎 / Cut to pieces today ---\n"
        "+# 1,234 次, 凝聚 9.0, 自由 3.1 3.4: 京/小仓\n"
        "+京小仓\n"
        "+\n"
        "+# --- 待审 / To review: 现在靠猜测切成一词 / One word today, by guess ---\n"
        "+# 20 次, 凝聚 12.0, 自由 4.0 4.0: 瑞幸\n"
        "+瑞幸\n"
        "+\n"
        "+# --- 待审 / To review: 搜索无结果 / Searched for in vain ---\n"
        "+# 搜 7 次, 见于 0 篇: 稳定/币\n"
        "+稳定币\n"
    )


@pytest.mark.parametrize(
    "content",
    ["淘宝 200\n网店\n", "淘宝\n网店", "淘宝\r\n网店\r\n", "\ufeff淘宝\n", "甲\u2028乙\n", ""],
)
def test_the_diff_applies_whatever_the_line_ends(tmp_path: Path, content: str) -> None:
    path = terms(tmp_path, content)
    before = [word.word for word in read_words(path)]
    patch = tmp_path / "words.diff"
    patch.write_bytes(terms_diff(path, NEW, SOUGHT).encode())
    done = subprocess.run(
        ["git", "apply", patch.name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [word.word for word in read_words(path)] == [*before, "京小仓", "瑞幸", "稳定币"]


def test_nothing_to_add_is_no_diff(tmp_path: Path) -> None:
    assert terms_diff(terms(tmp_path, "淘宝\n"), [], []) == ""


def test_a_list_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="expected a UTF-8 word list"):
        terms_diff(tmp_path / "domain_terms.txt", NEW, SOUGHT)
