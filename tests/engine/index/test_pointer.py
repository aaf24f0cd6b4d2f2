from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from engine.errors import ArtifactDamagedError, ArtifactFormatError, InputError
from engine.index.pointer import (
    Pointer,
    PublishedVersion,
    RetiredVersion,
    encode_pointer,
    parse_pointer,
)
from engine.index.pointer_moves import after_publishing, after_rolling_back, next_generation

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def version(
    number: int, *, upload: int | None = None, rolled_back: bool = False
) -> PublishedVersion:
    return PublishedVersion(f"{number:016x}", upload or number, NOON, 10 * number, rolled_back)


def published(count: int, keep: int = 10) -> Pointer:
    pointer = None
    for number in range(1, count + 1):
        pointer = after_publishing(pointer, version(number), keep, NOON)
    assert pointer is not None
    return pointer


def numbers(pointer: Pointer) -> list[int]:
    return [int(entry.version, 16) for entry in pointer.named]


def test_a_pointer_reads_back_as_it_was_written() -> None:
    pointer = Pointer(
        7,
        version(7),
        NOON + timedelta(hours=1),
        (version(6), version(4, rolled_back=True)),
        (RetiredVersion(f"{3:016x}", 3, 6, NOON),),
    )
    assert parse_pointer(encode_pointer(pointer)) == pointer
    content = json.loads(encode_pointer(pointer))
    assert content["published_at"] == "2026-05-04T20:00:00+08:00"
    assert content["version"] == "0000000000000007"
    assert pointer.current.prefix == "versions/0000000000000007/7/"


def test_what_newer_writers_add_is_left_alone() -> None:
    content = json.loads(encode_pointer(published(2)))
    content["shards"] = 4
    content["previous"][0]["shards"] = 4
    assert parse_pointer(json.dumps(content).encode()) == published(2)


@pytest.mark.parametrize("found", [2, 0, "1", None])
def test_a_foreign_format_is_refused_with_what_to_do(found: object) -> None:
    content = json.loads(encode_pointer(published(1)))
    data = json.dumps({**content, "format": found}).encode()
    with pytest.raises(ArtifactFormatError, match="deploy the newer readers first"):
        parse_pointer(data)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b"3", b"\xff\xfe", b"{}", b"[" * 100_000]
)
def test_what_is_no_pointer_is_damage_not_a_crash(data: bytes) -> None:
    with pytest.raises(ArtifactDamagedError, match=r"current\.json: malformed"):
        parse_pointer(data)


@pytest.mark.parametrize(
    "change",
    [
        {"version": "../../../etc"},
        {"version": ""},
        {"version": "0000000000000001/.."},
        {"upload": 0},
        {"upload": -1},
        {"upload": 99},
        {"generation": "many"},
        {"generation": None},
        {"previous": None},
        {"previous": [{"version": "../x", "upload": 1, "published_at": "", "articles": 1}]},
        {"published_at": "yesterday"},
        {"moved_at": 7},
    ],
)
def test_a_pointer_cannot_lead_anywhere_else(change: dict[str, object]) -> None:
    content = json.loads(encode_pointer(published(3)))
    with pytest.raises(ArtifactDamagedError):
        parse_pointer(json.dumps({**content, **change}).encode())


def test_every_byte_flipped_or_cut_gives_a_pointer_or_an_error_never_a_crash() -> None:
    data = encode_pointer(published(2))
    for place in range(len(data)):
        flipped = bytes([*data[:place], data[place] ^ 1, *data[place + 1 :]])
        for damaged in (flipped, data[:place]):
            try:
                parse_pointer(damaged)
            except (ArtifactDamagedError, ArtifactFormatError):
                continue


def test_the_version_before_is_the_first_to_fall_back_to() -> None:
    pointer = published(4)
    assert numbers(pointer) == [4, 3, 2, 1]
    assert pointer.generation == 4


def test_the_oldest_is_retired_and_remembered_until_its_files_are_gone() -> None:
    pointer = published(4, keep=2)
    assert numbers(pointer) == [4, 3]
    assert [(int(entry.version, 16), entry.generation) for entry in pointer.retired] == [
        (2, 4),
        (1, 3),
    ]
    after = after_publishing(pointer, version(5), 2, NOON, gone=pointer.retired[1:])
    assert [int(entry.version, 16) for entry in after.retired] == [3, 2]


def test_rolling_back_makes_a_newer_generation_of_an_older_version() -> None:
    pointer = after_rolling_back(published(3), None, NOON)
    assert pointer.generation == 4
    assert numbers(pointer) == [2, 1, 3]
    assert [entry.rolled_back for entry in pointer.named] == [False, False, True]


def test_rolling_back_twice_goes_two_back_and_never_to_the_rejected() -> None:
    pointer = after_rolling_back(after_rolling_back(published(3), None, NOON), None, NOON)
    assert numbers(pointer)[0] == 1
    with pytest.raises(InputError, match="no version before this one is kept"):
        after_rolling_back(pointer, None, NOON)


def test_rolling_back_to_a_rejected_version_undoes_the_rollback() -> None:
    back = after_rolling_back(published(3), None, NOON)
    undone = after_rolling_back(back, f"{3:016x}", NOON)
    assert numbers(undone) == [3, 2, 1]
    assert not any(entry.rolled_back for entry in undone.named)


def test_the_version_before_a_publication_is_what_was_served_not_what_was_rejected() -> None:
    pointer = after_publishing(after_rolling_back(published(3), None, NOON), version(5), 10, NOON)
    assert numbers(pointer) == [5, 2, 1, 3]
    assert numbers(after_rolling_back(pointer, None, NOON))[0] == 2


def test_what_was_rolled_back_is_the_first_to_be_retired() -> None:
    pointer = after_publishing(after_rolling_back(published(3), None, NOON), version(5), 3, NOON)
    assert numbers(pointer) == [5, 2, 1]
    assert [entry.version for entry in pointer.retired] == [f"{3:016x}"]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [(f"{3:016x}", "is the current one already"), (f"{9:016x}", "no version '0000000000000009'")],
)
def test_a_rollback_to_nowhere_says_what_there_is(wanted: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        after_rolling_back(published(3), wanted, NOON)


def test_the_same_content_uploaded_again_takes_the_place_of_its_old_copy() -> None:
    pointer = after_publishing(published(2), version(2, upload=3), 10, NOON)
    assert numbers(pointer) == [2, 1]
    assert pointer.current.upload == 3
    assert [(entry.version, entry.upload) for entry in pointer.retired] == [(f"{2:016x}", 2)]


def test_a_pointer_that_was_deleted_is_followed_by_a_generation_that_never_was() -> None:
    assert next_generation(None) == 1
    assert next_generation(None, newest_upload=41) == 42
    assert after_publishing(None, version(5, upload=42), 2, NOON).generation == 42
