"""BM25 weights against the formula worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.sparse as sp

from index_builder.bm25 import Bm25Transformer


def test_a_weight_is_idf_times_saturated_frequency() -> None:
    # Two articles: 淘宝 淘宝 店铺 | 店铺
    counts = sp.csr_matrix(np.array([[2.0, 1.0], [0.0, 1.0]], dtype=np.float32))
    weights = Bm25Transformer(k1=1.2, b=0.75).fit_transform(counts).toarray()
    mean = 2.0
    rare = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    common = math.log(1 + (2 - 2 + 0.5) / (2 + 0.5))
    long_article = 1.2 * (0.25 + 0.75 * 3 / mean)
    short_article = 1.2 * (0.25 + 0.75 * 1 / mean)
    assert weights[0, 0] == pytest.approx(rare * 2 / (2 + long_article))
    assert weights[0, 1] == pytest.approx(common * 1 / (1 + long_article))
    assert weights[1, 1] == pytest.approx(common * 1 / (1 + short_article))
    assert weights[1, 0] == 0


def test_a_corpus_without_words_has_no_weights() -> None:
    empty = sp.csr_matrix((3, 0), dtype=np.float32)
    assert Bm25Transformer().fit_transform(empty).shape == (3, 0)


def test_a_term_in_every_article_still_counts_a_little() -> None:
    counts = sp.csr_matrix(np.ones((5, 1), dtype=np.float32))
    assert (Bm25Transformer().fit_transform(counts).toarray() > 0).all()


def test_a_word_that_comes_in_bursts_counts_more() -> None:
    # Both words are in two of four articles; 直通车 is there five times each, 方面 once.
    counts = sp.csr_matrix(np.array([[5, 1], [5, 1], [0, 0], [0, 0]], dtype=np.float32))
    plain = Bm25Transformer().fit(counts).idf_
    bursty = Bm25Transformer(burst_cap=3.0).fit(counts).idf_
    assert plain[0] == plain[1]
    assert bursty[0] == pytest.approx(plain[0] * (1 + math.log(11 / 2.5)))
    assert bursty[1] == pytest.approx(plain[1] * (1 + math.log(3 / 2.5)))
