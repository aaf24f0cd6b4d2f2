"""How well does one article go with another?

Similarity of texts plus similarity of titles, each against what is usual where the two articles stand
(local scaling: Zelnik-Manor and Perona 2004; against hubs in nearest-neighbour lists: Schnitzer, Flexer,
Schedl, Widmer 2012). Invariant: scores only order the candidates of one article.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index_builder.related_candidates import NOBODY, Candidates
from index_builder.related_parameters import RelatedParameters

Scores = npt.NDArray[np.float32]


def related_scores(
    candidates: Candidates, categories: npt.NDArray[np.int32], parameters: RelatedParameters
) -> Scores:
    """Return the score of each candidate, float32 [n, k], -inf where there is none.

    texts / (usual of the other / mean of usual) ** power * (1 + bonus if of one category)
    + title_weight * titles / sqrt(usual of the one * usual of the other),
    where `usual` is the mean similarity to an article's nearest. A text near to everything is no news
    beside any of them. Titles count by how many times more alike they are than usual, so they count for
    little where all titles look alike.
    """
    articles = candidates.articles
    usual_texts = _usual(candidates.texts, parameters)
    usual_titles = _usual(candidates.titles, parameters)
    same = (categories[articles] == categories[:, None]) & (categories[:, None] >= 0)
    relative = usual_texts[articles] / usual_texts.mean()
    score = candidates.texts / relative ** np.float32(parameters.text_hub_power)
    score *= 1 + np.float32(parameters.category_bonus) * same
    scale = np.sqrt(usual_titles[articles] * usual_titles[:, None])
    score += np.float32(parameters.title_weight) * candidates.titles / scale
    return np.where(articles == NOBODY, np.float32(-np.inf), score)


def _usual(
    similarities: npt.NDArray[np.float32], parameters: RelatedParameters
) -> npt.NDArray[np.float32]:
    """Return the mean similarity of each article to its nearest, float32 [n], all above 0."""
    nearest = min(parameters.hub_neighbours, similarities.shape[1])
    best = -np.partition(-similarities, nearest - 1, axis=1)[:, :nearest]
    usual = best.mean(axis=1)
    floor = max(parameters.hub_floor * float(usual.mean()), 1e-6)
    above: npt.NDArray[np.float32] = np.maximum(usual, np.float32(floor))
    return above
