"""Latent vectors: articles on one subject point one way, and equal input gives equal bytes."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from engine.index.vectors import unit_rows
from index_builder.article_vectors import VectorParameters, article_vectors

# Columns: 直通车 关键词 出价 | 主播 直播间 话术
COUNTS = sp.csr_matrix(
    np.array(
        [
            [3, 2, 0, 0, 0, 0],
            [0, 2, 3, 0, 0, 0],
            [2, 0, 2, 0, 0, 0],
            [0, 0, 0, 3, 1, 0],
            [0, 0, 0, 0, 2, 2],
            [0, 0, 0, 1, 0, 3],
            [0, 0, 0, 0, 0, 0],
        ],
        dtype=np.float32,
    )
)


def test_articles_of_one_subject_are_alike_even_without_a_common_word() -> None:
    rows = unit_rows(article_vectors(COUNTS, VectorParameters(dimensions=2)))
    alike = rows @ rows.T
    assert alike[:3, :3].min() > 0.9
    assert alike[3:6, 3:6].min() > 0.9
    assert abs(alike[:3, 3:6]).max() < 0.1


def test_a_text_that_says_nothing_has_a_zero_row() -> None:
    rows = unit_rows(article_vectors(COUNTS, VectorParameters(dimensions=2)))
    assert not rows[6].any()
    assert np.linalg.norm(rows[:6], axis=1) == pytest.approx(1.0)


@pytest.mark.parametrize("articles", [1, 2, 3])
def test_a_tiny_corpus_has_vectors_of_the_same_width(articles: int) -> None:
    vectors = article_vectors(COUNTS[:articles], VectorParameters())
    assert (vectors.shape, vectors.dtype) == ((articles, 64), np.int8)


def test_an_empty_vocabulary_gives_zeros() -> None:
    assert not article_vectors(sp.csr_matrix((3, 5), dtype=np.float32), VectorParameters()).any()


def test_equal_input_gives_equal_bytes() -> None:
    first = article_vectors(COUNTS, VectorParameters(dimensions=3))
    assert first.tobytes() == article_vectors(COUNTS, VectorParameters(dimensions=3)).tobytes()
