"""Which secret do the keys of visitors and tokens come from on this machine?

Invariant: the secret is made once, lies beside the counters and not in them, and is readable by its
owner only. It outlives a restart, so a visitor who was counted this morning is still known by noon.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from engine.errors import InputError

SECRET_CHARACTERS = 64


def read_or_make_secret(path: Path) -> str:
    """Return the secret in the file at `path`, made if absent; several processes get the same.

    Raises `InputError` for a file that cannot be read or made, or holds something else.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        secret = path.read_text("ascii").strip()
    except (OSError, UnicodeError) as error:
        raise InputError(
            f"{path}: cannot keep the events' secret there ({error}); name a place that can be "
            "written to with --counters"
        ) from error
    if len(secret) != SECRET_CHARACTERS:
        raise InputError(
            f"{path}: expected {SECRET_CHARACTERS} characters, found {len(secret)}; delete the file "
            "to get a new secret (today's visitors may then count again)"
        )
    return secret


def _make(path: Path) -> None:
    # Written whole under another name, then linked: of two processes the second one's link fails,
    # and nobody ever reads half of a secret.
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(SECRET_CHARACTERS // 2))
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
