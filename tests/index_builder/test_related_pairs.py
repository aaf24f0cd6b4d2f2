"""From vectors to lists: the right articles, no repeats, named reasons, the same in every build."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from engine.index.neighbours import NOBODY
from index_builder.related_candidates import related_candidates
from index_builder.related_pairs import RelatedPairs, related_pairs
from index_builder.related_parameters import RelatedParameters
from tests.index_builder.related_corpus import SUBJECTS, TITLES, vectors_of

PARAMETERS = RelatedParameters(max_share_of_articles=0.5)


def _pairs(
    texts: tuple[str, ...] = SUBJECTS,
    titles: tuple[str, ...] = TITLES,
    originals: npt.NDArray[np.int32] | None = None,
    parameters: RelatedParameters = PARAMETERS,
    jobs: int = 1,
) -> RelatedPairs:
    vectors, _ = vectors_of(texts, titles, parameters)
    own = np.arange(len(texts), dtype=np.int32) if originals is None else originals
    nowhere = np.full(len(texts), -1, dtype=np.int32)
    return related_pairs(vectors, own, nowhere, parameters, jobs)


def _list(pairs: RelatedPairs, article: int) -> list[int]:
    return [int(other) for other in pairs.articles[article] if other != NOBODY]


@pytest.mark.parametrize("article", range(12))
def test_the_three_on_the_same_subject_come_first(article: int) -> None:
    same = {other for other in range(12) if other // 4 == article // 4 and other != article}
    assert set(_list(_pairs(), article)[:3]) == same


def test_no_list_holds_its_own_article_or_one_twice() -> None:
    pairs = _pairs()
    for article in range(12):
        found = _list(pairs, article)
        assert article not in found
        assert len(found) == len(set(found))


def test_reposts_of_itself_and_second_copies_are_left_out() -> None:
    originals = np.arange(14, dtype=np.int32)
    originals[[12, 13]] = 0, 4
    pairs = _pairs((*SUBJECTS, SUBJECTS[0], SUBJECTS[4]), (*TITLES, "转载", "转载"), originals)
    assert {0, 12}.isdisjoint(_list(pairs, 0))
    assert {0, 12}.isdisjoint(_list(pairs, 12))
    for article in (5, 6, 7):
        assert len({4, 13} & set(_list(pairs, article))) == 1
    assert 2 in _list(pairs, 12)


def test_shared_words_are_named_strongest_first() -> None:
    vectors, words = vectors_of(SUBJECTS, TITLES, PARAMETERS)
    pairs = _pairs()
    place = _list(pairs, 7).index(5)
    named = [words[column] for column in pairs.shared_terms[7, place] if column != NOBODY]
    assert sorted(named) == sorted(["退款", "运费险", "退货"])
    rows = vectors.texts.toarray()
    weights = [rows[7, words.index(word)] * rows[5, words.index(word)] for word in named]
    assert weights == sorted(weights, reverse=True)


def test_similarities_are_those_of_the_whole_texts() -> None:
    vectors, _ = vectors_of(SUBJECTS, TITLES, PARAMETERS)
    exact = (vectors.texts @ vectors.texts.T).toarray()
    pairs = _pairs(parameters=replace(PARAMETERS, text_terms=3))
    for article in range(12):
        found = _list(pairs, article)
        assert np.allclose(pairs.similarities[article, : len(found)], exact[article, found])


def test_neither_blocks_nor_threads_change_a_list() -> None:
    whole = _pairs()
    for parameters, jobs in ((replace(PARAMETERS, block_articles=5), 1), (PARAMETERS, 2)):
        other = _pairs(parameters=parameters, jobs=jobs)
        assert np.array_equal(whole.articles, other.articles)
        assert np.array_equal(whole.similarities, other.similarities)
        assert np.array_equal(whole.shared_terms, other.shared_terms)


def test_an_article_of_its_own_kind_has_an_empty_list() -> None:
    pairs = _pairs((*SUBJECTS, "绝无仅有"), (*TITLES, "绝无仅有"))
    assert _list(pairs, 12) == []
    assert all(12 not in _list(pairs, article) for article in range(12))


def test_candidates_hold_the_nearest_by_text_and_by_title() -> None:
    titles = [*TITLES[:11], TITLES[0]]  # the last shares its title with the first, and nothing else
    vectors, _ = vectors_of(SUBJECTS, titles, PARAMETERS)
    few = replace(PARAMETERS, text_candidates=3, title_candidates=3)
    candidates = related_candidates(vectors, few, 1)
    assert {1, 2, 3, 11} <= set(candidates.articles[0].tolist())
    place = candidates.articles[0].tolist().index(11)
    assert candidates.titles[0, place] > 0.9
