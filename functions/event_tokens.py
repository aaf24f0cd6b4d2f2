"""Did this service give the answer that an event refers to, and lately?

A token is `<key id>.<second in base 36>.<signature>`: some 35 characters that may stand in a URL. What
it is for, an article or a search, is signed and not written, so it fits nothing else. It names no
visitor: a cache may give one answer to many, and each of them counts once by their own key.

Invariant: nothing is believed before the signature is, and signatures are compared in constant time.
Keys rotate without a gap: put the new one first, drop the old one half an hour later.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.errors import InputError, QueryError

LIFETIME_SECONDS = 1_800

SKEW_SECONDS = 180
"""How far the clocks of two machines may be apart."""

MAX_KEYS = 2
MIN_SECRET_CHARACTERS = 16

Purpose = Literal["article", "search"]

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TOKEN = re.compile(r"([A-Za-z0-9_-]{1,16})\.([0-9a-z]{1,8})\.([A-Za-z0-9_-]{22})", re.ASCII)
_KEY = re.compile(r"([A-Za-z0-9_-]{1,16}):(\S+)", re.ASCII)
_FIELD = "token"


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key to sign with; the id stands in the token."""

    id: str
    secret: str = field(repr=False)


def parse_token_keys(text: str) -> tuple[TokenKey, ...]:
    """Return the keys in "id:secret,id:secret", the newest first.

    Raises `InputError`, which never shows a secret.
    """
    keys = []
    for number, part in enumerate((part.strip() for part in text.split(",")), start=1):
        found = _KEY.fullmatch(part)
        if not found or len(found[2]) < MIN_SECRET_CHARACTERS:
            raise InputError(
                f"token key {number}: expected id:secret, the id of up to 16 letters and digits, the "
                f"secret of at least {MIN_SECRET_CHARACTERS} characters without spaces and commas"
            )
        keys.append(TokenKey(found[1], found[2]))
    if len(keys) > MAX_KEYS or len({key.id for key in keys}) < len(keys):
        raise InputError(
            f"found {len(keys)} token keys; expected one, or two of different ids, the newest first"
        )
    return tuple(keys)


class EventTokens:
    """Issues tokens with the newest of `keys` and believes those of all of them."""

    def __init__(self, keys: Sequence[TokenKey]) -> None:
        self._keys = tuple(keys)

    def issue(self, purpose: Purpose, subject: str, now: datetime) -> str | None:
        """Return a token for events about `subject` (an id or a counted query); None without keys."""
        if not self._keys:
            return None
        key = self._keys[0]
        second = _base_36(int(now.timestamp()))
        return f"{key.id}.{second}.{_signature(key, second, purpose, subject)}"

    def check(self, token: str, purpose: Purpose, subject: str, now: datetime) -> None:
        """Raise `QueryError` unless `token` was issued for this within the last half hour."""
        found = _TOKEN.fullmatch(token)
        if found is None:
            raise QueryError(_FIELD, "this is no token; send the `token` of an answer as it was")
        key_id, second, signature = found.groups()
        signed = any(
            hmac.compare_digest(signature, _signature(key, second, purpose, subject))
            for key in self._keys
            if key.id == key_id
        )
        if not signed:
            raise QueryError(
                _FIELD,
                f"not given out by this service for this {purpose}; send the `token` of the "
                f"{purpose}'s own answer",
            )
        age_seconds = int(now.timestamp()) - int(second, 36)
        if not -SKEW_SECONDS <= age_seconds <= LIFETIME_SECONDS + SKEW_SECONDS:
            raise QueryError(
                _FIELD,
                f"expired; it was good for {LIFETIME_SECONDS // 60} minutes: ask for the "
                f"{purpose} again",
            )


def _signature(key: TokenKey, second: str, purpose: str, subject: str) -> str:
    # Neither key ids, nor base 36, nor purposes hold a newline: the parts cannot run together.
    signed = f"{key.id}\n{second}\n{purpose}\n{subject}".encode("utf-8", "surrogatepass")
    digest = hmac.new(key.secret.encode("utf-8"), signed, hashlib.sha256).digest()
    # 128 of 256 bits: as hard to guess as anybody needs for half an hour.
    return urlsafe_b64encode(digest[:16]).rstrip(b"=").decode("ascii")


def _base_36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
