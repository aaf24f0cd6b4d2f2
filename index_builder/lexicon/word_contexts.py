"""In which articles, and between which neighbours, do the words of a list occur?

Invariant: a word occurs wherever its characters do, however the text is cut; a Latin word only where it
stands alone (tb is not in outbound). A text costs a few array operations and a look at the places where
the first two characters of some word stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

CONTEXT_CHARACTERS = 10
"""How much of its clause is shown on each side of a word."""

_ANY = 0x110000
_REBUILD_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Context:
    """A piece of a clause: `text[start : start + len(word)]` is the word."""

    text: str
    start: int


def find_contexts(
    texts: Iterable[str], words: Collection[str], limit: int | None = None
) -> dict[str, list[Context]]:
    """Return for each of `words` the first place in each of the first `limit` texts that have it.

    Words that occur nowhere have an empty list. A word that was seen often enough is no longer
    looked for.
    """
    found: dict[str, list[Context]] = {word: [] for word in words if word}
    search = _Search(found)
    for text in texts:
        for word, context in search.in_text(text):
            found[word].append(context)
            if limit is not None and len(found[word]) >= limit:
                search.done.add(word)
        if len(search) <= len(search.done):
            break
        if len(search.done) > (1 - _REBUILD_SHARE) * len(search):
            search = _Search([word for word in search.words if word not in search.done])
    return found


class _Search:
    """Looks for many words at once; `done` holds those that are to be passed over."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = list(words)
        self.done: set[str] = set()
        self._by_start: defaultdict[str, list[str]] = defaultdict(list)
        alphabet = sorted({character for word in self.words for character in word[:2]})
        number_of = {character: number for number, character in enumerate(alphabet, start=1)}
        self._numbers = np.zeros(_ANY, dtype=np.int32)
        for character, number in number_of.items():
            self._numbers[ord(character)] = number
        self._begins = np.zeros((len(alphabet) + 1, len(alphabet) + 1), dtype=bool)
        for word in self.words:
            self._by_start[word[:2]].append(word)
            second = number_of[word[1]] if len(word) > 1 else slice(None)
            self._begins[number_of[word[0]], second] = True

    def __len__(self) -> int:
        return len(self.words)

    def in_text(self, text: str) -> Iterator[tuple[str, Context]]:
        """Yield each word that `text` has, once, with its first context."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        numbers = np.append(self._numbers[codes], 0)
        seen: set[str] = set()
        for place in np.flatnonzero(self._begins[numbers[:-1], numbers[1:]]).tolist():
            # A pair begins words of two characters and more; its first character may be one itself.
            for start in {text[place : place + 2], text[place]}:
                for word in self._by_start.get(start, ()):
                    if word in seen or word in self.done or not text.startswith(word, place):
                        continue
                    if _stands_alone(text, place, place + len(word)):
                        seen.add(word)
                        yield word, _context(text, place, place + len(word))


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (
        (_is_latin(text[start]) and start > 0 and _is_latin(text[start - 1]))
        or (_is_latin(text[end - 1]) and end < len(text) and _is_latin(text[end]))
    )


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _context(text: str, start: int, end: int) -> Context:
    first, last = start, end
    while first > max(0, start - CONTEXT_CHARACTERS) and text[first - 1].isalnum():
        first -= 1
    while last < min(len(text), end + CONTEXT_CHARACTERS) and text[last].isalnum():
        last += 1
    return Context(text[first:last], start - first)
