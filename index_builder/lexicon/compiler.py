"""How does the folder of word lists become the lexicon that an index carries?

Folding first, since everything after it is written as articles look once folded. Invariant: the
fingerprint names the compiled content, so equal fingerprints cut every text alike.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from engine.analysis.analyzer import STOP_WORDS_NAME, SYNONYMS_NAME
from engine.analysis.normalizer import open_normalizer
from engine.errors import LexiconError
from engine.index.codec import dump_json
from engine.index.manifest import describe_file
from engine.index.text_codes import LONGEST_WORD
from index_builder.lexicon.dictionary_compiler import (
    compile_dictionary,
    stock_words,
    without_letters_joined,
    write_dictionary,
)
from index_builder.lexicon.folding_compiler import write_folding
from index_builder.lexicon.hidden_states_compiler import write_hidden_states
from index_builder.lexicon.lexicon_files import read_words
from index_builder.lexicon.pinyin_compiler import compile_pinyin
from index_builder.lexicon.synonym_rules import read_stop_words, read_synonyms
from index_builder.lexicon.text_words_compiler import choose_words, write_text_words

DOMAIN_TERMS = "domain_terms.txt"
SYNONYMS = "synonyms.txt"
STOP_WORDS = "stop_words.txt"
LEXICON_FILES = (DOMAIN_TERMS, SYNONYMS, STOP_WORDS)
LEXICON_FILE_PREFIX = "lexicon."


@dataclass(frozen=True, slots=True)
class CompiledLexicon:
    """What was compiled: a digest of all lexicon files, and how many entries of each kind."""

    fingerprint: str
    words: int
    synonyms: int
    stop_words: int


def compile_lexicon(source: Path, directory: Path) -> CompiledLexicon:
    """Compile the word lists in `source` into the artifact folder `directory`.

    Raises `LexiconError` when a list is missing or has a bad line.
    """
    for name in LEXICON_FILES:
        if not (source / name).is_file():
            raise LexiconError(
                f"{source / name}: no such file; a lexicon has {DOMAIN_TERMS}, {SYNONYMS} and "
                f"{STOP_WORDS} (copy the packaged lexicon/ and edit it)"
            )
    variants = write_folding(directory)
    normalize = open_normalizer(directory).normalize
    write_hidden_states(directory)
    compile_pinyin(directory)
    stock = without_letters_joined(stock_words())
    domain = read_words(source / DOMAIN_TERMS)
    dictionary = compile_dictionary(stock, domain, normalize)
    write_dictionary(directory, dictionary)
    words = dictionary.by_word(LONGEST_WORD)
    terms = [normalize(entry.word) for entry in domain if entry.frequency != 0]
    write_text_words(directory, choose_words(words, terms, variants), normalize)
    synonyms = read_synonyms(source / SYNONYMS, normalize)
    (directory / SYNONYMS_NAME).write_bytes(dump_json(synonyms))
    stop_words = read_stop_words(source / STOP_WORDS, normalize)
    (directory / STOP_WORDS_NAME).write_bytes(dump_json(stop_words))
    return CompiledLexicon(
        fingerprint=_fingerprint(directory),
        words=len(dictionary.trie),
        synonyms=len(synonyms),
        stop_words=len(stop_words),
    )


def _fingerprint(directory: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(directory.glob(f"{LEXICON_FILE_PREFIX}*")):
        digest.update(f"{path.name} {describe_file(path).sha256}\n".encode())
    return digest.hexdigest()[:16]
