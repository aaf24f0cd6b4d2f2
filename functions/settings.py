"""Which knobs does the environment turn?

Invariant: the environment is read once, here, and everything else receives the record. What is
missing has a default that suits a Lambda function; what is malformed is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError

INDEX_VARIABLE = "WENMAI_INDEX"
CACHE_VARIABLE = "WENMAI_CACHE"
LOG_LEVEL_VARIABLE = "WENMAI_LOG_LEVEL"
METRICS_VARIABLE = "WENMAI_METRICS"
SERVICE_VARIABLE = "WENMAI_SERVICE"
SITE_URL_VARIABLE = "WENMAI_SITE_URL"
MEMORY_VARIABLE = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE"

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

_SITE_URL = re.compile(r"https?://[^\s/?#<>\"]+(/[^\s?#<>\"]*)?", re.ASCII)

_SWITCH = {"on": True, "off": False}


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


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings in `environment`; an empty variable counts as missing.

    Raises `InputError` for a log level or switch that does not exist.
    """
    defaults = Settings()
    return Settings(
        index_url=environment.get(INDEX_VARIABLE, "").strip() or None,
        cache_folder=Path(environment.get(CACHE_VARIABLE) or defaults.cache_folder),
        log_level=_one_of(environment, LOG_LEVEL_VARIABLE, LOG_LEVELS, defaults.log_level),
        metrics_enabled=_SWITCH[_one_of(environment, METRICS_VARIABLE, tuple(_SWITCH), "on")],
        service=environment.get(SERVICE_VARIABLE) or defaults.service,
        site_url=_site_url(environment),
        memory_bytes=_megabytes(environment, MEMORY_VARIABLE),
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
