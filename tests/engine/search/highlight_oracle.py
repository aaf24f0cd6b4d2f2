"""What the highlighting tests share: the real normalizer, hard texts, and HTML taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser

from hypothesis import strategies as st

from engine.analysis.folding import CharacterFolds
from engine.analysis.normalizer import Normalizer
from index_builder.lexicon.folding_compiler import compile_folding, traditional_to_simplified
from index_builder.lexicon.variants import RADICALS, VARIANT_GROUPS

WORDS = [
    "直通车",
    "通车",
    "优化",
    "淘宝",
    "plus",
    "7天",
    "七天",
    "宝",
    "c店",
    "iphone",
    "账号",
    "a",
    "2",
    "가",
]
"""Normalised, as terms are."""

PIECES = [
    *[
        "直通車",
        "直通车",
        "優化",
        "优化",
        "淘寶",
        "淘宝",
        "宝",
        "寶",
        "帳號",
        "账号",
        "帐号",
        "七天",
    ],
    *[
        "ＰＬＵＳ",
        "Plus",
        "plus",
        "7天",
        "７天",
        "17天",
        "C店",
        "ｃ店",
        "iPhone",
        "iPhone7",
        "a",
        "A",
    ],
    *[
        "2",
        "50㎡",
        "①",
        "⑩",
        "℃",
        "…",
        "……",
        "。",
        "，",
        "！",
        " ",
        "\u3000",
        "\n",
        "\r\n",
        "\t",
        "_",
    ],
    *["<script>", "</em>", "<em>", "&amp;", "&", '"', "'", "&#x27;", "<b", "\u0000", "\u200b"],
    *["\u200d", "\u200c", "\ufeff", "\ufe0f", "\U000e0100", "\u202e", "\u2066", "\u0301", "\u20e3"],
    *[
        "👍",
        "👍🏽",
        "👨‍👩‍👧",
        "🇨🇳",
        "🇹",
        "❤️",
        "1️⃣",
        "\U000e0067",
        "\ud83d",
        "\ude00",
        "e\u0301",
        "é",
    ],
    *[
        "Σ",
        "ß",
        "İ",
        "ﬁ",
        "가",
        "\u1100",
        "\u1161",
        "\u11a8",
        "का",
        "กำ",
        "ｶﾞ",
        "⻋",
        "𠮷",
        "\uffff",
    ],
]
"""Whatever is hard to mark: scripts and widths of the terms, markup, what clings, what vanishes."""

TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.text(max_size=30))
TERMS = st.lists(st.sampled_from(WORDS), max_size=5, unique=True)


@cache
def normalizer() -> Normalizer:
    """Return the normalizer that a build of this checkout would put into its artifact."""
    table = compile_folding(traditional_to_simplified(), VARIANT_GROUPS, RADICALS)
    return Normalizer(CharacterFolds({ord(source): target for source, target in table.items()}))


@dataclass
class Marked(HTMLParser):
    """Marked text, taken apart; fails on any markup but balanced, unnested, plain `<em>`."""

    html: str
    open: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert (tag, attrs, self.open) == ("em", [], False)
        self.open = True

    def handle_endtag(self, tag: str) -> None:
        assert (tag, self.open) == ("em", True)
        self.open = False

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def mark_spans(marked: str) -> list[tuple[int, int]]:
    """Return where the marked parts of the original are.

    By hand, because a real parser repairs what a text must keep: U+0000, CR, half surrogate pairs.
    """
    spans = []
    position = 0
    for number, piece in enumerate(re.split("</?em>", marked)):
        length = len(unescaped(piece))
        if number % 2:
            spans.append((position, position + length))
        position += length
    return spans


def unescaped(escaped: str) -> str:
    """Return what `html.escape` made `escaped` of."""
    for entity, character in {"lt": "<", "gt": ">", "quot": '"', "#x27": "'", "amp": "&"}.items():
        escaped = escaped.replace(f"&{entity};", character)
    return escaped


def is_latin(text: str) -> bool:
    """Tell whether `text` is one ASCII letter or digit."""
    return len(text) == 1 and text.isascii() and text.isalnum()
