from __future__ import annotations

import re
from datetime import timedelta

import pytest
from counters_fixtures import at
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError, QueryError
from functions.event_tokens import EventTokens, TokenKey, parse_token_keys

NOW = at("2026-05-04 08:30")
OLD = TokenKey("2026-04", "春天的老钥匙 not for use".replace(" ", "-"))
NEW = TokenKey("2026-05", "夏天的新钥匙 not for use".replace(" ", "-"))
TOKENS = EventTokens([NEW, OLD])


def issued(tokens: EventTokens = TOKENS) -> str:
    token = tokens.issue("article", "41", NOW)
    assert token is not None
    return token


@pytest.mark.parametrize("minutes", [-3, 0, 1, 29, 30, 33])
def test_a_token_is_good_for_half_an_hour_and_some_skew(minutes: int) -> None:
    TOKENS.check(issued(), "article", "41", NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize("minutes", [-60, -4, 34, 60, 60 * 24 * 365 * 50])
def test_an_expired_token_says_so(minutes: int) -> None:
    with pytest.raises(QueryError, match="token: expired"):
        TOKENS.check(issued(), "article", "41", NOW + timedelta(minutes=minutes))


def test_a_token_is_short_and_may_stand_in_a_url() -> None:
    assert re.fullmatch(r"2026-05\.[0-9a-z]{6}\.[A-Za-z0-9_-]{22}", issued())


def test_a_token_fits_what_it_was_issued_for_and_nothing_else() -> None:
    for purpose, subject in (
        ("article", "42"),
        ("search", "41"),
        ("article", ""),
        ("article", "4"),
    ):
        with pytest.raises(QueryError, match=f"token: not given out .* for this {purpose}"):
            TOKENS.check(issued(), purpose, subject, NOW)  # type: ignore[arg-type]


def test_keys_rotate_without_a_gap() -> None:
    before = issued(EventTokens([OLD]))
    during = EventTokens([NEW, OLD])
    during.check(before, "article", "41", NOW)
    assert issued(during).startswith("2026-05.")
    after = EventTokens([NEW])
    after.check(issued(during), "article", "41", NOW)
    with pytest.raises(QueryError, match="not given out by this service"):
        after.check(before, "article", "41", NOW)


def test_a_key_of_the_same_id_but_another_secret_is_foreign() -> None:
    foreign = EventTokens([TokenKey(NEW.id, "somebody-else's-secret")])
    with pytest.raises(QueryError, match="not given out by this service"):
        TOKENS.check(issued(foreign), "article", "41", NOW)


def test_no_character_of_a_token_can_be_changed() -> None:
    token = issued()
    for place, character in enumerate(token):
        for other in "0Az-._":
            if other != character:
                changed = token[:place] + other + token[place + 1 :]
                with pytest.raises(QueryError, match=r"^token: (this is no|not given out)"):
                    TOKENS.check(changed, "article", "41", NOW)


@given(st.text(max_size=120))
def test_any_text_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(QueryError, match=r"^token: (this is no|not given out)"):
        TOKENS.check(text, "article", "41", NOW)


@given(st.text(max_size=200))
def test_any_id_and_any_query_can_have_a_token(subject: str) -> None:
    token = TOKENS.issue("search", subject, NOW)
    assert token is not None
    TOKENS.check(token, "search", subject, NOW)


def test_without_keys_there_are_no_tokens() -> None:
    assert EventTokens([]).issue("article", "41", NOW) is None
    with pytest.raises(QueryError, match="not given out"):
        EventTokens([]).check(issued(), "article", "41", NOW)


def test_keys_are_read_in_their_order() -> None:
    keys = parse_token_keys(" b:0123456789abcdef , a:fedcba9876543210 ")
    assert keys == (TokenKey("b", "0123456789abcdef"), TokenKey("a", "fedcba9876543210"))
    assert "0123456789abcdef" not in repr(keys)


@pytest.mark.parametrize(
    "text",
    [
        *("secret-without-an-id", "a:short-secret", "a b:0123456789abcdef", "a:0123456789abcdef,"),
        "a:0123456789abcdef,a:fedcba9876543210",
        "a:0123456789abcdef,b:0123456789abcdef,c:0123456789abcdef",
        "this-id-is-far-too-long:0123456789abcdef",
    ],
)
def test_unusable_keys_are_refused_without_showing_them(text: str) -> None:
    with pytest.raises(InputError, match="expected") as caught:
        parse_token_keys(text)
    assert "0123456789abcdef" not in str(caught.value)
    assert "short-secret" not in str(caught.value)
