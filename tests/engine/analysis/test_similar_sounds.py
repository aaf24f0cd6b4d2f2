from __future__ import annotations

import pytest

from engine.analysis.similar_sounds import similar_key, similar_sound


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("zhi", "zi"),
        ("cheng", "cen"),
        ("shang", "san"),
        ("ning", "lin"),
        ("fei", "hei"),
        ("jing", "jin"),
        ("zhuang", "zuan"),
    ],
)
def test_syllables_that_southern_speakers_confuse_share_a_sound(left: str, right: str) -> None:
    assert similar_sound(left) == similar_sound(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("zhi", "chi"), ("song", "son"), ("ba", "pa"), ("jin", "jing's"), ("ru", "lu")],
)
def test_other_syllables_do_not(left: str, right: str) -> None:
    assert similar_sound(left) != similar_sound(right)


def test_a_key_keeps_its_syllables_apart() -> None:
    assert similar_key(["bao", "zheng", "jin"]) == "bao zen jin"
    assert similar_key(["xi", "an"]) != similar_key(["xian"])
