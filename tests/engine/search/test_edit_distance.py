from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search.edit_distance import edit_distance

WORDS = st.text(alphabet="abc", max_size=6)


@pytest.mark.parametrize(
    ("left", "right", "distance"),
    [
        ("taobao", "taobao", 0),
        ("taobo", "taobao", 1),  # missing
        ("taoobao", "taobao", 1),  # one too many
        ("taopao", "taobao", 1),  # wrong
        ("alipya", "alipay", 1),  # swapped
        ("", "jd", 2),
        ("zhitogce", "zhitongche", 2),
        ("ca", "abc", 3),  # no letter is touched twice
    ],
)
def test_slips_of_the_finger_count_one_each(left: str, right: str, distance: int) -> None:
    assert edit_distance(left, right) == distance


@given(WORDS, WORDS)
def test_distance_is_symmetric_and_zero_for_equal_words_alone(left: str, right: str) -> None:
    assert edit_distance(left, right) == edit_distance(right, left)
    assert (edit_distance(left, right) == 0) == (left == right)
