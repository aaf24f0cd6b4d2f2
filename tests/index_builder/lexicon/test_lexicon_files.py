from __future__ import annotations

from pathlib import Path

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import LexiconError
from index_builder.lexicon.lexicon_files import read_words


def write(folder: Path, content: bytes) -> Path:
    path = folder / "domain_terms.txt"
    path.write_bytes(content)
    return path


def test_a_jieba_user_dictionary_is_read_as_it_is(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "\ufeff直通车 300 n\r\n# 推广工具\n\n万相台\n京小仓 nz\n创新办 3 i\n凱特琳 nz\nplus 会员 9\n".encode(),
    )
    assert [(w.word, w.frequency, w.tag, w.origin) for w in read_words(path)] == [
        ("直通车", 300, "n", "domain_terms.txt:1"),
        ("万相台", None, None, "domain_terms.txt:4"),
        ("京小仓", None, "nz", "domain_terms.txt:5"),
        ("创新办", 3, "i", "domain_terms.txt:6"),
        ("凱特琳", None, "nz", "domain_terms.txt:7"),
        ("plus 会员", 9, None, "domain_terms.txt:8"),
    ]


@settings(deadline=None)
@given(
    lines=st.lists(
        st.text(st.sampled_from("京东ab 09N#\t\r\u2028"), max_size=12).filter(
            lambda line: not line.strip().startswith("#")
        )
    )
)
def test_every_line_means_what_it_means_to_jieba(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = write(tmp_path_factory.mktemp("lines"), "\n".join(lines).encode())
    recorder = RecordingTokenizer()
    with path.open("rb") as file:
        recorder.load_userdict(file)
    assert [(w.word, w.frequency, w.tag) for w in read_words(path)] == recorder.added


class RecordingTokenizer(jieba.Tokenizer):  # type: ignore[misc]
    """Stock jieba that notes what its own parser makes of a file."""

    initialized = True

    def __init__(self) -> None:
        super().__init__()
        self.initialized = True
        self.added: list[tuple[str, int | None, str | None]] = []

    def add_word(self, word: str, freq: str | None = None, tag: str | None = None) -> None:
        self.added.append((word, None if freq is None else int(freq), tag))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\nb\xff", r"domain_terms\.txt:2: expected UTF-8, found the byte 0xff"),
        (("长" * 65).encode(), r"domain_terms\.txt:1: a word of 65 characters, at most 64"),
        (
            "京东\n拼多多 1000000001".encode(),
            r"domain_terms\.txt:2: frequency 1000000001, expected at most",
        ),
        (b"a " + b"9" * 5000, r"domain_terms\.txt:1: frequency 99999999999999999999, expected"),
    ],
)
def test_an_unusable_line_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        read_words(write(tmp_path, content))


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"domain_terms\.txt: cannot be read \(No such file"):
        read_words(tmp_path / "domain_terms.txt")
