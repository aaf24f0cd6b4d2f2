"""Which parts of Powertools does a cold start pay for?

Only those named here. Three packages of Powertools import everything they offer as soon as they
are entered: Tracer, botocore, AppSync with asyncio, Bedrock agents, some forty kinds of events.
That is about half of the import time, so these three are entered without running their own module,
and the few names that the HTTP resolver expects of them are put there. Invariant: nothing else in
this room imports Powertools, so this is the one place to look when a new version moves something;
the locked requirements and tests/functions/test_cold_start_imports.py hold it in place.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec

from engine.late_module import enter_late

_EVENTS = {
    "alb_event": ("ALBEvent",),
    "api_gateway_proxy_event": ("APIGatewayProxyEvent", "APIGatewayProxyEventV2"),
    "bedrock_agent_event": ("BedrockAgentEvent",),
    "lambda_function_url_event": ("LambdaFunctionUrlEvent",),
    "vpc_lattice": ("VPCLatticeEvent", "VPCLatticeEventV2"),
}
"""What the resolver's module imports from the package of events, by the module that defines it."""


def _enter_package(name: str) -> bool:
    """Make the submodules of a package importable without executing the package's own module."""
    if name in sys.modules:
        return False
    spec = find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(
            f"no package {name!r}; install the locked requirements", name=name
        )
    sys.modules[name] = module_from_spec(spec)
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, sys.modules[name])
    return True


def _enter_event_package(name: str) -> None:
    if _enter_package(name):
        for module_name, class_names in _EVENTS.items():
            module = import_module(f"{name}.{module_name}")
            for class_name in class_names:
                setattr(sys.modules[name], class_name, getattr(module, class_name))


_enter_package("aws_lambda_powertools")
_enter_package("aws_lambda_powertools.event_handler")
_enter_event_package("aws_lambda_powertools.utilities.data_classes")
# For finding correlation ids in events, which nobody does here.
enter_late("aws_lambda_powertools.utilities.jmespath_utils")

# The imports stand below the calls that make them cheap.
from aws_lambda_powertools.event_handler.api_gateway import (  # noqa: E402
    APIGatewayHttpResolver,
    Response,
)
from aws_lambda_powertools.event_handler.exceptions import (  # noqa: E402
    NotFoundError as RouteNotFoundError,
)
from aws_lambda_powertools.logging import Logger  # noqa: E402
from aws_lambda_powertools.metrics import Metrics, MetricUnit  # noqa: E402
from aws_lambda_powertools.package_logger import set_package_logger_handler  # noqa: E402

# The one thing that a skipped module does and that matters here: Powertools' own log lines, which
# may quote a request, go nowhere unless POWERTOOLS_DEBUG asks for them.
set_package_logger_handler()  # type: ignore[no-untyped-call]

__all__ = [
    "APIGatewayHttpResolver",
    "Logger",
    "MetricUnit",
    "Metrics",
    "Response",
    "RouteNotFoundError",
]
