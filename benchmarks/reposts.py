"""What do scraped sites do to an article, and what only looks like it?

Edits by kind and rate (the share of the text's characters that is touched), and texts that share a good
deal with another article without being a copy of it. Invariant: the same seed gives the same texts.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import opencc

_DISCLAIMERS = (
    "免责声明:本文内容整理自网络,仅供参考,如有侵权请联系删除。",
    "声明:转载目的在于传递更多信息,不代表本站观点。",
    "点击上方蓝字关注我们,回复关键词领取运营资料包,加入卖家交流群。",
    "本文首发于公众号,未经授权禁止转载,更多干货请看文末二维码。",
)
_BOILERPLATE = (
    "作者简介:某某,十年电商操盘手,曾任多家品牌运营总监,擅长店铺诊断、活动策划与团队搭建,"
    "著有店铺运营手册三册。欢迎添加微信交流,备注姓名与公司。课程咨询请看下方海报,每周三晚八点直播答疑,"
    "学员可获得全年复盘表格与选品清单。版权归作者所有,商务合作请联系助理,转载须注明出处并保留本段文字。"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A text to edit and a supply of foreign text for it."""

    text: str
    others: Sequence[str]
    random: random.Random

    def foreign(self, length: int) -> str:
        """Return `length` characters in a row from other articles."""
        found = ""
        while len(found) < length:
            other = self.random.choice(self.others)
            start = self.random.randrange(max(len(other) - length, 1))
            found += other[start : start + length - len(found)]
        return found


def _opening(source: Source, rate: float) -> str:
    size = round(len(source.text) * rate)
    return source.foreign(size) + source.text[size:]


def _tail(source: Source, rate: float) -> str:
    return source.text[: round(len(source.text) * (1 - rate))]


def _scattered(source: Source, rate: float, longest: int) -> str:
    characters = list(source.text)
    # A deck of spans in random order: none overlaps another, so that the rate is what is really touched.
    spans, start = [], 0
    while start < len(characters):
        spans.append((start, min(source.random.randint(1, longest), len(characters) - start)))
        start += spans[-1][1]
    source.random.shuffle(spans)
    supply = source.foreign(round(len(characters) * rate) + longest)
    left = round(len(characters) * rate)
    for start, length in spans:
        if left <= 0:
            break
        left -= length
        characters[start : start + length] = supply[left + longest - length : left + longest]
    return "".join(characters)


def _words(source: Source, rate: float) -> str:
    return _scattered(source, rate, longest=3)


def _characters(source: Source, rate: float) -> str:
    return _scattered(source, rate, longest=1)


def _swapped(source: Source, rate: float) -> str:
    pieces, start = [], 0
    while start < len(source.text):
        length = source.random.randint(3, 4)  # two words change places
        piece = source.text[start : start + length]
        pieces.append(piece[2:] + piece[:2] if source.random.random() < rate else piece)
        start += length
    return "".join(pieces)


def _paragraphs(source: Source, rate: float) -> str:
    lines = source.text.split("\n")
    size = min(max(round(len(lines) * rate), 2), len(lines))
    chosen = sorted(source.random.sample(range(len(lines)), size))
    moved = source.random.sample(chosen, len(chosen))
    order = dict(zip(chosen, moved, strict=True))
    return "\n".join(lines[order.get(place, place)] for place in range(len(lines)))


def _inserted(source: Source, rate: float) -> str:
    lines = source.text.split("\n")
    left = round(len(source.text) * rate)
    while left > 0:
        piece = source.random.choice(_DISCLAIMERS) + source.foreign(60)
        lines.insert(source.random.randrange(len(lines) + 1), piece)
        left -= len(piece)
    return "\n".join(lines)


def _script(source: Source, rate: float) -> str:
    converted: str = _traditional().convert(_words(source, rate))
    return converted


def _mixed(source: Source, rate: float) -> str:
    text = source.text
    for kind in (_opening, _tail, _words, _inserted):
        text = kind(Source(text, source.others, source.random), rate / 4)
    return text


@cache
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


EDITS: dict[str, Callable[[Source, float], str]] = {
    "changed opening": _opening,
    "cut tail": _tail,
    "replaced words": _words,
    "replaced characters": _characters,
    "swapped words": _swapped,
    "moved paragraphs": _paragraphs,
    "inserted notices": _inserted,
    "Traditional + words": _script,
    "all of them": _mixed,
}


def _quotes_part(host: Source, quoted: str, rate: float) -> str:
    size = round(len(host.text) * rate / (1 - rate))
    start = host.random.randrange(max(len(quoted) - size, 1))
    middle = len(host.text) // 2
    return host.text[:middle] + "\n" + quoted[start : start + size] + "\n" + host.text[middle:]


def _quotes_whole(host: Source, quoted: str, rate: float) -> str:
    # Cut to size, or long articles would make their host a copy: more than half of it, in fact.
    own = host.text + host.foreign(max(round(len(quoted) * (1 - rate) / rate) - len(host.text), 0))
    return own + "\n" + quoted


def _same_series(host: Source, quoted: str, rate: float) -> str:
    """Every few sentences one of the other article: definitions, headings, examples that recur."""
    theirs = quoted.split("。")
    mine = host.text.split("。")
    return "。".join(
        theirs[place] if place < len(theirs) and host.random.random() < rate else sentence
        for place, sentence in enumerate(mine)
    )


def _same_author(host: Source, quoted: str, rate: float) -> str:  # noqa: ARG001 - one signature for all
    kept = round(len(_BOILERPLATE) * (1 - rate) / rate)
    return host.text[:kept] + "\n" + _BOILERPLATE


LOOKALIKES: dict[str, Callable[[Source, str, float], str]] = {
    "quotes a part": _quotes_part,
    "quotes all of it": _quotes_whole,
    "same series": _same_series,
    "same author's notice": _same_author,
}
