"""Twelve short articles on three subjects, cut by spaces, for tests of related articles."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sklearn.feature_extraction.text import CountVectorizer

from index_builder.related_parameters import RelatedParameters
from index_builder.related_vectors import RelatedVectors, related_vectors

SUBJECTS = (
    "直通车 关键词 出价 店铺 卖家",
    "直通车 关键词 质量分 店铺 卖家",
    "直通车 出价 质量分 店铺 平台",
    "直通车 关键词 出价 质量分 平台",
    "退款 运费险 买家 店铺 平台",
    "退款 运费险 退货 店铺 卖家",
    "退款 退货 买家 店铺 平台",
    "退款 运费险 退货 买家 卖家",
    "物流 揽收 快递 店铺 平台",
    "物流 揽收 超时 店铺 卖家",
    "物流 快递 超时 店铺 平台",
    "物流 揽收 快递 超时 卖家",
)
TITLES = tuple(text.split(" ")[0] + f" {number}" for number, text in enumerate(SUBJECTS))


def vectors_of(
    texts: Sequence[str], titles: Sequence[str], parameters: RelatedParameters | None = None
) -> tuple[RelatedVectors, list[str]]:
    """Return the vectors of `texts`, whose pairs are pairs of words, and the words by column."""
    words = CountVectorizer(analyzer=str.split)
    pairs = CountVectorizer(analyzer=_pairs)
    title_words = CountVectorizer(analyzer=str.split)
    vectors = related_vectors(
        words.fit_transform(texts).astype("float32"),
        pairs.fit_transform(texts).astype("float32"),
        title_words.fit_transform(titles).astype("float32"),
        parameters or RelatedParameters(),
    )
    return vectors, list(words.get_feature_names_out())


def _pairs(text: str) -> list[str]:
    words = text.split()
    return [f"{left}{right}" for left, right in pairwise(words)]
