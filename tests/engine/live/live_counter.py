"""Two small live objects that the suites write, and a process that changes one of them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.live.change import Patience, change
from engine.live.live_object import LiveObject
from engine.store.local_folder import LocalFolderStore


def _number(content: Any) -> int:
    if not isinstance(content, int):
        raise TypeError(f"expected a number, found {type(content).__name__}")
    return content


def _texts(content: Any) -> Mapping[str, str]:
    return {str(name): str(text) for name, text in content.items()}


COUNTER: LiveObject[int] = LiveObject("live/counter.json", 0, int, _number)
NOTES: LiveObject[Mapping[str, str]] = LiveObject(
    "live/notes.json", {}, dict, _texts, most_stored_bytes=100_000
)

if __name__ == "__main__":
    for _ in range(int(sys.argv[2])):
        change(
            LocalFolderStore(Path(sys.argv[1])),
            COUNTER,
            lambda count: count + 1,
            patience=Patience(attempts=10_000, deadline_seconds=60),
        )
