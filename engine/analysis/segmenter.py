"""Where does one Chinese word end and the next begin?

jieba's algorithm over a dictionary in the artifact: the likeliest of all ways to cut a run of
characters, and a hidden Markov model for what no word covers. Invariant: every method gives what a
stock `jieba.Tokenizer` with the same words gives, to the last tie. Nothing changes after opening: any
number of threads may share a segmenter, and jieba's dictionary, caches and log stay untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any, NoReturn

from engine.analysis.dictionary import Dictionary, open_dictionary
from engine.analysis.hmm import HiddenMarkovModel, open_hidden_markov_model
from engine.analysis.jieba_core import Tokenizer, re_han_default, re_skip_default
from engine.analysis.likeliest_cut import fill_route, word_ends, word_lattice
from engine.folder import Folder

_LATIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


class Segmenter(Tokenizer):  # type: ignore[misc]  # jieba has no types
    """A jieba tokenizer whose words are mapped from a file and cannot be changed."""

    initialized = True

    def __init__(self, dictionary: Dictionary, model: HiddenMarkovModel) -> None:
        # The constructor of jieba is left out: all that it sets is for reading and changing words.
        self.words = dictionary
        self._model = model

    def __repr__(self) -> str:
        return f"<Segmenter of {len(self.words)} words>"

    def cut(self, sentence: str, cut_all: bool = False, HMM: bool = True) -> Iterator[str]:  # noqa: N803
        """Yield the words of `sentence`, side by side; with `cut_all` every word, overlapping."""
        cut_block: Callable[[str], Iterable[str]] = self._cut_without_model
        if cut_all:
            cut_block = self._cut_all
        elif HMM:
            cut_block = self._cut_with_model
        for number, piece in enumerate(re_han_default.split(sentence)):
            if number % 2:
                yield from cut_block(piece)
            elif piece:
                yield from _cut_other(piece, whole=cut_all)

    def lcut(self, sentence: str, cut_all: bool = False, HMM: bool = True) -> list[str]:  # noqa: N803
        """Return the words that `cut` yields, a tenth faster: queries are cut with it."""
        if cut_all or not HMM:
            return list(self.cut(sentence, cut_all=cut_all, HMM=HMM))
        words: list[str] = []
        for number, piece in enumerate(re_han_default.split(sentence)):
            if number % 2:
                words += self._cut_with_model(piece)
            elif len(piece) == 1:
                words.append(piece)
            elif piece:
                words += _cut_other(piece, whole=False)
        return words

    def cut_for_search(self, sentence: str, HMM: bool = True) -> Iterator[str]:  # noqa: N803
        """Yield the words of `sentence`, each after the shorter words within it."""
        for word in self.cut(sentence, HMM=HMM):
            if len(word) > 2:
                for _, inner in self._inner_words(word):
                    yield inner
            yield word

    def tokenize(
        self,
        unicode_sentence: str,
        mode: str = "default",
        HMM: bool = True,  # noqa: N803
    ) -> Iterator[tuple[str, int, int]]:
        """Yield (word, start, end); `mode` "search" adds the words within words."""
        start = 0
        for word in self.cut(unicode_sentence, HMM=HMM):
            if mode != "default" and len(word) > 2:
                for at, inner in self._inner_words(word):
                    yield inner, start + at, start + at + len(inner)
            yield word, start, start + len(word)
            start += len(word)

    def get_DAG(self, sentence: str) -> dict[int, list[int]]:  # noqa: N802
        """Return for each start in `sentence` the last indices of the words that begin there."""
        return word_lattice(self.words, sentence)

    def calc(
        self,
        sentence: str,
        DAG: Mapping[int, Sequence[int]],  # noqa: N803
        route: MutableMapping[int, tuple[float, int]],
    ) -> None:
        """Fill `route`: for each start the log-probability of the best way on, and its first step."""
        fill_route(self.words, sentence, DAG, route)

    def _cut_with_model(self, block: str) -> list[str]:
        ends = word_ends(self.words, block)
        words: list[str] = []
        start = loose = 0  # block[loose:start] are single characters not handed out yet
        while start < len(block):
            end = ends[start]
            if end - start > 1:
                if loose < start:
                    words += self._join_loose(block[loose:start])
                words.append(block[start:end])
                loose = end
            start = end
        if loose < start:
            words += self._join_loose(block[loose:])
        return words

    def _join_loose(self, characters: str) -> Sequence[str]:
        # A word that the best way cut into characters was meant to be cut.
        if len(characters) == 1 or characters in self.words:
            return characters
        return self._model.cut(characters, self.words.always_split)

    def _cut_without_model(self, block: str) -> list[str]:
        ends = word_ends(self.words, block)
        words = []
        start = latin = 0  # block[latin:start] are Latin letters and digits not handed out yet
        while start < len(block):
            end = ends[start]
            if end - start > 1 or block[start] not in _LATIN:
                if latin < start:
                    words.append(block[latin:start])
                words.append(block[start:end])
                latin = end
            start = end
        if latin < start:
            words.append(block[latin:])
        return words

    def _cut_all(self, block: str) -> Iterator[str]:
        covered = -1
        latin = ""
        for start, lasts in self.get_DAG(block).items():
            if latin and block[start] not in _LATIN:
                yield latin
                latin = ""
            if len(lasts) == 1 and start > covered:
                covered = lasts[0]
                word = block[start : covered + 1]
                if word[0] in _LATIN:
                    latin += word
                if not latin:
                    yield word
            else:
                for last in lasts:
                    if last > start:
                        yield block[start : last + 1]
                        covered = last
        if latin:
            yield latin

    def _inner_words(self, word: str) -> Iterator[tuple[int, str]]:
        trie = self.words.trie
        for size in (2, 3):
            if len(word) > size:
                for start in range(len(word) - size + 1):
                    if (inner := word[start : start + size]) in trie:
                        yield start, inner

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(
            "a segmenter cannot be changed: its words are compiled into the index; "
            "put the word into lexicon/ and build the index again"
        )

    add_word = del_word = suggest_freq = load_userdict = set_dictionary = _refuse
    initialize = get_dict_file = gen_pfdict = _refuse
    FREQ = total = user_word_tag_tab = property(_refuse)

    def check_initialized(self) -> None:
        """Do nothing: a segmenter is open from the start."""


def _cut_other(text: str, *, whole: bool) -> Iterator[str]:
    """Yield spaces and, unless they stay `whole`, the single characters between them."""
    for number, piece in enumerate(re_skip_default.split(text)):
        if number % 2 or whole:
            yield piece
        else:
            yield from piece


def open_segmenter(directory: Folder) -> Segmenter:
    """Open the segmenter in the artifact folder `directory`.

    Raises `ArtifactDamagedError` when a part is missing or malformed.
    """
    return Segmenter(open_dictionary(directory), open_hidden_markov_model(directory))
