"""Which files does the first answer of a fresh process read whole?

Fetched at the same time while the index is still arriving from a store, instead of one after the other as
they are opened. Invariant: this only saves time; a file that is not named here comes when it is asked for.
"""

from __future__ import annotations

LEXICON_FILES = (
    "lexicon.hidden_states.emission.npy",
    "lexicon.words.log_probability.npy",
    "lexicon.words.marisa",
    "lexicon.words.ranks.npy",
)

SEARCH_FILES = (
    *LEXICON_FILES,
    "lexicon.text_parts.bounds.npy",
    "lexicon.text_parts.npy",
    "lexicon.text_parts.words.npy",
    "lexicon.text_words.npy",
    "terms.marisa",
    "titles.terms.npy",
    "articles.category.npy",
    "articles.tags.npy",
    "articles.tags.offsets.npy",
    "duplicates.originals.npy",
    "duplicates.copies.offsets.npy",
    "tags.json",
)

RELATED_FILES = ("articles.ids.bin", "articles.ids.bounds.npy", "duplicates.originals.npy")

HOT_FILES = ("duplicates.originals.npy", "hot.order.npy", "hot.scores.npy", "vectors.npy")

EARLY_FILES = {
    "functions.search.handler": SEARCH_FILES,
    "functions.recommend.handler": (),
}
"""By the handler that Lambda was told to run: what is fetched while its modules are still being imported."""
