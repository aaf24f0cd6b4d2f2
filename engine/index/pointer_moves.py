"""Where does the pointer move next?

Pure functions from one pointer to the next. Invariants: the generation goes up by one; what the next
pointer names was named before, or was uploaded for exactly that generation; every version that is no
longer named is among the retired ones until its files are gone. So once dropped is dropped for good.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from engine.errors import InputError
from engine.index.pointer import Pointer, PublishedVersion, RetiredVersion


def next_generation(pointer: Pointer | None, newest_upload: int = 0) -> int:
    """Return the generation of whatever follows `pointer`.

    Where there is none, it follows the newest upload that is there: somebody may have deleted the
    pointer, and readers that still hold a version refuse generations that went back.
    """
    return newest_upload + 1 if pointer is None else pointer.generation + 1


def after_publishing(
    pointer: Pointer | None,
    new: PublishedVersion,
    keep: int,
    now: datetime,
    gone: Iterable[RetiredVersion] = (),
) -> Pointer:
    """Return the pointer that makes `new` current and names `keep` versions at most, `new` included.

    `gone` are retired versions whose files are deleted. The version before becomes the first to fall
    back to; one that was rolled back is the first to be dropped.
    """
    if pointer is None:
        return Pointer(new.upload, new, now)
    generation = next_generation(pointer)
    # Another copy of the same content takes its place: the old copy is what somebody wanted mended.
    before = [entry for entry in pointer.named if entry.version != new.version]
    before.sort(key=lambda entry: entry.rolled_back)  # stable: otherwise the order stays
    return _with_retired(
        Pointer(generation, new, now, tuple(before[: keep - 1])), pointer, now, set(gone)
    )


def after_rolling_back(pointer: Pointer, version: str | None, now: datetime) -> Pointer:
    """Return the pointer that makes an earlier version current: by default the one before.

    What was current, and what was tried after the chosen version, is marked as rolled back and comes
    last. Choosing a version that had been rolled back undoes that.
    Raises `InputError` when there is no such version to go to.
    """
    target = _choose(pointer, version)
    position = pointer.previous.index(target)
    chosen = replace(target, rolled_back=False)
    if target.rolled_back:
        rest = (pointer.current, *(entry for entry in pointer.previous if entry != target))
    else:
        skipped = (pointer.current, *pointer.previous[:position])
        rest = (
            *pointer.previous[position + 1 :],
            *(replace(entry, rolled_back=True) for entry in skipped),
        )
        rest = tuple(sorted(rest, key=lambda entry: entry.rolled_back))
    return Pointer(next_generation(pointer), chosen, now, rest, pointer.retired)


def _choose(pointer: Pointer, version: str | None) -> PublishedVersion:
    if version is None:
        candidates = [entry for entry in pointer.previous if not entry.rolled_back]
        missing = "no version before this one is kept"
    else:
        if version == pointer.current.version:
            raise InputError(f"version {version} is the current one already; nothing to roll back")
        candidates = [entry for entry in pointer.previous if entry.version == version]
        missing = f"no version {version!r} is kept"
    if not candidates:
        kept = ", ".join(entry.version for entry in pointer.previous) or "none"
        raise InputError(
            f"{missing}; kept besides the current {pointer.current.version}: {kept}. "
            "Publish the index folder that you want instead"
        )
    return candidates[0]


def _with_retired(
    pointer: Pointer, before: Pointer, now: datetime, gone: Collection[RetiredVersion]
) -> Pointer:
    named = {entry.prefix for entry in pointer.named}
    dropped = (
        RetiredVersion(entry.version, entry.upload, pointer.generation, now)
        for entry in before.named
        if entry.prefix not in named
    )
    kept = (entry for entry in before.retired if entry not in gone)
    return replace(pointer, retired=(*dropped, *kept))
