"""Where does the specification that the service hands out come from?

docs/openapi.yaml is what people write; functions/openapi.json is what Lambda carries, so that no query
function reads YAML. `python -m local.specification` writes the one from the other; a test compares them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

_REPOSITORY = Path(__file__).resolve().parents[1]
WRITTEN = _REPOSITORY / "docs" / "openapi.yaml"
CARRIED = _REPOSITORY / "functions" / "openapi.json"


def read_specification() -> dict[str, Any]:
    """Return docs/openapi.yaml."""
    content: dict[str, Any] = yaml.safe_load(WRITTEN.read_text(encoding="utf-8"))
    return content


def carried_text() -> str:
    """Return what functions/openapi.json has to hold."""
    return json.dumps(read_specification(), ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    CARRIED.write_text(carried_text(), encoding="utf-8")
