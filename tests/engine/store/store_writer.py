"""A process of its own that writes to a local folder store, for tests that kill or restrict it.

Run as `python store_writer.py COMMAND FOLDER [ARGUMENT]`; the commands are the functions below.
"""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import engine
from engine.errors import StoreConflictError, WenmaiError
from engine.store.local_folder import LocalFolderStore
from engine.store.protocol import Store

FILE_EVENTS = {"open", "os.rename", "os.link", "os.remove", "os.mkdir", "fcntl.flock"}
UNPRIVILEGED_USER = 65534


def start(command: str, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start this file as a process; its output is a pipe of lines."""
    environment = os.environ | {"PYTHONPATH": str(Path(engine.__path__[0]).parent)}
    return subprocess.Popen(
        [sys.executable, __file__, command, str(folder), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


def seal(payload: bytes) -> bytes:
    """Put a digest in front, so that a reader can tell a whole body from a torn one."""
    return hashlib.sha256(payload).hexdigest().encode() + payload


def is_whole(body: bytes) -> bool:
    return seal(body[64:]) == body


def increment(folder: Path, times: str) -> None:
    """Add 1 to the object "counter" so many times, starting over after each lost race."""
    store = LocalFolderStore(folder, deadline_seconds=20)
    for _ in range(int(times)):
        add_one(store)


def add_one(store: Store) -> None:
    while True:
        seen = store.get("counter")
        try:
            store.compare_and_swap("counter", b"%d" % (int(seen.data) + 1), seen.etag)
        except StoreConflictError:
            continue
        return


def rewrite(folder: Path) -> None:
    """Replace "live" and create "parts/N" for ever, one line of output a round."""
    store = LocalFolderStore(folder)
    number = len(list(store.list("parts/")))
    etag = store.get("live").etag
    while True:
        number += 1
        body = seal(os.urandom(50_000) * (number % 7))
        store.put_if_absent(f"parts/{number}", body)
        etag = store.compare_and_swap("live", body, etag)
        print(number, flush=True)  # noqa: T201 - the parent reads it


def die_at_every_step(folder: Path) -> None:
    """Run each operation in a child that kills itself before its 1st, 2nd, 3rd ... file operation.

    What each child left is in FOLDER/OPERATION/STEP; the last step of each was not killed.
    """
    operations: dict[str, Callable[[LocalFolderStore], object]] = {
        "create": lambda store: store.put_if_absent("new/er/object", seal(b"new")),
        "swap": lambda store: store.compare_and_swap("a/b", seal(b"new"), store.get("a/b").etag),
        "delete": lambda store: store.delete("a/b"),
    }
    for name, operation in operations.items():
        step, killed = 0, True
        while killed:
            step += 1
            store = LocalFolderStore(folder / name / f"{step:02}")
            store.put_if_absent("a/b", seal(b"old"))
            child = os.fork()
            if child == 0:
                kill_before(step)
                operation(store)
                os._exit(0)
            _, status = os.waitpid(child, 0)
            if status not in {0, signal.SIGKILL}:
                raise SystemExit(f"{name} failed at step {step} with status {status}")
            killed = status != 0


def kill_before(step: int) -> None:
    seen = 0

    def count(event: str, _: object) -> None:
        nonlocal seen
        if event in FILE_EVENTS:
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def write_without_permission(folder: Path) -> None:
    """Try each kind of write as a user who may only read; print the errors."""
    if os.geteuid() == 0:
        os.setuid(UNPRIVILEGED_USER)
    store = LocalFolderStore(folder)
    etag = store.get("a").etag
    report(lambda: store.put_if_absent("b", b"x"))
    report(lambda: store.put_if_absent("folder/b", b"x"))
    report(lambda: store.compare_and_swap("a", b"x", etag))
    report(lambda: store.delete("a"))


def write_to_a_full_disk(folder: Path) -> None:
    """Try to write more than the system lets a file hold; print the errors."""
    store = LocalFolderStore(folder)
    etag = store.get("a").etag
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    report(lambda: store.put_if_absent("b", bytes(5000)))
    report(lambda: store.compare_and_swap("a", bytes(5000), etag))


def report(attempt: Callable[[], object]) -> None:
    try:
        attempt()
    except WenmaiError as error:
        print(type(error).__name__, error)  # noqa: T201 - the parent reads it


COMMANDS: dict[str, Callable[..., None]] = {
    command.__name__: command
    for command in (
        increment,
        rewrite,
        die_at_every_step,
        write_without_permission,
        write_to_a_full_disk,
    )
}

if __name__ == "__main__":
    COMMANDS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
