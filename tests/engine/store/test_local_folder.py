"""What only a folder can get wrong: kills, leftovers, permissions, names of files."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import store_writer

from engine.errors import InputError, ObjectNotFoundError, StoreConflictError, StoreUnavailableError
from engine.store import local_folder
from engine.store.durable_file import LOCK_NAME, TEMPORARY_PREFIX
from engine.store.local_folder import LocalFolderStore
from engine.store.protocol import ObjectEntry


def keys(store: LocalFolderStore) -> list[str]:
    return [entry.key for entry in store.list()]


def leftovers(folder: Path) -> list[Path]:
    return list(folder.rglob(f"{TEMPORARY_PREFIX}*"))


def test_a_writer_killed_before_any_file_operation_leaves_the_old_or_the_new(
    tmp_path: Path,
) -> None:
    process = store_writer.start("die_at_every_step", tmp_path)
    process.communicate(timeout=30)
    assert process.returncode == 0
    old, new = store_writer.seal(b"old"), store_writer.seal(b"new")
    before: dict[str, dict[str, bytes]] = {
        "create": {"a/b": old},
        "swap": {"a/b": old},
        "delete": {"a/b": old},
    }
    after: dict[str, dict[str, bytes]] = {
        "create": {"a/b": old, "new/er/object": new},
        "swap": {"a/b": new},
        "delete": {},
    }
    for operation, least_steps in {"create": 6, "swap": 6, "delete": 3}.items():
        places = sorted((tmp_path / operation).iterdir())
        assert len(places) > least_steps
        states = []
        for place in places:
            store = LocalFolderStore(place)
            states.append({key: store.get(key).data for key in keys(store)})
            assert len(leftovers(place)) <= 1
        assert any(leftovers(place) for place in places) == (operation != "delete")
        assert states[0] == before[operation]
        assert states[-1] == after[operation]
        changed = states.index(after[operation])
        assert states == [before[operation]] * changed + [after[operation]] * (
            len(states) - changed
        )


def test_the_next_writer_goes_on_where_a_killed_one_stopped(tmp_path: Path) -> None:
    process = store_writer.start("die_at_every_step", tmp_path)
    process.communicate(timeout=30)
    for place in (tmp_path / "swap").iterdir():
        store = LocalFolderStore(place, deadline_seconds=0.5)
        store.compare_and_swap("a/b", b"next", store.get("a/b").etag)
        assert store.get("a/b").data == b"next"


def test_readers_see_whole_objects_while_writers_are_killed(tmp_path: Path) -> None:
    store = LocalFolderStore(tmp_path)
    store.put_if_absent("live", store_writer.seal(b""))
    versions = set()
    for turn in range(6):
        process = store_writer.start("rewrite", tmp_path)
        assert process.stdout is not None
        process.stdout.readline()
        kill_at = time.monotonic() + 0.04 + 0.017 * turn
        while time.monotonic() < kill_at:
            found = store.get("live")
            assert store_writer.is_whole(found.data)
            versions.add(found.etag)
        process.kill()
        process.communicate()
        for entry in store.list():
            assert store_writer.is_whole(store.get(entry.key).data)
        assert not any(TEMPORARY_PREFIX in key or LOCK_NAME in key for key in keys(store))
    assert len(versions) > 6


def test_folders_go_with_their_last_object_and_the_store_itself_stays(tmp_path: Path) -> None:
    store = LocalFolderStore(tmp_path / "site")
    for key in ("versions/a/1/x", "versions/a/1/y", "versions/b/1/x"):
        store.put_if_absent(key, b"x")
    store.delete("versions/a/1/x")
    assert (tmp_path / "site/versions/a/1").is_dir()
    store.delete("versions/a/1/y")
    assert [path.name for path in (tmp_path / "site/versions").iterdir()] == ["b"]
    (tmp_path / "site/versions/b/1/notes.txt").write_text("left by somebody")
    store.delete("versions/b/1/x")
    assert (tmp_path / "site/versions/b/1/notes.txt").is_file()
    (tmp_path / "site/versions/b/1/notes.txt").unlink()
    store.put_if_absent("versions/b/1/x", b"x")
    store.delete("versions/b/1/x")
    assert [path.name for path in (tmp_path / "site").iterdir()] == [LOCK_NAME]


@pytest.mark.parametrize("tries", [local_folder._MOST_ATTEMPTS, 1], ids=["as it is", "planted"])
def test_object_is_put_though_its_folder_is_removed_meanwhile(
    tries: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_folder = local_folder.make_folder
    removed = iter([True, True, False])

    def make_and_lose(folder: Path) -> None:
        make_folder(folder)
        if next(removed):
            LocalFolderStore(tmp_path)._remove_empty(folder)

    monkeypatch.setattr(local_folder, "make_folder", make_and_lose)
    monkeypatch.setattr(local_folder, "_MOST_ATTEMPTS", tries)
    store = LocalFolderStore(tmp_path)
    if tries == 1:  # the defect that trying again is for
        with pytest.raises(StoreUnavailableError):
            store.put_if_absent("versions/a/1/x", b"x")
    else:
        store.put_if_absent("versions/a/1/x", b"x")
        assert store.get("versions/a/1/x").data == b"x"


def test_objects_that_come_and_go_beside_each_other_are_never_lost(tmp_path: Path) -> None:
    def come_and_go(name: str) -> None:
        store = LocalFolderStore(tmp_path)
        for _ in range(60):
            store.put_if_absent(f"versions/a/{name}", name.encode())
            assert store.get(f"versions/a/{name}").data == name.encode()
            store.delete(f"versions/a/{name}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(come_and_go, ["a", "b", "c", "d"]))
    assert keys(LocalFolderStore(tmp_path)) == []


def test_leftovers_and_foreign_names_are_not_listed(tmp_path: Path) -> None:
    store = LocalFolderStore(tmp_path)
    store.put_if_absent("folder/a", b"1")
    for name in (f"{TEMPORARY_PREFIX}0123", ".DS_Store", "说明.txt", "with space", "x~"):
        (tmp_path / "folder" / name).write_bytes(b"not ours")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_bytes(b"not ours")
    os.mkfifo(tmp_path / "pipe")
    assert list(store.list()) == [ObjectEntry("folder/a", 1)]
    assert list(store.list("folder/")) == [ObjectEntry("folder/a", 1)]


def test_failed_and_lost_writes_leave_no_temporary_file(tmp_path: Path) -> None:
    store = LocalFolderStore(tmp_path)
    etag = store.put_if_absent("a", b"1")
    store.compare_and_swap("a", b"2", etag)
    with pytest.raises(StoreConflictError):
        store.compare_and_swap("a", b"3", etag)
    with pytest.raises(StoreConflictError):
        store.put_if_absent("a", b"4")
    assert sorted(path.name for path in tmp_path.iterdir()) == [LOCK_NAME, "a"]


def test_reading_does_not_create_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    store = LocalFolderStore(folder)
    with pytest.raises(ObjectNotFoundError, match="not/there"):
        store.get("current.json")
    assert keys(store) == []
    store.delete("current.json")
    with pytest.raises(StoreConflictError):
        store.compare_and_swap("current.json", b"x", "an etag of long ago")
    assert list(tmp_path.iterdir()) == []
    store.put_if_absent("versions/1/manifest.json", b"{}")
    assert keys(store) == ["versions/1/manifest.json"]


def test_an_object_is_a_plain_file_that_other_users_may_read(tmp_path: Path) -> None:
    LocalFolderStore(tmp_path).put_if_absent("versions/1/terms.npy", b"bytes")
    path = tmp_path / "versions" / "1" / "terms.npy"
    assert path.read_bytes() == b"bytes"
    umask = os.umask(0o022)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask
    assert path.stat().st_nlink == 1


def test_the_etag_is_the_digest_of_the_bytes(tmp_path: Path) -> None:
    store = LocalFolderStore(tmp_path)
    first = store.put_if_absent("a", b"first")
    assert first == hashlib.sha256(b"first").hexdigest()
    second = store.compare_and_swap("a", b"second", first)
    assert store.compare_and_swap("a", b"first", second) == first


def test_one_key_cannot_be_a_folder_of_another(tmp_path: Path) -> None:
    store = LocalFolderStore(tmp_path)
    store.put_if_absent("a", b"1")
    store.put_if_absent("b/c", b"2")
    for key in ("a/b", "a/b/c", "b"):
        with pytest.raises(InputError, match="one key is a folder of another"):
            store.put_if_absent(key, b"3")
    assert keys(store) == ["a", "b/c"]
    assert leftovers(tmp_path) == []


def test_a_writer_that_may_only_read_is_told_so() -> None:
    # Not under tmp_path, whose parents another user may not even enter.
    with TemporaryDirectory() as name:
        folder = Path(name)
        LocalFolderStore(folder).put_if_absent("a", b"1")
        for path in (folder / "a", folder):
            path.chmod(0o555)
        process = store_writer.start("write_without_permission", folder)
        output, _ = process.communicate(timeout=30)
        folder.chmod(0o755)
        lines = output.splitlines()
        assert len(lines) == 4
        for line in lines:
            assert line.startswith("StoreUnavailableError ")
            assert "Permission denied; the folder is read-only for this user" in line
        assert [path.name for path in folder.iterdir()] == ["a"]


def test_a_full_disk_keeps_the_old_object_and_no_fragments(tmp_path: Path) -> None:
    store = LocalFolderStore(tmp_path)
    store.put_if_absent("a", b"1")
    process = store_writer.start("write_to_a_full_disk", tmp_path)
    output, _ = process.communicate(timeout=30)
    assert [line.split()[0] for line in output.splitlines()] == ["StoreUnavailableError"] * 2
    assert "File too large" in output
    assert keys(store) == ["a"]
    assert store.get("a").data == b"1"
    assert leftovers(tmp_path) == []


def test_a_lock_that_is_never_released_ends_the_wait_at_the_deadline(tmp_path: Path) -> None:
    store = LocalFolderStore(tmp_path, deadline_seconds=0.2)
    etag = store.put_if_absent("a", b"1")
    with (tmp_path / LOCK_NAME).open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        started = time.monotonic()
        with pytest.raises(StoreUnavailableError, match="another writer has held"):
            store.compare_and_swap("a", b"2", etag)
        # A busy machine may be late; without a deadline this would wait for ever.
        assert 0.2 <= time.monotonic() - started < 30
        with pytest.raises(StoreUnavailableError, match="another writer has held"):
            store.delete("a")
        assert store.get("a").data == b"1"
        store.put_if_absent("b", b"creating needs no lock")
    store.compare_and_swap("a", b"2", etag)
