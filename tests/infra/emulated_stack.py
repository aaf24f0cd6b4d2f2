"""A stack without AWS: the template's own functions under Lambda's emulator, moto for S3 and DynamoDB.

Handlers, environments and memory are those of the translated template, its references replaced by what moto
holds. Permissions, API Gateway and schedules are not emulated: the test sends what they would send.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from moto_server import S3Server

from infra.translation import read_source, translate
from local.http_events import make_event
from local.lambda_emulator import EmulatorTools, LambdaEmulator
from local.template_routes import match_route, read_routes

ROUTES = read_routes()

SCHEDULED_EVENT = {"version": "0", "source": "aws.scheduler", "detail-type": "Scheduled Event"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass
class EmulatedStack:
    """The functions of the template, started when they are first called."""

    tools: EmulatorTools
    bundles: Mapping[str, Path]
    server: S3Server
    work: Path
    parameters: Mapping[str, str]
    bucket: str = ""
    table: str = ""
    _exits: ExitStack = field(default_factory=ExitStack)
    _running: dict[str, LambdaEmulator] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.template = translate(read_source(), self.parameters)
        self.bucket = self.bucket or self.server.create_bucket()
        self.table = self.table or self.server.create_counters_table()

    def close(self) -> None:
        self._exits.close()

    def request(
        self,
        method: str,
        path: str,
        query: str = "",
        body: Any = None,
        *,
        ip: str = "203.0.113.7",
        browser: str = "Mozilla/5.0",
    ) -> Answer:
        """Send what API Gateway would send for this request to the function that it goes to."""
        found = match_route(ROUTES, method, path)
        assert found is not None, path
        route, path_parameters = found
        event = make_event(
            {
                "REQUEST_METHOD": method,
                "PATH_INFO": path.encode().decode("latin-1"),
                "QUERY_STRING": query,
                "REMOTE_ADDR": ip,
                "HTTP_USER_AGENT": browser,
                "CONTENT_TYPE": "application/json",
            },
            route_key=route.key,
            path_parameters=path_parameters,
            body=b"" if body is None else json.dumps(body, ensure_ascii=False).encode(),
            request_id="request-1",
            now=datetime.now(UTC),
            signed=route.signed,
        )
        (name,) = (
            name
            for name, properties in self.functions.items()
            if properties["Handler"] == route.handler
        )
        response = self.invoke(name, event)
        assert "statusCode" in response, (response, self.log(name))
        text = response.get("body")
        return Answer(
            response["statusCode"], response["headers"], json.loads(text) if text else None
        )

    def get(self, path: str, **query: str) -> Any:
        """Return the body of a 200."""
        raw = "&".join(f"{name}={quote(value)}" for name, value in query.items())
        answer = self.request("GET", path, raw)
        assert answer.status == 200, (path, answer)
        return answer.body

    def invoke(self, function: str, event: object) -> Any:
        if function not in self._running:
            self._running[function] = self._exits.enter_context(self._start(function))
        return self._running[function].invoke(event, timeout_seconds=300)

    def log(self, function: str) -> str:
        path = self.work / f"{function}.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def functions(self) -> dict[str, Any]:
        return {
            name: resource["Properties"]
            for name, resource in self.template["Resources"].items()
            if resource["Type"] == "AWS::Lambda::Function"
        }

    def environment(self, function: str) -> dict[str, str]:
        variables = self.functions[function]["Environment"]["Variables"]
        return {name: str(self.resolve(value)) for name, value in variables.items()}

    def resolve(self, value: Any) -> Any:
        """Return what CloudFormation would put for Ref and Fn::Sub."""
        if not isinstance(value, Mapping):
            return value
        ((function, argument),) = value.items()
        if function == "Ref":
            return self._named(argument)
        assert function == "Fn::Sub", value
        assert isinstance(argument, str), value
        text = argument
        for name in [part.partition("}")[0] for part in argument.split("${")[1:]]:
            text = text.replace("${" + name + "}", str(self._named(name)))
        return text

    def _named(self, name: str) -> Any:
        physical = {"IndexBucket": self.bucket, "CountersTable": self.table, **self.parameters}
        if name in physical:
            return physical[name]
        return self.template["Parameters"][name]["Default"]

    def _start(self, function: str) -> LambdaEmulator:
        properties = self.functions[function]
        folder = self.bundles[properties["Code"]["S3Key"].removesuffix(".zip")]
        # An environment of Lambda has a /tmp of its own.
        own = self.work / function
        own.mkdir()
        environment = {
            **self.server.environment,
            **self.environment(function),
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.resolve(properties["MemorySize"])),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(properties["Timeout"]),
            "WENMAI_CACHE": str(own / "cache"),
            "TMPDIR": str(own),
        }
        return LambdaEmulator(
            self.tools,
            folder,
            properties["Handler"],
            environment,
            self.work / f"{function}.log",
        )
