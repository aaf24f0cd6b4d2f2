from __future__ import annotations

from urllib.parse import quote as percent_encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import QueryError
from functions.query_string import decode, quote, split_query_string

ALLOWED = ("q", "size")


def test_values_are_split_but_not_decoded() -> None:
    assert split_query_string("q=%E5%BA%97+a&&size=5", ALLOWED) == {"q": "%E5%BA%97+a", "size": "5"}


def test_an_empty_query_string_gives_nothing() -> None:
    assert split_query_string("", ALLOWED) == {}


def test_a_name_without_a_value_is_given_and_empty() -> None:
    assert split_query_string("q", ALLOWED) == {"q": ""}


def test_an_escaped_name_is_the_same_name() -> None:
    assert split_query_string("%71=a", ALLOWED) == {"q": "a"}


def test_a_repeated_parameter_is_refused_by_name() -> None:
    with pytest.raises(QueryError, match="given more than once") as caught:
        split_query_string("q=a&size=1&q=b", ALLOWED)
    assert caught.value.field == "q"


def test_a_comma_in_a_value_is_no_repetition() -> None:
    assert split_query_string("q=a,b", ALLOWED) == {"q": "a,b"}


def test_unknown_parameters_are_all_named_with_what_is_known() -> None:
    with pytest.raises(QueryError, match="this route knows q, size") as caught:
        split_query_string("sise=1&q=a&颜色=红", ALLOWED)
    assert caught.value.field == "'sise', '颜色'"


def test_a_very_long_unknown_name_is_shown_in_part() -> None:
    with pytest.raises(QueryError, match="unknown parameter") as caught:
        split_query_string("x" * 100_000 + "=1", ALLOWED)
    assert len(str(caught.value)) < 200


def test_a_hundred_thousand_parameters_are_refused_without_reading_them() -> None:
    with pytest.raises(QueryError, match="at most 32 parameters"):
        split_query_string("a&" * 100_000, ALLOWED)


@pytest.mark.parametrize("encoded", ["%ff", "%E5%BA", "%ED%A0%80", "\ud800"])
def test_bytes_that_are_no_utf8_are_refused(encoded: str) -> None:
    with pytest.raises(QueryError, match="expected percent-encoded UTF-8") as caught:
        decode("q", encoded)
    assert caught.value.field == "q"


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x85", "\u202e", "\u2067"])
def test_control_characters_are_refused_by_code_point(character: str) -> None:
    with pytest.raises(QueryError, match=f"U\\+{ord(character):04X}"):
        decode("tag", percent_encode(f"店{character}铺"))


def test_white_space_of_pasted_text_is_kept() -> None:
    assert decode("q", "%E5%BA%97%0D%0A%09a") == "店\r\n\ta"


@pytest.mark.parametrize(("encoded", "text"), [("100%", "100%"), ("%zz", "%zz"), ("a+b", "a b")])
def test_a_stray_per_cent_sign_stands_for_itself(encoded: str, text: str) -> None:
    assert decode("q", encoded) == text


@given(st.text(st.characters(exclude_categories=("C",))))
def test_what_was_encoded_is_decoded(text: str) -> None:
    assert decode("q", percent_encode(text)) == text


@given(st.text(max_size=200))
def test_any_text_gives_values_or_a_query_error(raw: str) -> None:
    message = ""
    try:
        for name, value in split_query_string(raw, ALLOWED).items():
            decode(name, value)
    except QueryError as error:
        message = str(error)
    assert len(message) < 1_000


def test_a_quoted_value_is_bounded_and_tells_its_length() -> None:
    assert quote("短") == "'短'"
    assert quote("9" * 5_000) == f"'{'9' * 40}'… (5,000 characters)"
