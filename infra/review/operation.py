"""Does anybody notice, and can it get out of hand? Throttles, logs, alarms, schedules, data that stays.

Invariant: what can fail without a caller seeing it has an alarm and a dead-letter queue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from infra.review.resources import Properties, Template, named_by, of_type, texts

EVENTS_ROUTE = "POST /v1/events"

ALARMED = {
    "index_age_s": "breaching",
    "degraded": "notBreaching",
    "refused_publishes": "notBreaching",
    "Errors": "notBreaching",
    "Throttles": "notBreaching",
    "5xx": "notBreaching",
    "Latency": "notBreaching",
    "ApproximateNumberOfMessagesVisible": "notBreaching",
}
"""Metrics that must alarm, and what silence means: an age that nobody measures is an alarm itself."""

FUNCTION_METRICS = ("Errors", "Throttles")


def unbounded(template: Template) -> Iterator[str]:
    """Object to stages that take any number of requests."""
    for name, stage in of_type(template, "AWS::ApiGatewayV2::Stage").items():
        settings = {"every route": stage.get("DefaultRouteSettings", {})}
        settings[EVENTS_ROUTE] = stage.get("RouteSettings", {}).get(EVENTS_ROUTE, {})
        for what, limits in settings.items():
            if not {"ThrottlingRateLimit", "ThrottlingBurstLimit"} <= limits.keys():
                yield f"{name}: no throttle for {what}"


def endless_logs(template: Template) -> Iterator[str]:
    """Object to logs that are kept for ever, and to functions that make such logs by themselves."""
    groups = of_type(template, "AWS::Logs::LogGroup")
    yield from (
        f"{name}: keeps log lines for ever"
        for name, group in groups.items()
        if not group.get("RetentionInDays")
    )
    for name, function in of_type(template, "AWS::Lambda::Function").items():
        if named_by(function.get("LoggingConfig", {}).get("LogGroup")) not in groups:
            yield f"{name}: logs into a group that is not in the template"
    for name, stage in of_type(template, "AWS::ApiGatewayV2::Stage").items():
        access = stage.get("AccessLogSettings", {})
        if named_by(access.get("DestinationArn")) not in groups:
            yield f"{name}: has no access log"
        for secret in ("sourceIp", "queryString", "userAgent", "rawPath", "context.path"):
            if secret in access.get("Format", ""):
                yield f"{name}: its access log tells {secret}"


def unnoticed(template: Template) -> Iterator[str]:
    """Object to failures without an alarm, and to alarms that tell nobody."""
    for name, alarm in of_type(template, "AWS::CloudWatch::Alarm").items():
        if not alarm.get("AlarmActions") or alarm.get("ActionsEnabled") is False:
            yield f"{name}: tells nobody"
    for metric, silence in ALARMED.items():
        found = _alarms_for(template, metric)
        if not found:
            yield f"no alarm looks at {metric}"
        if any(alarm.get("TreatMissingData") != silence for alarm in found):
            yield f"the alarm for {metric} takes silence for good or bad news wrongly"
    latency = _alarms_for(template, "Latency")
    if not any(alarm.get("ExtendedStatistic") == "p99" for alarm in latency):
        yield "no alarm looks at the 99th percentile of latency"


def unwatched_functions(template: Template) -> Iterator[str]:
    """Object to functions that an alarm leaves out."""
    functions = of_type(template, "AWS::Lambda::Function").keys()
    for metric in FUNCTION_METRICS:
        alarms = _alarms_for(template, metric)
        watched = {text for alarm in alarms for text in texts(list(_metrics(alarm)))}
        for name in sorted(functions - watched):
            yield f"no alarm looks at {metric} of {name}"


def _alarms_for(template: Template, metric: str) -> list[Properties]:
    alarms = of_type(template, "AWS::CloudWatch::Alarm").values()
    return [alarm for alarm in alarms if metric in {m["MetricName"] for m in _metrics(alarm)}]


def _metrics(alarm: Properties) -> Iterator[Mapping[str, Any]]:
    if "MetricName" in alarm:
        yield alarm
    for entry in alarm.get("Metrics", []):
        if "MetricStat" in entry:
            yield entry["MetricStat"]["Metric"]


def lost_runs(template: Template) -> Iterator[str]:
    """Object to schedules whose failures vanish."""
    schedules = of_type(template, "AWS::Scheduler::Schedule")
    functions = of_type(template, "AWS::Lambda::Function")
    aliases = of_type(template, "AWS::Lambda::Alias")
    for name in of_type(template, "AWS::Events::Rule"):
        yield f"{name}: a rule knows no time zone and no dead letters of its own; use a schedule"
    for name, schedule in schedules.items():
        target = schedule["Target"]
        if not target.get("DeadLetterConfig"):
            yield f"{name}: what it cannot start is lost"
        if "MaximumRetryAttempts" not in target.get("RetryPolicy", {}):
            yield f"{name}: tries for a day, as no retry policy is set"
        started = named_by(target["Arn"])
        started = named_by(aliases[started]["FunctionName"]) if started in aliases else started
        if not functions[started].get("DeadLetterConfig"):
            yield f"{started}: runs that fail are lost"
        if started == "RebuildFunction" and "ScheduleExpressionTimezone" not in schedule:
            yield f"{name}: runs by the clock of Greenwich"


def fleeting_data(template: Template) -> Iterator[str]:
    """Object to data that goes with the stack, grows for ever or cannot be brought back."""
    for kind in ("AWS::S3::Bucket", "AWS::DynamoDB::Table"):
        for name in of_type(template, kind):
            if template["Resources"][name].get("DeletionPolicy") != "Retain":
                yield f"{name}: is deleted with the stack"
    for name, table in of_type(template, "AWS::DynamoDB::Table").items():
        if not table.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled"):
            yield f"{name}: cannot be brought back to an earlier time"
        if not table.get("TimeToLiveSpecification", {}).get("Enabled"):
            yield f"{name}: forgets nothing"
        if table.get("BillingMode") != "PAY_PER_REQUEST":
            yield f"{name}: costs while nobody asks"


def misfits(template: Template) -> Iterator[str]:
    """Object to what fits one partition only, and to secrets in the open."""
    for text in texts(template["Resources"]):
        if "arn:aws:" in text or "arn:aws-cn:" in text:
            yield f"{text[:60]!r} names a partition"
    for name, function in of_type(template, "AWS::Lambda::Function").items():
        if function.get("Runtime") != "python3.13":
            yield f"{name}: its bundle is compiled for python3.13"
        if "Mode" not in function.get("TracingConfig", {}):
            yield f"{name}: leaves no traces"
        variables = function.get("Environment", {}).get("Variables", {})
        for variable, value in variables.items():
            if variable.endswith(("_KEYS", "_SECRET")):
                parameter = template["Parameters"].get(named_by(value), {})
                if not (parameter.get("NoEcho") and parameter.get("Default") in {"", None}):
                    yield f"{name}: {variable} can be read by whoever sees the stack"
