from __future__ import annotations

from pathlib import Path

from index_builder.lexicon.lexicon_files import read_words
from index_builder.lexicon.synonym_rules import read_stop_words
from index_builder.lexicon.unusable_lines import MAX_ERRORS, mend_list


def mend(folder: Path, content: bytes) -> tuple[list[tuple[int | None, str]], Path]:
    source = folder / "domain_terms.txt"
    source.write_bytes(content)
    (folder / "mended").mkdir()
    mended = folder / "mended" / "domain_terms.txt"
    found = mend_list(source, mended, read_words)
    return [(finding.line, finding.detail) for finding in found], mended


def test_all_bad_lines_are_named_in_order_and_the_good_ones_kept(tmp_path: Path) -> None:
    long = "长" * 65
    found, mended = mend(
        tmp_path, f"京东\n{long}\n店铺 n\n".encode() + b"\xd6\xd0\n" + f"京小仓\n{long}".encode()
    )
    assert [line for line, _ in found] == [2, 4, 6]
    assert found[0][1].startswith("a word of 65 characters, at most 64 make sense")
    assert found[1][1].startswith("expected UTF-8, found the byte 0xd6")
    assert [(word.word, word.origin) for word in read_words(mended)] == [
        ("京东", "domain_terms.txt:1"),
        ("店铺", "domain_terms.txt:3"),
        ("京小仓", "domain_terms.txt:5"),
    ]


def test_a_user_dictionary_of_jieba_has_nothing_unusable(tmp_path: Path) -> None:
    content = (
        "\ufeff云计算 5\r\n李小福 2 nr\r\n创新办 3 i\r\nhadoop_cli 3 eng\r\n好用 300\r\n"
        "京小仓 nz\r\n\r\n台中\r\n凱特琳 nz\r\nPlus会员认证 2000\r\n"
    )
    found, mended = mend(tmp_path, content.encode())
    assert found == []
    assert [(word.word, word.frequency, word.tag) for word in read_words(mended)] == [
        ("云计算", 5, None),
        ("李小福", 2, "nr"),
        ("创新办", 3, "i"),
        ("hadoop_cli", 3, "eng"),
        ("好用", 300, None),
        ("京小仓", None, "nz"),
        ("台中", None, None),
        ("凱特琳", None, "nz"),
        ("Plus会员认证", 2000, None),
    ]


def test_a_file_of_another_kind_is_given_up(tmp_path: Path) -> None:
    found, mended = mend(tmp_path, ("长" * 65 + "\n").encode() * 1000)
    assert len(found) == MAX_ERRORS + 1
    assert found[-1][0] is None
    assert read_words(mended) == []
    found_bytes = mend_list(
        _written(tmp_path / "binary.txt", b"\xff\n" * 1000),
        tmp_path / "mended" / "binary.txt",
        lambda path: read_stop_words(path, str),
    )
    assert len(found_bytes) == MAX_ERRORS


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
