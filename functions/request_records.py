"""How does a request leave its line in the log and its line of metrics?

Powertools' Logger and Metrics take some 0.1 ms for the two, checking again what never changes; here the parts
that do not change are written once. Other lines, and other metrics, stay with Powertools. Invariant: a line of
the log is ASCII JSON with the fields that Powertools' own lines have, a line of metrics is CloudWatch's
embedded metric format with dimensions from closed lists; both go where Powertools' lines go.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Mapping
from typing import Any, TextIO

from functions.powertools import Logger

_COUNT = "Count"
_MILLISECONDS = "Milliseconds"

_encode = json.JSONEncoder(default=str, separators=(",", ":")).encode


class RequestRecords:
    """Writes both lines; `service` and `namespace` stand in each of them."""

    def __init__(self, logger: Logger, service: str, namespace: str) -> None:
        self._logger = logger
        self._service = service
        self._namespace = namespace

    def log(self, facts: Mapping[str, Any]) -> None:
        """Write that a request was answered, if INFO is written at all."""
        if self._logger.log_level > logging.INFO:
            return
        now = time.time()
        zone = time.localtime(now)
        line = {
            "level": "INFO",
            "location": __name__,
            "message": "answered",
            "timestamp": time.strftime(f"%Y-%m-%d %H:%M:%S,{int(now % 1 * 1_000):03d}%z", zone),
            "service": self._service,
            **facts,
        }
        stream: TextIO = self._logger.registered_handler.stream  # type: ignore[attr-defined]
        stream.write(_encode(line) + "\n")
        stream.flush()

    def measure(
        self,
        route: str,
        latency_ms: float,
        *,
        tier: str | None,
        total: int | None,
        not_modified: bool,
    ) -> None:
        """Write how long `route` took, and whether a search found nothing."""
        dimensions = {"route": route, "service": self._service}
        units = {"latency_ms": _MILLISECONDS, "not_modified": _COUNT}
        values = {"latency_ms": [latency_ms], "not_modified": [float(not_modified)]}
        if tier is not None:
            dimensions["tier"] = tier
            units["zero_hit"] = _COUNT
            values["zero_hit"] = [float(total == 0)]
        line = {
            "_aws": {
                "Timestamp": int(time.time() * 1_000),
                "CloudWatchMetrics": [
                    {
                        "Namespace": self._namespace,
                        "Dimensions": [list(dimensions)],
                        "Metrics": [{"Name": name, "Unit": unit} for name, unit in units.items()],
                    }
                ],
            },
            **dimensions,
            **values,
        }
        sys.stdout.write(_encode(line) + "\n")
