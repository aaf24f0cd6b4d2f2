"""Which names may an object have."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.store.protocol import MAX_KEY_BYTES, check_key, check_prefix, is_key

ALPHABET = string.ascii_letters + string.digits + "._=-"


@pytest.mark.parametrize(
    "key",
    ["current.json", "versions/20260801T020000-3f2a/terms.npy", "a", "a/b/c", "x..y", "a=b", "-_="],
)
def test_plain_names_are_keys(key: str) -> None:
    check_key(key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "a/../b",
        "a/./b",
        ".lock",
        "a/.tmp-1",
        "a\\b",
        "C:\\a",
        "a b",
        "a\n",
        "a\x00b",
        "a\x7f",
        "a%2e",
        "a?b",
        "a*",
        "~a",
        "文章",
        "café",
        "a" * 256,
        "a/" * 256 + "a",
        "\ud800",
    ],
)
def test_whatever_a_file_system_or_a_url_reads_otherwise_is_no_key(key: str) -> None:
    with pytest.raises(InputError, match="expected at most 512 characters"):
        check_key(key)


def test_the_longest_key_has_512_bytes() -> None:
    longest = "/".join(["a" * 127, "b" * 128, "c" * 127, "d" * 127])
    assert len(longest) == MAX_KEY_BYTES
    assert is_key(longest)
    assert not is_key(longest + "d")


@given(st.text())
@example("a\n")
@example("٣")
def test_every_key_is_a_relative_ascii_path_that_climbs_nowhere(text: str) -> None:
    if is_key(text):
        segments = text.split("/")
        assert all(set(segment) <= set(ALPHABET) for segment in segments)
        assert not any(segment == "" or segment.startswith(".") for segment in segments)


@given(st.lists(st.text(ALPHABET, min_size=1, max_size=20), min_size=1, max_size=8))
def test_names_that_start_without_a_dot_make_a_key(segments: list[str]) -> None:
    assert is_key("/".join(segments)) == (not any(name.startswith(".") for name in segments))


def test_a_prefix_is_empty_or_begins_a_key() -> None:
    for prefix in ("", "versions/", "versions/2026", "a"):
        check_prefix(prefix)
    for prefix in ("/", "..", "a//", "../a/", "文"):
        with pytest.raises(InputError):
            check_prefix(prefix)


def test_a_long_bad_key_is_not_repeated_in_full() -> None:
    with pytest.raises(InputError) as caught:
        check_key("文" * 10_000)
    assert len(str(caught.value)) < 400
