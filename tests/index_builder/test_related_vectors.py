"""TF-IDF rows: of length 1, without what is everywhere or stands alone."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from index_builder.related_parameters import RelatedParameters
from index_builder.related_vectors import related_vectors, strongest_terms
from tests.index_builder.related_corpus import SUBJECTS, TITLES, vectors_of


def test_rows_have_length_one() -> None:
    vectors, _ = vectors_of(SUBJECTS, TITLES)
    lengths = np.sqrt(vectors.texts.multiply(vectors.texts).sum(axis=1))
    assert np.allclose(lengths, 1)
    assert vectors.texts.dtype == vectors.titles.dtype == np.float32


def test_a_word_of_most_articles_and_one_of_a_single_article_say_nothing() -> None:
    texts = [f"店铺 {text}" for text in SUBJECTS[:-1]] + ["店铺 绝无仅有"]
    vectors, words = vectors_of(texts, TITLES)
    used = {words[column] for column in vectors.words.indices}
    assert {"店铺", "绝无仅有"}.isdisjoint(used)
    assert {"直通车", "运费险", "揽收"} <= used


def test_the_tenth_mention_adds_less_than_the_second() -> None:
    counts = sp.csr_matrix(np.array([[1, 1], [2, 1], [9, 1], [10, 1], [0, 3]], dtype=np.float32))
    parameters = RelatedParameters(max_share_of_articles=1.0, length_share=0.0)
    rows = related_vectors(counts, counts, counts, parameters).titles.toarray()
    ratio = rows[:, 0] / rows[:, 1]
    assert ratio[1] - ratio[0] > ratio[3] - ratio[2] > 0


def test_only_the_strongest_terms_are_kept_and_the_row_has_length_one_again() -> None:
    rows = sp.csr_matrix(np.array([[0.1, 0.8, 0.0, 0.6], [0.0, 0.0, 1.0, 0.0]], dtype=np.float32))
    cut = strongest_terms(rows, 2).toarray()
    assert cut[0].tolist() == pytest.approx([0, 0.8, 0, 0.6])
    assert cut[1].tolist() == [0, 0, 1, 0]
    assert strongest_terms(rows, 1).toarray()[0].tolist() == [0, 1, 0, 0]


def test_an_article_without_a_usable_term_has_an_empty_row() -> None:
    vectors, _ = vectors_of([*SUBJECTS, "绝无仅有"], [*TITLES, "绝无仅有"])
    assert vectors.texts[12].nnz == vectors.titles[12].nnz == 0
