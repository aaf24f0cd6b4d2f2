"""What does a line of synonyms.txt or stop_words.txt mean?

    tb, taobao, 淘宝        each finds the others
    刷单 => 虚假交易        a search for 刷单 also finds 虚假交易, not the other way round

Invariant: terms are normalised exactly as articles are; a line that cannot be used is an error with its
number, never skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from engine.errors import LexiconError

ARROW = "=>"


def read_synonyms(path: Path, normalize: Callable[[str], str]) -> Mapping[str, Sequence[str]]:
    """Return term -> what else it may be called, both in the file's order.

    Raises `LexiconError` naming the file and line.
    """
    expansions: dict[str, list[str]] = {}
    for number, line in read_lines(path):
        left, arrow, right = line.partition(ARROW)
        sources = _terms(left, normalize, path, number)
        if arrow:
            targets = _terms(right, normalize, path, number)
        else:
            targets = sources
            # Two spellings that fold to one (粘性, 黏性) are no mistake: folding does the work already.
            if "," not in left.replace("，", ","):
                raise LexiconError(
                    f"{path.name}:{number}: one term alone has no synonym; "
                    f"expected `a, b` or `a {ARROW} b`, found {line!r}"
                )
        for source in sources:
            known = expansions.setdefault(source, [])
            known += [term for term in targets if term != source and term not in known]
    return {term: others for term, others in expansions.items() if others}


def read_stop_words(path: Path, normalize: Callable[[str], str]) -> list[str]:
    """Return the stop words, normalised, ascending, each once.

    Raises `LexiconError` when a word folds to nothing.
    """
    words = set()
    for number, line in read_lines(path):
        words.update(_terms(line, normalize, path, number))
    return sorted(words)


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a lexicon file that say something, with their numbers (from 1).

    Raises `LexiconError` when the file cannot be read as UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: expected a UTF-8 text file ({error})") from error
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            yield number, stripped


def _terms(text: str, normalize: Callable[[str], str], path: Path, number: int) -> list[str]:
    parts = text.replace("，", ",").split(",")
    terms = ["".join(normalize(part).split()) for part in parts]
    if not all(terms):
        raise LexiconError(f"{path.name}:{number}: an empty term in {text.strip()!r}")
    return list(dict.fromkeys(terms))
