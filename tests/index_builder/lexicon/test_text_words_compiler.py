"""Which words stored texts are written with."""

from __future__ import annotations

from engine.index.text_codes import ESCAPE, part_key
from index_builder.lexicon.text_words_compiler import choose_words
from index_builder.text_encoder import slot_of

LIKELY = {"店": -3.0, "淘宝": -4.0, "店铺": -5.0, "客户": -6.0, "一个很长的词": -1.0, "𠮷": -2.0}


def test_characters_come_first_then_the_likeliest_words_in_both_scripts() -> None:
    words = choose_words(LIKELY, ["保证金"], ["寶"])
    assert words.index("店") < words.index("寶") < words.index("淘宝") < words.index("店铺")
    assert words.index("店鋪") == words.index("店铺") + 1
    assert words.index("保證金") < words.index("淘宝")
    assert words.index("客户") < words.index("ab") < words.index(" ab")


def test_only_words_of_up_to_four_units_are_written_with_a_code() -> None:
    words = choose_words(LIKELY, ["保证金"], ["寶"])
    assert "一个很长的词" not in words
    assert "𠮷" not in words
    assert len(words) == len(set(words)) <= ESCAPE


def test_no_two_words_share_a_slot_of_the_encoder() -> None:
    slots = [slot_of(part_key(word)) for word in choose_words(LIKELY, [], []) if len(word) > 1]
    assert len(slots) == len(set(slots))
