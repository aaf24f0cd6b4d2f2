"""The parameter sets name what the template has, with values that it takes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from infra.translation import TEMPLATE, read_source

CONFIG = tomllib.loads(TEMPLATE.with_name("samconfig.toml").read_text(encoding="utf-8"))
SETS = sorted(name for name in CONFIG if name != "version")


def given(name: str) -> dict[str, str]:
    pairs = CONFIG[name]["deploy"]["parameters"]["parameter_overrides"]
    return dict(pair.split("=", 1) for pair in pairs)


def takes(parameter: dict[str, Any], value: str) -> bool:
    if "AllowedValues" in parameter:
        return value in map(str, parameter["AllowedValues"])
    if parameter["Type"] == "Number":
        return int(parameter["MinValue"]) <= int(value) <= int(parameter["MaxValue"])
    return re.fullmatch(parameter.get("AllowedPattern", ".*"), value) is not None


@pytest.mark.parametrize("name", SETS)
def test_a_parameter_set_gives_values_that_the_template_takes(name: str) -> None:
    parameters = read_source()["Parameters"]
    for parameter, value in given(name).items():
        assert takes(parameters[parameter], value), (parameter, value)
    wrong = [key for key in given(name) if parameters[key].get("NoEcho")]
    assert wrong == []


@pytest.mark.parametrize("name", ["china", "china-filed"])
def test_the_sets_for_china_leave_out_what_is_not_offered_there(name: str) -> None:
    values = given(name)
    assert values["SnapStart"] == "None"
    assert values["Tracing"] == "PassThrough"
    assert values["RebuildTimeZone"] == "Asia/Shanghai"
    assert CONFIG[name]["deploy"]["parameters"]["region"].startswith("cn-")


def test_without_a_filing_the_signed_template_is_deployed() -> None:
    files = {name: CONFIG[name]["deploy"]["parameters"]["template_file"] for name in SETS}
    assert files["china"] == ".build/template.signed.yaml"
    assert {files["default"], files["china-filed"]} == {"infra/template.yaml"}
    assert Path(TEMPLATE).as_posix().endswith(files["default"])


def test_a_default_is_a_value_that_the_parameter_takes() -> None:
    for name, parameter in read_source()["Parameters"].items():
        if "Default" in parameter:
            assert takes(parameter, str(parameter["Default"])), name
