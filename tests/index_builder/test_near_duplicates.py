"""Reposts are found and filed under the earliest; what merely shares passages is left alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from engine.analysis.normalizer import Normalizer, open_normalizer
from engine.documents import Article
from engine.index.articles import MISSING
from index_builder.corpus import read_corpus
from index_builder.lexicon.folding_compiler import write_folding
from index_builder.near_duplicates import near_duplicate_groups, unchanged_share
from index_builder.shingle_signatures import SignatureArray, signatures

SAMPLE = Path(__file__).resolve().parents[2] / "local" / "sample"
SOURCES_OF_REPOSTS = dict(
    zip(
        (str(number) for number in range(101, 115)),
        ("3", "7", "10", "26", "32", "34", "43", "46", "50", "51", "58", "20", "117", "71"),
        strict=True,
    )
)


@pytest.fixture(scope="module")
def normalizer(tmp_path_factory: pytest.TempPathFactory) -> Normalizer:
    folder = tmp_path_factory.mktemp("folding")
    write_folding(folder)
    return open_normalizer(folder)


@cache
def _articles() -> dict[str, Article]:
    return {article.id: article for article in read_corpus(sorted(SAMPLE.glob("*.jsonl"))).articles}


@pytest.fixture(scope="module")
def sample(normalizer: Normalizer) -> SignatureArray:
    return signatures(
        [normalizer.normalize(f"{one.title}\n{one.body}") for one in _articles().values()]
    )


@cache
def _body(article_id: str) -> str:
    return _articles()[article_id].body


def _dates() -> npt.NDArray[np.int64]:
    moments = [article.published_at for article in _articles().values()]
    return np.array([int(moment.timestamp()) if moment else MISSING for moment in moments])


def _groups(texts: list[str]) -> list[int]:
    return near_duplicate_groups(signatures(texts), np.arange(len(texts))).tolist()


def test_all_reposts_of_the_sample_are_found_and_nothing_else(sample: SignatureArray) -> None:
    ids = list(_articles())
    groups = near_duplicate_groups(sample, _dates())
    copies = {ids[at]: ids[group] for at, group in enumerate(groups.tolist()) if at != group}
    assert copies == SOURCES_OF_REPOSTS


def test_the_order_of_the_articles_leaves_no_trace(sample: SignatureArray) -> None:
    ids = np.array(list(_articles()))
    groups = near_duplicate_groups(sample, _dates())
    order = np.random.default_rng(7).permutation(len(ids))
    shuffled = near_duplicate_groups(sample[order], _dates()[order])
    assert dict(zip(ids[order], ids[order][shuffled], strict=True)) == dict(
        zip(ids, ids[groups], strict=True)
    )


def test_the_estimate_is_symmetric_and_whole_for_a_text_and_itself(sample: SignatureArray) -> None:
    left, right = np.triu_indices(len(sample), 1)
    forth, back = unchanged_share(sample, left, right), unchanged_share(sample, right, left)
    assert np.array_equal(forth[0], back[0])
    assert np.array_equal(forth[1], back[1])
    every = np.arange(len(sample))
    assert unchanged_share(sample, every, every)[0].tolist() == [1.0] * len(sample)


def test_the_earliest_published_is_the_original_whatever_its_number() -> None:
    texts = signatures([_body("3") + "转载", _body("3"), _body("3") + "侵删"])
    assert near_duplicate_groups(texts, np.array([30, 20, 10])).tolist() == [2, 2, 2]
    assert near_duplicate_groups(texts, np.array([10, 10, 10])).tolist() == [0, 0, 0]


def test_an_undated_article_is_no_original_beside_a_dated_one() -> None:
    texts = signatures([_body("3"), _body("3") + "转载"])
    assert near_duplicate_groups(texts, np.array([MISSING, 10])).tolist() == [1, 1]


def test_cut_tails_are_reposts_and_quotes_are_not() -> None:
    original, host = _body("3"), _body("7") + _body("26")
    cut = original[: len(original) * 7 // 10]
    quoting = host[:800] + original[:500] + host[800:]
    swallowing = host + original[: len(host) // 2]
    assert _groups([original, cut, quoting]) == [0, 0, 2]
    assert _groups([original, swallowing]) == [0, 1]


def test_moved_paragraphs_and_changed_punctuation_are_reposts() -> None:
    lines = _body("10").split("\n")
    moved = "\n".join(lines[len(lines) // 2 :] + lines[: len(lines) // 2])
    respelled = moved.replace("，", " ").replace("。", "\n\n")
    assert _groups([_body("10"), moved, respelled]) == [0, 0, 0]


def test_a_shared_notice_makes_no_group() -> None:
    notice = _body("50")[:220]
    texts = [_body(str(number))[:450] + notice for number in range(1, 50)]
    assert _groups(texts) == list(range(len(texts)))


def test_copies_by_the_hundred_are_one_group() -> None:
    original = _body("3")
    texts = [original] + [
        original[: 40 * (n % 17)] + f"第{n}次转载" + original[40 * (n % 17) + 30 :]
        for n in range(400)
    ]
    assert set(_groups(texts)) == {0}


def test_a_chain_of_ever_less_similar_texts_is_not_followed() -> None:
    # Each keeps 80 % of the one before; the last has nothing left of the first.
    long = "\n".join(_body(str(number)) for number in range(1, 7))
    texts = [long[start : start + 1000] for start in range(0, 1600, 200)]
    signed = signatures(texts)
    groups = near_duplicate_groups(signed, np.arange(len(texts)))
    assert groups[1] == 0
    assert groups[-1] != 0
    shares, _ = unchanged_share(signed, np.arange(len(texts)), groups.astype(np.int64))
    assert shares.min() >= 0.55


def test_no_articles_make_no_groups() -> None:
    assert _groups([]) == []
    assert _groups([_body("3")]) == [0]
