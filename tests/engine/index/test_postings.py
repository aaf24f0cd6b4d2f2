"""A list reads the same whether it is kept as a list or as a row, mapped or in memory."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from listed_weights import make_lists

from engine.errors import ArtifactDamagedError
from engine.index.codec import write_array
from engine.index.postings import PostingsLists, open_lists
from engine.index.segments import open_segment
from index_builder.postings_writer import write_segment
from index_builder.term_lists import WeighedTerms

ARTICLES = 40

weights = st.dictionaries(
    st.integers(0, ARTICLES - 1), st.floats(0.0625, 50, width=32), min_size=1, max_size=ARTICLES
)


def assert_reads(lists: PostingsLists, number: int, expected: dict[int, float]) -> None:
    documents, impacts = lists.postings(number)
    assert documents.tolist() == sorted(expected)
    assert lists.documents_of(number).tolist() == sorted(expected)
    assert lists.document_frequency(number) == len(expected)
    worth = impacts.astype(np.float64) * lists.step(number)
    # An impact is right to half a step, but never less than one step.
    step = lists.step(number)
    for document, found in zip(documents.tolist(), worth.tolist(), strict=True):
        assert found == pytest.approx(max(expected[document], step), abs=step * 0.51)
        assert lists.impact(number, document) * step == pytest.approx(found)
    everyone = np.arange(ARTICLES, dtype=lists.documents.dtype)
    assert lists.are_in(number, everyone).tolist() == [n in expected for n in range(ARTICLES)]
    assert lists.mask(number, ARTICLES).tolist() == [n in expected for n in range(ARTICLES)]
    absent = set(range(ARTICLES)) - set(expected)
    assert all(lists.impact(number, article) == 0 for article in absent)


@given(st.lists(weights, min_size=1, max_size=5))
def test_lists_in_memory_read_back(given_weights: list[dict[int, float]]) -> None:
    lists = make_lists(given_weights, ARTICLES)
    assert len(lists) == len(given_weights)
    for number, expected in enumerate(given_weights):
        assert_reads(lists, number, expected)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[int, float]]]:
    draw = np.random.default_rng(7)
    expected = {
        term: {
            int(article): float(np.float32(draw.uniform(0.5, 9)))
            for article in draw.choice(ARTICLES, size, replace=False)
        }
        for term, size in (("直通", 1), ("通车", 3), ("直通车", 6), ("店铺", 7), ("的", ARTICLES))
    }
    terms = sorted(expected)
    matrix = sp.lil_matrix((ARTICLES, len(terms)), dtype=np.float32)
    for column, term in enumerate(terms):
        for article, weight in expected[term].items():
            matrix[article, column] = weight
    folder = tmp_path_factory.mktemp("lists")
    titles = matrix.tocsr().copy()
    titles[:, [terms.index("的")]] = 0
    titles.eliminate_zeros()
    bursts = np.linspace(0, 3, len(terms))
    write_segment(folder, WeighedTerms(terms, matrix.tocsr(), titles, bursts, {}))
    return folder, expected


def test_written_lists_and_rows_read_back(
    written: tuple[Path, dict[str, dict[int, float]]],
) -> None:
    folder, expected = written
    segment = open_segment(folder, ARTICLES)
    assert len(segment.lists.rows) == 2  # 店铺 and 的 are in more than a sixth of the articles
    for term, postings in expected.items():
        number = segment.terms.get(term)
        assert number is not None
        assert_reads(segment.lists, number, postings)
        titled = segment.title_list(number)
        assert (titled is None) == (term == "的")
        if titled is not None:
            assert_reads(segment.titles, titled, postings)
    assert segment.terms.get("通直") is None


@pytest.mark.parametrize(
    "part", ["offsets", "documents", "impacts", "peaks", "dense", "frequencies"]
)
def test_files_that_do_not_fit_together_are_damage(
    written: tuple[Path, dict[str, dict[int, float]]], part: str, tmp_path: Path
) -> None:
    shutil.copytree(written[0], tmp_path / "copy")
    path = tmp_path / "copy" / f"terms.{part}.npy"
    write_array(path, np.load(path)[:-1])
    with pytest.raises(ArtifactDamagedError, match=r"do not fit together.*rebuild"):
        open_lists(tmp_path / "copy", "terms")
