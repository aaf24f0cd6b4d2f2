"""How else may a number in a term be written: 七天 or 7天, 双十一 or 双11?

Invariant: a numeral is only rewritten where it counts something: as a whole term, before a measure
word, after 双 or 第. 百亿 has no digit in it and stays, as do 统一, 百度, 三星 and 七八天. Terms are
normalised (half-width, 零 for 〇).

This is no part of normalising, because it takes a term to tell a number from a word; it offers
further spellings to look up beside the term's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_DIGITS = "零一二三四五六七八九"
_VALUES = {character: value for value, character in enumerate(_DIGITS)} | {"两": 2}

_NUMERALS = frozenset(_DIGITS + "两十百千万亿0123456789")
_RUN = re.compile(rf"[{_DIGITS}两十百千万亿]+|(?<![0-9a-z.])[0-9]{{1,4}}(?![0-9])")
_MEASURE = re.compile(
    "公斤|公里|小时|分钟|[个天日月年周星时分秒级次件元块钱折倍岁步种类条款张页号家人位名单期季]|"
    "[章节点档层寸米克斤代线轮届集本套双箱包盒瓶台万亿]"
)
_BEFORE = frozenset("双第满近约每逢超前后")
_NO_COUNTS = frozenset(("一点", "一块", "一时", "一度", "十分", "三星"))

_POSITIONAL = re.compile(f"[{_DIGITS}]+")
_BELOW_TEN_THOUSAND = re.compile(
    "(?:([一二三四五六七八九两])千)?(?:(零?)([一二三四五六七八九两])百)?"
    "(?:(零?)([一二三四五六七八九]?)十)?(?:(零?)([一二三四五六七八九两]))?"
)


_Spelling = tuple[re.Match[str], tuple[str, ...]]


def holds_numeral(term: str) -> bool:
    """Tell at little cost whether `term` has a character that numbers are written with."""
    return not _NUMERALS.isdisjoint(term)


def numeral_variants(term: str) -> tuple[str, ...]:
    """Return the other spellings of the numbers in `term`, likeliest first, without `term` itself.

    Every number is respelled at once: 第3轮7折 gives 第三轮七折. Numbers above 9,999 are only respelled
    with their unit (3万 and 三万).
    """
    if not holds_numeral(term) or term in _NO_COUNTS:
        return ()
    spellings = [
        (run, other)
        for run in _RUN.finditer(term)
        if _counts(term, run) and (other := _respell(run[0]))
    ]
    if not spellings:
        return ()
    choices = max(len(other) for _, other in spellings)
    variants = (_rewrite(term, spellings, choice) for choice in range(choices))
    return tuple(variant for variant in dict.fromkeys(variants) if variant != term)


def _rewrite(term: str, spellings: Sequence[_Spelling], choice: int) -> str:
    pieces = []
    done = 0
    for run, other in spellings:
        pieces += [term[done : run.start()], other[min(choice, len(other) - 1)]]
        done = run.end()
    return "".join(pieces) + term[done:]


def _counts(term: str, run: re.Match[str]) -> bool:
    # Digits are a number wherever they stand; 一 is part of 统一.
    starts = run[0].isascii() or run.start() == 0 or term[run.start() - 1] in _BEFORE
    return starts and (run.end() == len(term) or _MEASURE.match(term, run.end()) is not None)


def _respell(run: str) -> tuple[str, ...]:
    if run.isascii():
        return _to_chinese(run)
    digits = _to_digits(run)
    return () if digits is None else (digits,)


def _to_digits(run: str) -> str | None:
    """Return the Chinese numeral `run` in digits, None when it is none or says only roughly."""
    if _POSITIONAL.fullmatch(run) and (len(run) != 2 or "零" in run):  # 七八 is seven or eight
        return "".join(str(_VALUES[character]) for character in run)
    coefficient = run.rstrip("万亿")
    value = _value(coefficient)
    return None if value is None else f"{value}{run[len(coefficient) :]}"


def _value(numeral: str) -> int | None:
    match = _BELOW_TEN_THOUSAND.fullmatch(numeral)
    if not numeral or match is None:
        return None
    thousands, _, hundreds, _, tens, gap, ones = match.groups()
    if ones and not gap and tens is None and (thousands or hundreds):
        return None  # 一百二 is 120, and 三千五 is 3,500: speech, not writing
    value = _VALUES[thousands] * 1000 if thousands else 0
    value += _VALUES[hundreds] * 100 if hundreds else 0
    value += (_VALUES[tens] if tens else 1) * 10 if tens is not None else 0
    return value + (_VALUES[ones] if ones else 0)


def _to_chinese(digits: str) -> tuple[str, ...]:
    positional = "".join(_DIGITS[int(digit)] for digit in digits)
    if digits.startswith("0"):
        return (positional,)
    value = _spell(int(digits))
    if digits == "2":
        return ("两", "二")  # which of them depends on the measure word: 两天, 二级
    if len(digits) == 2:
        return (value,)
    return (value,) if len(digits.rstrip("0")) == 1 else (positional, value)


def _spell(value: int) -> str:
    """Return 1 <= `value` < 10,000 in words: 12 is 十二, 105 is 一百零五."""
    words = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            words += _DIGITS[digit] + name
        elif words and value and not words.endswith("零"):
            words += "零"
    return words.removeprefix("一") if words.startswith("一十") else words
