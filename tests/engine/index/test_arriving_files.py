"""No byte that was not compared with its digest is handed out, whatever the store does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from arriving_places import (
    RECORDS,
    BentStore,
    arriving_files,
    cut,
    dawdle,
    flip,
    record,
    row,
    write_parted_artifact,
    zero,
)

from engine.errors import (
    ArtifactDamagedError,
    ArtifactError,
    IndexUnavailableError,
    ObjectNotFoundError,
    StoreError,
)
from engine.index.array_parts import ArrayParts
from engine.index.arriving_files import ArrivingFiles
from engine.index.block_runs import Part
from engine.index.opening import BLOCK_BYTES, Opening
from engine.index.record_file import RecordFile

Bend = Callable[[str, Callable[[], bytes]], bytes]


def no_space(*_: object) -> int:
    raise OSError(28, "No space left on device")


@pytest.fixture
def store(tmp_path: Path) -> BentStore:
    write_parted_artifact(tmp_path / "site" / "version", 3)
    return BentStore(tmp_path / "site")


@pytest.fixture
def files(store: BentStore, tmp_path: Path) -> ArrivingFiles:
    return arriving_files(store, tmp_path / "cache")


def test_opening_a_version_reads_two_objects(store: BentStore, files: ArrivingFiles) -> None:
    assert files.manifest.counts["articles"] == 3
    assert store.reads == {"version/manifest.json": 1, "version/opening.bin": 1}


def test_a_record_costs_the_blocks_that_hold_it(store: BentStore, files: ArrivingFiles) -> None:
    texts = RecordFile(files, "texts")
    assert len(texts) == RECORDS
    assert store.ranges == []  # its bounds are small, and the size of a file is in the manifest
    for number in (RECORDS - 1, 0, 1, 2_345, 0):
        assert texts[number] == record(3, number)
    assert store.blocks == 3


def test_parts_of_several_files_are_fetched_at_the_same_time(
    store: BentStore, files: ArrivingFiles
) -> None:
    together = threading.Barrier(2, timeout=10)

    def meet(_name: str, read: Callable[[], bytes]) -> bytes:
        together.wait()  # nobody goes on until both are on their way
        return read()

    store.bend = meet
    files.need([Part("texts.bin", 0, 10), Part("rows.npy", 0, 10)])
    assert {name for name, _, _ in store.ranges} == {"texts.bin", "rows.npy"}


def test_records_of_one_file_are_one_call(
    store: BentStore, files: ArrivingFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []
    real = BentStore.get_ranges

    def counted(self: BentStore, key: str, ranges: Sequence[tuple[int, int]]) -> list[memoryview]:
        calls.append(len(ranges))
        return real(self, key, ranges)

    monkeypatch.setattr(BentStore, "get_ranges", counted)
    texts = RecordFile(files, "texts")
    numbers = [0, RECORDS // 2, RECORDS - 1]
    texts.expect(numbers)
    assert [texts[number] for number in numbers] == [record(3, number) for number in numbers]
    assert calls == [3]


def test_a_row_of_an_array_costs_its_block(store: BentStore, files: ArrivingFiles) -> None:
    rows = ArrayParts(files, "rows.npy")
    assert store.ranges == []
    for number in (0, 4_999):
        rows.need(number, number + 1)
        assert rows.array[number].tolist() == row(3, number)
    assert [(name, start) for name, start, _ in store.ranges] == [
        ("rows.npy", 0),
        ("rows.npy", 2 * BLOCK_BYTES),
    ]


def test_a_file_that_is_opened_as_a_path_is_there_whole(
    store: BentStore, files: ArrivingFiles, tmp_path: Path
) -> None:
    for name in files.manifest.files:
        assert (files / name).read_bytes() == (tmp_path / "site" / "version" / name).read_bytes()
    assert [name for name, _, _ in store.ranges] == ["rows.npy", "texts.bin"]  # one request each


def test_a_file_that_the_version_has_not_is_not_asked_for(
    store: BentStore, files: ArrivingFiles
) -> None:
    assert not (files / "nothing.npy").exists()
    assert store.ranges == []


def test_whoever_needs_what_is_on_its_way_waits_for_it_and_asks_for_nothing(
    store: BentStore, files: ArrivingFiles
) -> None:
    store.bend = dawdle(0.05)
    texts = RecordFile(files, "texts")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(texts.__getitem__, [17] * 16))
    assert found == [record(3, 17)] * 16
    assert len(store.ranges) == 1


@pytest.mark.parametrize("bend", [flip, cut, zero])
def test_a_damaged_part_is_never_handed_out_and_never_asked_for_again(
    store: BentStore, files: ArrivingFiles, bend: Bend
) -> None:
    texts = RecordFile(files, "texts")
    assert texts[0] == record(3, 0)
    store.bend = bend
    with pytest.raises(ArtifactDamagedError, match=r"texts\.bin: the 65,536 bytes from"):
        texts[RECORDS - 1]
    assert isinstance(files.failure, ArtifactDamagedError)
    # Mended or not: damage was seen in this version. What had arrived before was right and stays so.
    store.bend = lambda _name, read: read()
    asked = len(store.ranges)
    with pytest.raises(ArtifactDamagedError):
        texts[RECORDS - 1]
    assert len(store.ranges) == asked
    assert texts[0] == record(3, 0)


def test_a_missing_file_is_damage_and_not_a_missing_article(
    store: BentStore, files: ArrivingFiles, tmp_path: Path
) -> None:
    (tmp_path / "site" / "version" / "texts.bin").unlink()
    with pytest.raises(ArtifactDamagedError) as caught:
        RecordFile(files, "texts")[5]
    assert not isinstance(caught.value, ObjectNotFoundError)


def test_a_file_that_was_cut_in_the_store_is_damage(
    store: BentStore, files: ArrivingFiles, tmp_path: Path
) -> None:
    path = tmp_path / "site" / "version" / "texts.bin"
    path.write_bytes(path.read_bytes()[:-1])
    texts = RecordFile(files, "texts")
    assert texts[0] == record(3, 0)
    with pytest.raises(ArtifactDamagedError):
        texts[RECORDS - 1]


def test_a_part_that_cannot_be_written_is_a_clear_error(
    store: BentStore, files: ArrivingFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = RecordFile(files, "texts")
    monkeypatch.setattr("engine.index.arriving_files.os.pwrite", no_space)
    with pytest.raises(IndexUnavailableError, match=r"No space left.*ephemeral storage"):
        texts[5]


def test_a_small_file_that_cannot_be_written_is_a_clear_error(
    files: ArrivingFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "write_bytes", no_space)
    with pytest.raises(IndexUnavailableError, match=r"No space left.*ephemeral storage"):
        (files / "small.json").read_bytes()


def test_a_version_that_cannot_be_begun_is_a_clear_error(
    store: BentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "write_bytes", no_space)
    with pytest.raises(IndexUnavailableError, match=r"No space left.*ephemeral storage"):
        arriving_files(store, tmp_path / "cache")


# Planted defects: the checks above would notice each of these.


def test_a_reader_that_does_not_compare_blocks_is_caught(
    store: BentStore, files: ArrivingFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Opening, "require_blocks", lambda *_: None)
    with pytest.raises(pytest.fail.Exception):
        test_a_damaged_part_is_never_handed_out_and_never_asked_for_again(store, files, zero)


def test_a_reader_that_does_not_ask_before_it_reads_is_caught(
    store: BentStore, files: ArrivingFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ArrivingFiles, "need", lambda *_: None)
    with pytest.raises(AssertionError):
        test_a_record_costs_the_blocks_that_hold_it(store, files)


def test_a_reader_that_asks_without_waiting_is_caught(
    store: BentStore, files: ArrivingFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ArrivingFiles, "wait_for", lambda *_: None)
    store.bend = dawdle(0.2)
    texts = RecordFile(files, "texts")
    with pytest.raises(AssertionError):
        assert texts[5] == record(3, 5)


def test_arrays_and_records_agree_with_a_plain_folder(files: ArrivingFiles, tmp_path: Path) -> None:
    plain = tmp_path / "site" / "version"
    ours, theirs = RecordFile(files, "texts"), RecordFile(plain, "texts")
    assert [ours[n] for n in range(RECORDS)] == [theirs[n] for n in range(RECORDS)]
    rows = ArrayParts(files, "rows.npy")
    rows.need(0, 5_000)
    assert np.array_equal(rows.array, np.load(plain / "rows.npy"))
    with pytest.raises((ArtifactError, StoreError)):
        ArrayParts(files, "small.json")
