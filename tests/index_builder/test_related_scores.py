"""What is added up for a pair, and what it is held against."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index_builder.related_candidates import NOBODY, Candidates
from index_builder.related_parameters import RelatedParameters
from index_builder.related_scores import related_scores

PARAMETERS = RelatedParameters()
NOWHERE = np.full(4, -1, dtype=np.int32)


def _candidates(
    texts: list[list[float]], titles: list[list[float]] | None = None
) -> tuple[Candidates, npt.NDArray[np.int32]]:
    others = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]], dtype=np.int32)
    found = np.array(texts, dtype=np.float32)
    other = np.array(titles, dtype=np.float32) if titles else np.zeros_like(found)
    return Candidates(others, found, other), others


def test_what_is_near_to_everything_stands_behind_what_is_near_to_this_one() -> None:
    # Article 1 is at 0.4 from all others, article 2 from article 0 alone.
    candidates, _ = _candidates(
        [[0.4, 0.4, 0.0], [0.4, 0.4, 0.4], [0.4, 0.4, 0.0], [0.0, 0.4, 0.0]]
    )
    first = related_scores(candidates, NOWHERE, PARAMETERS)[0]
    assert first[1] > first[0] > first[2] == 0


def test_an_equal_title_counts_for_less_where_all_titles_look_alike() -> None:
    texts = [[0.2] * 3] * 4
    rare, _ = _candidates(texts, [[0.8, 0, 0], [0.8, 0, 0], [0, 0, 0], [0, 0, 0]])
    common, _ = _candidates(texts, [[0.8] * 3] * 4)
    gain = related_scores(rare, NOWHERE, PARAMETERS)[0][0] - 0.2
    usual_gain = related_scores(common, NOWHERE, PARAMETERS)[0][0] - 0.2
    assert gain > 2 * usual_gain > 0


def test_of_two_equals_the_one_of_the_same_category_is_first() -> None:
    candidates, _ = _candidates([[0.4] * 3] * 4)
    filed = np.array([7, 3, 7, -1], dtype=np.int32)
    first = related_scores(candidates, filed, PARAMETERS)[0]
    assert np.argmax(first) == 1
    assert np.isclose(first[1], first[0] * (1 + PARAMETERS.category_bonus))


def test_articles_that_are_filed_nowhere_share_no_category() -> None:
    candidates, _ = _candidates([[0.4] * 3] * 4)
    assert np.allclose(related_scores(candidates, NOWHERE, PARAMETERS), 0.4)


def test_where_there_is_no_candidate_there_is_no_score() -> None:
    candidates, others = _candidates([[0.4, 0.0, 0.0]] * 4)
    others[:, 1:] = NOBODY
    scores = related_scores(candidates, NOWHERE, PARAMETERS)
    assert np.isneginf(scores[:, 1:]).all()
    assert np.isfinite(scores[:, 0]).all()
