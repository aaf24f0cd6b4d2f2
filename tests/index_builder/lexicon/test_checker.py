"""One lexicon with one fault of each kind, checked once."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import LexiconError
from engine.index.snapshot import open_snapshot
from index_builder.lexicon.checker import check_lexicon
from index_builder.lexicon.findings import Finding, Kind

LISTS = {
    # As people bring them from elsewhere: byte order mark, line ends of Windows, all three forms.
    "domain_terms.txt": (
        "\ufeff直通车 3000 n\r\n拼多多 nz\r\n淘宝店 9000\r\n直通車 5\r\n店铺\r\nＰＬＵＳ会员\r\n"
        "甲乙丙丁戊\r\n怎么办\r\n错词 9999999999\r\n#注释\r\n"
    ),
    "synonyms.txt": "直通车, ztc\n直通车, 车\n孤单\n淘宝 => 乙丙丁,\n粘性, 黏性\n开车 => 直通车去哪\n",
    "stop_words.txt": "的\n怎么办\n的\n可以去哪\n",
    "blocked_words.txt": "代开发票\nre:(毒品\nre:(a+)+x\n代开 发票\n",
}


def write(folder: Path, **changed: str) -> Path:
    for name, content in LISTS.items():
        (folder / name).write_bytes(changed.get(name.partition(".")[0], content).encode())
    return folder


@pytest.fixture(scope="module")
def findings(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    folder = write(tmp_path_factory.mktemp("lexicon"))
    return check_lexicon(folder, open_snapshot(sample_index))


def told(findings: list[Finding], kind: Kind) -> list[tuple[str, int | None, str]]:
    return [(f.file, f.line, f.word) for f in findings if f.kind is kind]


def test_every_unusable_line_is_named_and_the_rest_is_checked(findings: list[Finding]) -> None:
    assert told(findings, Kind.UNUSABLE) == [
        ("blocked_words.txt", 2, "re:(毒品"),
        ("domain_terms.txt", 9, "错词 9999999999"),
        ("synonyms.txt", 3, "孤单"),
        ("synonyms.txt", 4, "淘宝 => 乙丙丁,"),
    ]
    assert [f.is_error for f in findings] == [True] * 4 + [False] * (len(findings) - 4)


def test_lines_are_compared_as_they_are_read(findings: list[Finding]) -> None:
    assert told(findings, Kind.DUPLICATE) == [
        ("blocked_words.txt", 4, "代开 发票"),
        ("domain_terms.txt", 4, "直通車"),
        ("stop_words.txt", 3, "的"),
        ("synonyms.txt", 2, "直通车"),
        ("synonyms.txt", 5, "黏性"),
    ]
    assert told(findings, Kind.NOT_NORMALISED) == [
        ("domain_terms.txt", 4, "直通車"),
        ("domain_terms.txt", 6, "ＰＬＵＳ会员"),
        ("synonyms.txt", 5, "黏性"),
    ]
    assert told(findings, Kind.SLOW_PATTERN) == [("blocked_words.txt", 3, "re:(a+)+x")]


def test_terms_that_are_cut_apart_are_told_with_their_cut(findings: list[Finding]) -> None:
    cuts = {f.word: f.after for f in findings if f.kind is Kind.SYNONYM_CUT}
    assert cuts == {"直通车去哪": ("直通车", "去", "哪")}
    cuts = {f.word: f.after for f in findings if f.kind is Kind.STOP_WORD_CUT}
    assert cuts == {"可以去哪": ("可以", "去", "哪")}
    assert told(findings, Kind.STOP_AND_DOMAIN) == [("stop_words.txt", 2, "怎么办")]


def test_words_of_no_article_are_told(findings: list[Finding]) -> None:
    never = told(findings, Kind.NEVER_OCCURS)
    assert ("domain_terms.txt", 7, "甲乙丙丁戊") in never
    assert ("synonyms.txt", 6, "直通车去哪") in never
    words = [word for _, _, word in never]
    assert not {"直通车", "ztc", "店铺", "的", "开车"} & set(words)


def test_cuts_come_from_the_articles_with_before_and_after(findings: list[Finding]) -> None:
    (joins,) = (f for f in findings if f.kind is Kind.JOINS and f.word == "拼多多")
    assert "拼多多" in joins.after
    assert "拼多多" not in joins.before
    assert 0 < joins.places <= joins.seen
    stolen = [f for f in findings if f.kind is Kind.MOVES_NEIGHBOURS and f.word == "淘宝店"]
    assert [f.before[f.after.index("淘宝店") :][:2] == ("淘宝", "店铺") for f in stolen] == [True]


def test_without_an_index_words_are_cut_alone(tmp_path: Path) -> None:
    folder = write(tmp_path, domain_terms="云计算 5\n店铺 n\n拼多多 nt\n", synonyms="店铺, 小店\n")
    (folder / "stop_words.txt").unlink()
    (folder / "blocked_words.txt").unlink()
    found = [(f.kind, f.file, f.word, f.before, f.after) for f in check_lexicon(folder)]
    assert found == [
        (Kind.UNUSABLE, "stop_words.txt", "", (), ()),
        (Kind.CHANGES_NOTHING, "domain_terms.txt", "店铺", ("店铺",), ("店铺",)),
        (Kind.JOINS, "domain_terms.txt", "云计算", ("云", "计算"), ("云计算",)),
        (Kind.JOINS, "domain_terms.txt", "拼多多", ("拼", "多多"), ("拼多多",)),
    ]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="no such folder"):
        check_lexicon(tmp_path / "absent")
