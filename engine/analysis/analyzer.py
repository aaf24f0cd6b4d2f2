"""Text -> terms: the one way in which articles and queries are cut.

normalise -> segment -> keep what is a word. Invariant: the analyzer is opened from the artifact's own
lexicon, so an index and its queries can never be cut differently, and it holds no mutable state.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.analysis.grams import unit_bigrams
from engine.analysis.normalizer import NormalizedText, Normalizer, open_normalizer
from engine.analysis.segmenter import Segmenter, open_segmenter
from engine.analysis.synonyms import SynonymTable
from engine.errors import ArtifactDamagedError
from engine.folder import Folder

SYNONYMS_NAME = "lexicon.synonyms.json"
STOP_WORDS_NAME = "lexicon.stop_words.json"


class Analyzer:
    """Cuts text into terms with one lexicon."""

    def __init__(
        self,
        normalizer: Normalizer,
        segmenter: Segmenter,
        stop_words: frozenset[str],
        synonyms: SynonymTable,
    ) -> None:
        self.normalizer = normalizer
        self.segmenter = segmenter
        self.stop_words = stop_words
        self.synonyms = synonyms

    def normalize(self, text: str) -> str:
        """Return `text` with script, width, case and variants folded."""
        return self.normalizer.normalize(text)

    def normalize_with_offsets(self, text: str) -> NormalizedText:
        """Return `text` folded, with the way back to the original characters."""
        return self.normalizer.normalize_with_offsets(text)

    def normalize_lines(self, text: str) -> str:
        """Return `text` folded line by line: newlines stay, so that nothing is matched across them."""
        return "\n".join(map(self.normalizer.normalize, text.splitlines()))

    def words(self, normalized: str) -> list[str]:
        """Return the words of `normalized`, side by side; words within words are the bigrams' part."""
        return [word for word in self.segmenter.cut(normalized) if is_word(word)]

    def bigrams(self, normalized: str) -> list[str]:
        """Return the pairs of neighbouring units of `normalized`."""
        return unit_bigrams(normalized)

    def is_stop_word(self, word: str) -> bool:
        """Tell whether `word` alone says nothing about what is sought."""
        return word in self.stop_words


def is_word(token: str) -> bool:
    """Tell whether `token`, which the segmenter cut off, is a word."""
    # Any letter or digit makes a word; what is left is punctuation, spaces and symbols.
    return token.isalnum() or any(character.isalnum() for character in token)


def open_analyzer(directory: Folder) -> Analyzer:
    """Open the lexicon in the artifact folder `directory`.

    Raises `ArtifactDamagedError` when a part is missing or malformed.
    """
    return Analyzer(
        open_normalizer(directory),
        open_segmenter(directory),
        frozenset(_read_json(directory / STOP_WORDS_NAME)),
        SynonymTable(_read_json(directory / SYNONYMS_NAME)),
    )


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ArtifactDamagedError(
            f"{path.name}: missing or not JSON ({error}); rebuild the index"
        ) from error
