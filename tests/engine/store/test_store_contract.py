"""One contract, held by every store: the fixture runs each claim on a folder and on S3."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from engine.errors import (
    InputError,
    ObjectNotFoundError,
    ObjectTooShortError,
    StoreConflictError,
    StoreUnavailableError,
)
from engine.store.protocol import ObjectEntry, Store

BYTES = bytes(range(256)) + "跨境电商：独立站".encode() + b"\r\n\x00\xff"
MISSING = "current.json"


def keys(store: Store, prefix: str = "") -> list[str]:
    return [entry.key for entry in store.list(prefix)]


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", BYTES, os.urandom(5 * 1024 * 1024)],
    ids=["empty", "one zero byte", "every byte", "5 MB"],
)
def test_what_was_put_is_read_back_to_the_byte(store: Store, data: bytes) -> None:
    etag = store.put_if_absent("versions/1/terms.npy", data)
    found = store.get("versions/1/terms.npy")
    assert found.data == data
    assert type(found.data) is bytes
    assert found.etag == etag
    assert list(store.list()) == [ObjectEntry("versions/1/terms.npy", len(data))]


def test_a_second_instance_sees_the_same_objects(open_again: Callable[[], Store]) -> None:
    etag = open_again().put_if_absent("a", BYTES)
    assert open_again().get("a").etag == etag


def test_missing_key_is_not_found_and_named(store: Store) -> None:
    store.put_if_absent("folder/object", b"x")
    for key in (MISSING, "folder", "folder/object/below", "folder/other"):
        with pytest.raises(ObjectNotFoundError, match=key) as caught:
            store.get(key)
        assert caught.value.key == key


def test_missing_key_is_not_found_by_any_reader(store: Store) -> None:
    with pytest.raises(ObjectNotFoundError):
        store.get_range(MISSING, 0, 1)
    with pytest.raises(ObjectNotFoundError):
        store.get_if_changed(MISSING, None)
    with pytest.raises(ObjectNotFoundError):
        store.get_if_changed(MISSING, "an etag of long ago")


def test_get_if_changed_answers_none_only_for_the_current_etag(store: Store) -> None:
    first = store.put_if_absent("hot.json", b"first")
    assert store.get_if_changed("hot.json", first) is None
    second = store.compare_and_swap("hot.json", b"second", first)
    changed = store.get_if_changed("hot.json", first)
    assert changed is not None
    assert (changed.data, changed.etag) == (b"second", second)
    assert store.get_if_changed("hot.json", second) is None
    unconditional = store.get_if_changed("hot.json", None)
    assert unconditional is not None
    assert unconditional.data == b"second"


def test_put_if_absent_refuses_a_second_writer_even_with_equal_bytes(store: Store) -> None:
    store.put_if_absent("a", b"first")
    for data in (b"second", b"first"):
        with pytest.raises(StoreConflictError, match="a"):
            store.put_if_absent("a", data)
    assert store.get("a").data == b"first"


def test_compare_and_swap_replaces_what_the_writer_has_seen(store: Store) -> None:
    etag = store.put_if_absent("a", b"0")
    for turn in range(1, 6):
        etag = store.compare_and_swap("a", b"%d" % turn, etag)
    found = store.get("a")
    assert (found.data, found.etag) == (b"5", etag)


def test_compare_and_swap_refuses_an_outdated_etag(store: Store) -> None:
    first = store.put_if_absent("a", b"first")
    store.compare_and_swap("a", b"second", first)
    with pytest.raises(StoreConflictError):
        store.compare_and_swap("a", b"third", first)
    assert store.get("a").data == b"second"


def test_compare_and_swap_with_no_etag_expects_no_object(store: Store) -> None:
    store.compare_and_swap("a", b"first", None)
    with pytest.raises(StoreConflictError):
        store.compare_and_swap("a", b"second", None)
    assert store.get("a").data == b"first"


@pytest.mark.parametrize("key", ["a", "deep/er/a"])
def test_compare_and_swap_does_not_bring_back_what_was_deleted(store: Store, key: str) -> None:
    etag = store.put_if_absent(key, b"first")
    store.delete(key)
    with pytest.raises(StoreConflictError):
        store.compare_and_swap(key, b"second", etag)
    assert keys(store) == []


def test_compare_and_swap_in_a_place_without_objects_is_a_conflict(store: Store) -> None:
    with pytest.raises(StoreConflictError):
        store.compare_and_swap("folder/a", b"x", "an etag of long ago")
    assert keys(store) == []


def test_etag_changes_with_the_bytes_however_fast_they_change(store: Store) -> None:
    etags = [store.put_if_absent("a", b"0")]
    for turn in range(1, 20):
        etags.append(store.compare_and_swap("a", b"%d" % turn, etags[-1]))
    assert len(set(etags)) == 20


@pytest.mark.parametrize(
    ("start", "length"), [(0, 1), (0, 100), (40, 60), (99, 1), (17, 32)], ids=str
)
def test_get_range_returns_exactly_the_bytes_asked_for(
    store: Store, start: int, length: int
) -> None:
    data = bytes(range(100))
    store.put_if_absent("postings.npy", data)
    found = store.get_range("postings.npy", start, length)
    assert found == data[start : start + length]
    assert type(found) is bytes


@pytest.mark.parametrize(("start", "length"), [(0, 101), (99, 2), (100, 1), (5000, 10)], ids=str)
def test_get_range_beyond_the_end_is_an_error_never_a_short_answer(
    store: Store, start: int, length: int
) -> None:
    store.put_if_absent("postings.npy", bytes(100))
    with pytest.raises(StoreUnavailableError, match="shorter than its reader expects"):
        store.get_range("postings.npy", start, length)


def test_get_range_of_an_empty_object_is_an_error(store: Store) -> None:
    store.put_if_absent("empty", b"")
    with pytest.raises(StoreUnavailableError):
        store.get_range("empty", 0, 1)


def test_get_ranges_returns_each_part_in_the_order_asked_for(store: Store) -> None:
    data = bytes(range(100))
    store.put_if_absent("postings.npy", data)
    ranges = [(40, 60), (0, 1), (17, 32), (16, 2), (99, 1), (0, 100), *((n, 1) for n in range(30))]
    found = store.get_ranges("postings.npy", ranges)
    assert found == [data[start : start + length] for start, length in ranges]
    assert {type(part) for part in found} == {memoryview}
    assert store.get_ranges("postings.npy", []) == []
    assert store.get_ranges("postings.npy", [(3, 2)]) == [data[3:5]]


@pytest.mark.parametrize("ranges", [[(0, 1), (0, 101)], [(99, 2), (0, 1)], [(5, 5), (5000, 10)]])
def test_get_ranges_with_one_beyond_the_end_is_an_error(
    store: Store, ranges: list[tuple[int, int]]
) -> None:
    store.put_if_absent("postings.npy", bytes(100))
    with pytest.raises(ObjectTooShortError, match="shorter than its reader expects"):
        store.get_ranges("postings.npy", ranges)


def test_get_ranges_refuses_a_range_without_bytes_and_a_missing_key(store: Store) -> None:
    with pytest.raises(ObjectNotFoundError):
        store.get_ranges(MISSING, [(0, 1), (1, 1)])
    store.put_if_absent("postings.npy", bytes(100))
    with pytest.raises(InputError, match="start=3, length=0"):
        store.get_ranges("postings.npy", [(0, 1), (3, 0)])


@pytest.mark.parametrize(("start", "length"), [(0, 0), (-1, 5), (3, -2)], ids=str)
def test_get_range_refuses_a_range_without_bytes(store: Store, start: int, length: int) -> None:
    store.put_if_absent("postings.npy", bytes(100))
    with pytest.raises(InputError, match=f"start={start}, length={length}"):
        store.get_range("postings.npy", start, length)


def test_list_is_sorted_by_key_and_cut_by_prefix(store: Store) -> None:
    assert keys(store) == []
    for key in ("b", "a/z", "a/y/1", "a-b", "ab/1", "a/Y", "versions/10", "versions/9"):
        store.put_if_absent(key, key.encode())
    everything = ["a-b", "a/Y", "a/y/1", "a/z", "ab/1", "b", "versions/10", "versions/9"]
    assert keys(store) == everything
    assert [entry.size for entry in store.list()] == [len(key) for key in everything]
    assert keys(store, "a/") == ["a/Y", "a/y/1", "a/z"]
    assert keys(store, "a") == ["a-b", "a/Y", "a/y/1", "a/z", "ab/1"]
    assert keys(store, "a/y") == ["a/y/1"]
    assert keys(store, "versions/1") == ["versions/10"]
    assert keys(store, "b") == ["b"]
    assert keys(store, "nothing/here/") == []


def test_delete_removes_one_object_and_may_be_repeated(store: Store) -> None:
    store.delete("folder/a")
    store.put_if_absent("folder/a", b"1")
    store.put_if_absent("folder/b", b"2")
    store.delete("folder/a")
    store.delete("folder/a")
    store.delete("folder")
    assert keys(store) == ["folder/b"]
    store.put_if_absent("folder/a", b"3")
    assert store.get("folder/a").data == b"3"


@pytest.mark.parametrize("key", ["", "../a", "文章.json", "a b"])
def test_no_method_takes_an_unusable_key(store: Store, key: str) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: store.get(key),
        lambda: store.get_range(key, 0, 1),
        lambda: store.get_ranges(key, [(0, 1), (1, 1)]),
        lambda: store.get_if_changed(key, None),
        lambda: store.put_if_absent(key, b""),
        lambda: store.compare_and_swap(key, b"", None),
        lambda: store.compare_and_swap(key, b"", "etag"),
        lambda: store.delete(key),
    ]
    for attempt in attempts:
        with pytest.raises(InputError, match="object key"):
            attempt()
    if key:
        with pytest.raises(InputError, match="object key"):
            store.list(key)
