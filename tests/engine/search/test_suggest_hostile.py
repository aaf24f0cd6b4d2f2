"""The search box stays quick whatever is typed over whatever titles."""

from __future__ import annotations

import time
from typing import Any

import pytest
from suggest_corpus import article, open_box

from engine.search.suggest import suggest
from engine.search.suggest_readings import MOST_STEPS, find_readings


@pytest.fixture(scope="module")
def hostile() -> Any:
    titles = [
        "娜" * 400,
        "哪那娜拿" * 100,
        "安" * 300 + "a" * 100,
        "a" * 500,
        "一" * 500,
        "nana" * 99,
    ]
    return open_box([article(n, title, views=n) for n, title in enumerate(titles)])


@pytest.mark.parametrize(
    "typed",
    [
        *("na" * 100, "n" * 200, "a" * 200, "娜" * 200, "1" * 200, "一" * 200, "nan" * 66),
        *(
            "娜na" * 66,
            "安an" * 66,
            "an" * 100,
            "zhchsh" * 33,
            "ana" * 66,
            "'" * 200,
            "a\u0301" * 100,
        ),
    ],
)
def test_repetition_is_answered_in_bounded_time(hostile: Any, typed: str) -> None:
    suggest(hostile, typed)
    start = time.process_time()
    suggest(hostile, typed)
    assert time.process_time() - start < 0.1


def test_ways_to_read_are_followed_only_so_far(hostile: Any) -> None:
    assert 1 <= len(list(find_readings(hostile.suggestions, "na" * 100))) <= MOST_STEPS


def test_the_strongest_reading_is_found_before_the_steps_run_out(hostile: Any) -> None:
    assert suggest(hostile, "na" * 40)[0].highlight.startswith("<em>nana")
    assert suggest(hostile, "娜" * 200)[0].text == "娜" * 400
    assert [found.text for found in suggest(hostile, "na" * 100)]
