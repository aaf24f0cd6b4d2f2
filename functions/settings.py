"""Which knobs does the environment turn?

Invariant: the environment is read once, here, and everything else receives the record. What is
missing has a default that suits a Lambda function; what is malformed is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import InputError
from functions.event_tokens import MIN_SECRET_CHARACTERS, TokenKey, parse_token_keys

INDEX_VARIABLE = "WENMAI_INDEX"
CACHE_VARIABLE = "WENMAI_CACHE"
LOG_LEVEL_VARIABLE = "WENMAI_LOG_LEVEL"
METRICS_VARIABLE = "WENMAI_METRICS"
SERVICE_VARIABLE = "WENMAI_SERVICE"
SITE_URL_VARIABLE = "WENMAI_SITE_URL"
HANDLER_VARIABLE = "_HANDLER"
MEMORY_VARIABLE = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"
COUNTERS_VARIABLE = "WENMAI_COUNTERS"
TOKEN_KEYS_VARIABLE = "WENMAI_TOKEN_KEYS"  # noqa: S105 - a name, no secret
VISITOR_SECRET_VARIABLE = "WENMAI_VISITOR_SECRET"  # noqa: S105
SOURCE_CAP_VARIABLE = "WENMAI_SOURCE_CAP"
EVENT_TOKENS_VARIABLE = "WENMAI_EVENT_TOKENS"

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_SITE_URL = re.compile(r"https?://[^\s/?#<>\"]+(/[^\s?#<>\"]*)?", re.ASCII)

_SWITCH = {"on": True, "off": False}
_NEED = {"optional": False, "required": True}

DEFAULT_SOURCE_CAP = 32
"""As in engine.counters.protocol, which a query function need not load."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process answers; see `read_settings` for the variables."""

    index_url: str | None = None
    """Where the index lies: a folder's path, file:///folder or s3://bucket/prefix."""

    cache_folder: Path = Path("/tmp/wenmai")  # noqa: S108 - the only place a function may write to
    """Where an index fetched from S3 is kept while the process lives."""

    log_level: str = "INFO"
    metrics_enabled: bool = True
    """Off outside of AWS: CloudWatch reads metrics from stdout, people would rather not."""

    service: str = "wenmai"

    site_url: str | None = None
    """Where the site's pages are: what relative URLs of articles start from in the sitemap."""

    memory_bytes: int | None = None
    """What Lambda gave the function; a larger index is refused before it is loaded."""

    counters_url: str | None = None
    """Where events are counted: a file's path or dynamodb://table."""

    token_keys: tuple[TokenKey, ...] = ()
    """What event tokens are signed with, the newest first; without keys no event is taken."""

    visitor_secret: str | None = field(default=None, repr=False)
    """What visitor keys are derived from; the same in every process that counts."""

    source_cap: int = DEFAULT_SOURCE_CAP
    """How much one source may add to one article or query in a day."""

    event_tokens_required: bool = False

    handler: str = ""
    """What Lambda was told to run, such as functions.search.handler; empty elsewhere."""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings in `environment`; an empty variable counts as missing.

    Raises `InputError` for a log level or switch that does not exist, and for unusable keys.
    """
    defaults = Settings()
    return Settings(
        handler=environment.get(HANDLER_VARIABLE, ""),
        index_url=environment.get(INDEX_VARIABLE, "").strip() or None,
        cache_folder=Path(environment.get(CACHE_VARIABLE) or defaults.cache_folder),
        log_level=_one_of(environment, LOG_LEVEL_VARIABLE, LOG_LEVELS, defaults.log_level),
        metrics_enabled=_SWITCH[_one_of(environment, METRICS_VARIABLE, tuple(_SWITCH), "on")],
        service=environment.get(SERVICE_VARIABLE) or defaults.service,
        site_url=_site_url(environment),
        memory_bytes=_megabytes(environment, MEMORY_VARIABLE),
        counters_url=environment.get(COUNTERS_VARIABLE, "").strip() or None,
        token_keys=_token_keys(environment),
        visitor_secret=_visitor_secret(environment),
        source_cap=_source_cap(environment),
        event_tokens_required=_NEED[
            _one_of(environment, EVENT_TOKENS_VARIABLE, tuple(_NEED), "optional")
        ],
    )


def _megabytes(environment: Mapping[str, str], variable: str) -> int | None:
    value = environment.get(variable) or ""
    if value and not (value.isascii() and value.isdigit()):
        raise InputError(
            f"the environment variable {variable} is {value!r}; expected a number of megabytes"
        )
    return int(value) << 20 if value else None


def _one_of(
    environment: Mapping[str, str], variable: str, expected: tuple[str, ...], default: str
) -> str:
    value = environment.get(variable) or default
    if value not in expected:
        raise InputError(
            f"the environment variable {variable} is {value!r}; expected {', '.join(expected)}"
        )
    return value


def _site_url(environment: Mapping[str, str]) -> str | None:
    value = environment.get(SITE_URL_VARIABLE, "").strip()
    if value and not _SITE_URL.fullmatch(value):
        raise InputError(
            f"the environment variable {SITE_URL_VARIABLE} is {value!r}; "
            "expected the address of the site's root, such as https://bbs.example.cn"
        )
    return value or None


def _token_keys(environment: Mapping[str, str]) -> tuple[TokenKey, ...]:
    text = environment.get(TOKEN_KEYS_VARIABLE, "").strip()
    try:
        return parse_token_keys(text) if text else ()
    except InputError as error:
        raise InputError(f"the environment variable {TOKEN_KEYS_VARIABLE}: {error}") from error


def _visitor_secret(environment: Mapping[str, str]) -> str | None:
    secret = environment.get(VISITOR_SECRET_VARIABLE, "").strip()
    if secret and len(secret) < MIN_SECRET_CHARACTERS:
        raise InputError(
            f"the environment variable {VISITOR_SECRET_VARIABLE} has {len(secret)} characters; "
            f"expected at least {MIN_SECRET_CHARACTERS} that nobody can guess"
        )
    return secret or None


def _source_cap(environment: Mapping[str, str]) -> int:
    text = environment.get(SOURCE_CAP_VARIABLE, "").strip() or str(DEFAULT_SOURCE_CAP)
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 9 and int(text) >= 1):
        raise InputError(
            f"the environment variable {SOURCE_CAP_VARIABLE} is {text!r}; "
            "expected a whole number from 1"
        )
    return int(text)
