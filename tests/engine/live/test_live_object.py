"""What a live object may hold, and what is refused when it is read."""

from __future__ import annotations

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from live_counter import COUNTER, NOTES

from engine.errors import ArtifactDamagedError, ArtifactFormatError, LiveObjectFullError


def test_value_comes_back_as_it_was_written() -> None:
    assert COUNTER.decode(COUNTER.encode(7)) == 7


def test_equal_values_give_equal_bytes() -> None:
    assert NOTES.encode({"甲": "电商", "乙": "直播"}) == NOTES.encode({"乙": "直播", "甲": "电商"})


@given(st.sets(st.text(st.characters(exclude_categories=["Cs"]))))
def test_long_value_is_stored_compressed_and_comes_back(names: set[str]) -> None:
    notes = dict.fromkeys(names, "文" * 9000)
    data = NOTES.encode(notes)
    assert NOTES.decode(data) == notes
    assert len(data) < 20_000 or len(notes) > 20


def test_every_flipped_bit_is_noticed() -> None:
    data = COUNTER.encode(7)
    for place in range(len(data)):
        for bit in range(8):
            damaged = bytearray(data)
            damaged[place] ^= 1 << bit
            # White space may become other white space without changing what is said.
            try:
                assert COUNTER.decode(bytes(damaged)) == 7
                assert json.loads(bytes(damaged)) == json.loads(data)
            except (ArtifactDamagedError, ArtifactFormatError):
                continue


def test_every_truncation_is_noticed_short_and_compressed() -> None:
    for data in (COUNTER.encode(7), NOTES.encode({"甲": "文" * 9000})):
        for length in range(len(data)):
            if data[:length].strip() == data.strip():
                continue
            with pytest.raises(ArtifactDamagedError):
                NOTES.decode(data[:length])


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"null", b"[]", b"7", b"\xff\xfe", b"{" * 100_000, b'{"format_version":"1"}'],
)
def test_what_is_no_live_object_is_damage(data: bytes) -> None:
    with pytest.raises(ArtifactDamagedError, match=r"live/counter\.json"):
        COUNTER.decode(data)


def test_right_digest_over_a_wrong_shape_is_damage() -> None:
    foreign = NOTES.encode({"甲": "电商"})
    with pytest.raises(ArtifactDamagedError, match="malformed"):
        COUNTER.decode(foreign)


def test_newer_format_is_told_from_damage() -> None:
    envelope = json.loads(COUNTER.encode(7)) | {"format_version": 2}
    with pytest.raises(ArtifactFormatError, match="upgrade the reader"):
        COUNTER.decode(json.dumps(envelope).encode())


def test_compressed_bomb_is_not_unpacked() -> None:
    with pytest.raises(ArtifactDamagedError, match="longer than it may be"):
        COUNTER.decode(zlib.compress(b" " * (80 << 20)))


def test_value_too_long_to_be_fetched_every_few_seconds_is_refused() -> None:
    with pytest.raises(LiveObjectFullError, match=r"live/notes.json.*rebuild the index"):
        NOTES.encode({str(number): str(number * 7919) for number in range(20_000)})
