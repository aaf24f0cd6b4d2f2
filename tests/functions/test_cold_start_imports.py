"""What a cold start must never load; each name was measured at tens of milliseconds or more."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

UNWANTED = (
    "asyncio",
    "aws_lambda_powertools.tracing",
    "aws_xray_sdk",
    "boto3",
    "botocore",
    "index_builder",
    "joblib",
    "obstore",
    "opencc",
    "pandas",
    "pydantic",
    "pypinyin",
    "scipy",
    "sklearn",
    "sqlite3",
    "waitress",
    "yaml",
)


@pytest.mark.parametrize("module", ["functions.search", "functions.recommend"])
def test_a_query_function_loads_nothing_that_it_does_not_need(module: str) -> None:
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={key: value for key, value in os.environ.items() if not key.startswith("WENMAI_")},
    )
    loaded = json.loads(result.stdout)
    assert module in loaded
    assert [name for name in UNWANTED if name in loaded] == []


def test_the_events_function_loads_boto3_when_the_first_event_comes_and_not_before() -> None:
    code = "import json, sys, functions.events; print(json.dumps(sorted(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = json.loads(result.stdout)
    assert [name for name in UNWANTED if name in loaded] == []


def test_the_handlers_can_follow_a_program_that_loaded_powertools_whole() -> None:
    code = "import aws_lambda_powertools.event_handler, functions.search, functions.recommend"
    subprocess.run([sys.executable, "-c", code], check=True)
