from __future__ import annotations

from pathlib import Path

import pytest

from engine.counters.protocol import DEFAULT_SOURCE_CAP
from engine.errors import InputError
from functions.event_tokens import TokenKey
from functions.settings import Settings, read_settings


def test_an_empty_environment_gives_what_suits_a_lambda_function() -> None:
    settings = read_settings({})
    assert settings == Settings()
    assert settings.metrics_enabled
    assert settings.index_url is None


def test_every_variable_is_read() -> None:
    settings = read_settings(
        {
            "WENMAI_INDEX": " s3://bucket/index ",
            "WENMAI_CACHE": "/var/cache/wenmai",
            "WENMAI_LOG_LEVEL": "WARNING",
            "WENMAI_METRICS": "off",
            "WENMAI_SERVICE": "forum-search",
            "WENMAI_COUNTERS": " dynamodb://counters ",
            "WENMAI_TOKEN_KEYS": "may:0123456789abcdef,april:fedcba9876543210",
            "WENMAI_VISITOR_SECRET": "kept apart from all",
            "WENMAI_SOURCE_CAP": "100",
            "WENMAI_EVENT_TOKENS": "required",
        }
    )
    assert settings == Settings(
        index_url="s3://bucket/index",
        cache_folder=Path("/var/cache/wenmai"),
        log_level="WARNING",
        metrics_enabled=False,
        service="forum-search",
        counters_url="dynamodb://counters",
        token_keys=(TokenKey("may", "0123456789abcdef"), TokenKey("april", "fedcba9876543210")),
        visitor_secret="kept apart from all",
        source_cap=100,
        event_tokens_required=True,
    )


def test_settings_can_be_printed_without_telling_secrets() -> None:
    settings = read_settings(
        {
            "WENMAI_TOKEN_KEYS": "may:0123456789abcdef",
            "WENMAI_VISITOR_SECRET": "kept apart from all",
        }
    )
    assert "0123456789abcdef" not in repr(settings)
    assert "kept apart" not in repr(settings)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WENMAI_TOKEN_KEYS", "a-secret-without-id"),
        ("WENMAI_VISITOR_SECRET", "too short"),
        ("WENMAI_SOURCE_CAP", "0"),
        ("WENMAI_SOURCE_CAP", "-3"),
        ("WENMAI_SOURCE_CAP", "1_0"),
    ],
)
def test_what_events_cannot_use_is_refused_by_name(variable: str, value: str) -> None:
    with pytest.raises(InputError, match=f"{variable}.*expected") as caught:
        read_settings({variable: value})
    assert "secret-without" not in str(caught.value)
    assert "too short" not in str(caught.value)


def test_the_source_cap_is_that_of_the_counters() -> None:
    assert Settings().source_cap == DEFAULT_SOURCE_CAP


def test_an_empty_variable_counts_as_missing() -> None:
    assert read_settings({"WENMAI_INDEX": "", "WENMAI_LOG_LEVEL": ""}) == Settings()


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("WENMAI_LOG_LEVEL", "loud", "DEBUG, INFO"),
        ("WENMAI_METRICS", "yes", "on, off"),
        ("WENMAI_EVENT_TOKENS", "yes", "optional, required"),
    ],
)
def test_a_value_that_does_not_exist_is_refused_by_name(
    variable: str, value: str, expected: str
) -> None:
    with pytest.raises(InputError, match=f"{variable} is '{value}'; expected {expected}"):
        read_settings({variable: value})
