from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InputError
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
        }
    )
    assert settings == Settings(
        "s3://bucket/index", Path("/var/cache/wenmai"), "WARNING", False, "forum-search"
    )


def test_an_empty_variable_counts_as_missing() -> None:
    assert read_settings({"WENMAI_INDEX": "", "WENMAI_LOG_LEVEL": ""}) == Settings()


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [("WENMAI_LOG_LEVEL", "loud", "DEBUG, INFO"), ("WENMAI_METRICS", "yes", "on, off")],
)
def test_a_value_that_does_not_exist_is_refused_by_name(
    variable: str, value: str, expected: str
) -> None:
    with pytest.raises(InputError, match=f"{variable} is '{value}'; expected {expected}"):
        read_settings({variable: value})
