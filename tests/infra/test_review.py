"""The review of the template objects to what scanners let pass, and to nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from infra.review.objections import objections
from infra.signed_routes import sign_every_route
from infra.translation import TEMPLATE, read_source, translate, yaml_parse

PARAMETERS = {"AllowedOrigin": "https://bbs.example.cn"}

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def source() -> dict[str, Any]:
    return read_source()


def at(template: dict[str, Any], name: str) -> Any:
    return template["Resources"][name]["Properties"]


def policy(template: dict[str, Any], role: str, number: int = 0) -> Any:
    return at(template, role)["Policies"][number]["PolicyDocument"]["Statement"]


CHANGES: dict[str, tuple[Change, str]] = {
    "any origin": (
        lambda t: at(t, "Api")["CorsConfiguration"].update(AllowOrigins=["*"]),
        "without a star",
    ),
    "an origin with a star in it": (
        lambda t: at(t, "Api")["CorsConfiguration"].update(AllowOrigins=["https://*.example.cn"]),
        "without a star",
    ),
    "origins that SAM drops": (
        lambda t: at(t, "Api")["CorsConfiguration"].update(
            AllowOrigins={"Fn::Split": [",", {"Ref": "AllowedOrigin"}]}
        ),
        "hides the header Event-Token",
    ),
    "an origin parameter that takes a star": (
        lambda t: t["Parameters"]["AllowedOrigin"].pop("AllowedPattern"),
        "AllowedOrigin: its pattern takes a star",
    ),
    "pages that may delete": (
        lambda t: at(t, "Api")["CorsConfiguration"]["AllowMethods"].append("DELETE"),
        "more than GET and POST",
    ),
    "cookies from other sites": (
        lambda t: at(t, "Api")["CorsConfiguration"].update(AllowCredentials=True),
        "allows credentials",
    ),
    "a PUT that nobody signs": (
        lambda t: at(t, "ArticlesFunction")["Events"]["Put"]["Properties"].pop("Auth"),
        "PUT /v1/articles/{id+} takes unsigned writes",
    ),
    "a DELETE that nobody signs": (
        lambda t: at(t, "ArticlesFunction")["Events"]["Delete"]["Properties"].pop("Auth"),
        "DELETE /v1/articles/{id+} takes unsigned writes",
    ),
    "another POST": (
        lambda t: at(t, "SearchFunction")["Events"]["Search"]["Properties"].update(Method="POST"),
        "POST /v1/search takes unsigned writes",
    ),
    "a studio for anybody": (
        lambda t: at(t, "StudioFunction")["Events"]["Queries"]["Properties"].pop("Auth"),
        "GET /studio/api/queries is open to anybody",
    ),
    "every action": (
        lambda t: policy(t, "SearchRole")[0].update(Action="s3:*"),
        "SearchRole: may do s3:*",
    ),
    "one action with a star": (
        lambda t: policy(t, "EventsRole", 1)[0].update(Action=["dynamodb:Put*"]),
        "EventsRole: may do dynamodb:Put*",
    ),
    "every resource": (
        lambda t: policy(t, "EventsRole", 1)[0].update(Resource="*"),
        "on every resource",
    ),
    "every object of the bucket": (
        lambda t: policy(t, "RecommendRole")[0].update(
            Resource={"Fn::Sub": "arn:${AWS::Partition}:s3:::${IndexBucket}/*"}
        ),
        "on the whole of",
    ),
    "all of the index, takedowns included": (
        lambda t: policy(t, "RebuildRole")[1].update(
            Resource={"Fn::Sub": "arn:${AWS::Partition}:s3:::${IndexBucket}/${IndexPrefix}/*"}
        ),
        "RebuildRole: ['s3:PutObject'] on the whole of",
    ),
    "a query function that lists": (
        lambda t: policy(t, "SearchRole")[0].update(Action=["s3:GetObject", "s3:ListBucket"]),
        "a query function only reads",
    ),
    "everything but": (
        lambda t: policy(t, "ArticlesRole")[0].update(NotResource=["x"]),
        "allows by exception",
    ),
    "a managed policy": (
        lambda t: at(t, "HotRefreshRole").update(
            ManagedPolicyArns=[{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess"}]
        ),
        "HotRefreshRole: has managed policies",
    ),
    "a role of two functions": (
        lambda t: at(t, "ArticlesFunction").update(Role={"Fn::GetAtt": ["EventsRole", "Arn"]}),
        "EventsRole: is shared",
    ),
    "a role that SAM makes": (
        lambda t: at(t, "SearchFunction").pop("Role"),
        "SearchFunctionRole: has managed policies",
    ),
    "a role for a whole account": (
        lambda t: at(t, "SearchRole")["AssumeRolePolicyDocument"]["Statement"][0].update(
            Principal={"AWS": "*"}
        ),
        "somebody other than a service",
    ),
    "a bucket over HTTP": (
        lambda t: t["Resources"].pop("IndexBucketPolicy"),
        "IndexBucket: no policy refuses",
    ),
    "a TLS policy that refuses nothing": (
        lambda t: at(t, "IndexBucketPolicy")["PolicyDocument"]["Statement"][0].update(
            Condition={"Bool": {"aws:SecureTransport": "true"}}
        ),
        "IndexBucket: no policy refuses",
    ),
    "a queue over HTTP": (
        lambda t: t["Resources"].pop("DeadLetterQueuePolicy"),
        "DeadLetterQueue: no policy refuses",
    ),
    "a topic for anybody": (
        lambda t: at(t, "AlarmTopicPolicy")["PolicyDocument"]["Statement"][0].pop("Condition"),
        "AlarmTopicPolicy: allows sns:Publish without a condition",
    ),
    "public objects": (
        lambda t: at(t, "IndexBucket")["PublicAccessBlockConfiguration"].update(
            BlockPublicPolicy=False
        ),
        "public access is not blocked",
    ),
    "a bucket without versions": (
        lambda t: at(t, "IndexBucket").pop("VersioningConfiguration"),
        "keeps no versions",
    ),
    "any number of requests": (
        lambda t: at(t, "Api").pop("DefaultRouteSettings"),
        "no throttle for every route",
    ),
    "any number of events": (
        lambda t: at(t, "Api").pop("RouteSettings"),
        "no throttle for POST /v1/events",
    ),
    "logs for ever": (
        lambda t: at(t, "EventsLogGroup").pop("RetentionInDays"),
        "EventsLogGroup: keeps log lines for ever",
    ),
    "a log group that Lambda makes": (
        lambda t: at(t, "RebuildFunction").pop("LoggingConfig"),
        "RebuildFunction: logs into a group",
    ),
    "addresses in the access log": (
        lambda t: at(t, "Api")["AccessLogSettings"].update(Format="$context.identity.sourceIp"),
        "its access log tells sourceIp",
    ),
    **{
        f"no {name}": (lambda t, name=name: t["Resources"].pop(name), f"no alarm looks at {metric}")
        for name, metric in (
            ("IndexAgeAlarm", "index_age_s"),
            ("DegradedAlarm", "degraded"),
            ("RefusedPublishAlarm", "refused_publishes"),
            ("FunctionErrorsAlarm", "Errors"),
            ("ThrottlesAlarm", "Throttles"),
            ("ServerErrorsAlarm", "5xx"),
            ("LatencyAlarm", "Latency"),
            ("DeadLettersAlarm", "ApproximateNumberOfMessagesVisible"),
        )
    },
    "errors of one function unseen": (
        lambda t: at(t, "FunctionErrorsAlarm")["Metrics"].pop(),
        "no alarm looks at Errors of RebuildFunction",
    ),
    "an alarm that is good news when nobody measures": (
        lambda t: at(t, "IndexAgeAlarm").update(TreatMissingData="notBreaching"),
        "index_age_s takes silence",
    ),
    "an alarm that tells nobody": (
        lambda t: at(t, "LatencyAlarm").pop("AlarmActions"),
        "LatencyAlarm: tells nobody",
    ),
    "the mean of latency": (
        lambda t: at(t, "LatencyAlarm").update(ExtendedStatistic="p50"),
        "99th percentile",
    ),
    "a schedule without dead letters": (
        lambda t: at(t, "HotRefreshFunction")["Events"]["EveryFewMinutes"]["Properties"].pop(
            "DeadLetterConfig"
        ),
        "HotRefreshFunctionEveryFewMinutes: what it cannot start is lost",
    ),
    "a run without dead letters": (
        lambda t: at(t, "RebuildFunction").pop("DeadLetterQueue"),
        "RebuildFunction: runs that fail are lost",
    ),
    "a rule instead of a schedule": (
        lambda t: at(t, "HotRefreshFunction")["Events"].update(
            Every={"Type": "Schedule", "Properties": {"Schedule": "rate(5 minutes)"}}
        ),
        "a rule knows no time zone",
    ),
    "three o'clock in Greenwich": (
        lambda t: at(t, "RebuildFunction")["Events"]["Nightly"]["Properties"].pop(
            "ScheduleExpressionTimezone"
        ),
        "by the clock of Greenwich",
    ),
    "counts that go with the stack": (
        lambda t: t["Resources"]["CountersTable"].update(DeletionPolicy="Delete"),
        "CountersTable: is deleted with the stack",
    ),
    "a table without recovery": (
        lambda t: at(t, "CountersTable").pop("PointInTimeRecoverySpecification"),
        "earlier time",
    ),
    "a partition": (
        lambda t: at(t, "SearchFunction").update(Layers=["arn:aws:lambda:::layer:x"]),
        "names a partition",
    ),
    "a secret that is shown": (
        lambda t: t["Parameters"]["TokenKeys"].pop("NoEcho"),
        "WENMAI_TOKEN_KEYS can be read",
    ),
    "a secret in the template": (
        lambda t: at(t, "EventsFunction")["Environment"]["Variables"].update(
            WENMAI_VISITOR_SECRET="written-down-here"
        ),
        "WENMAI_VISITOR_SECRET can be read",
    ),
    "another runtime": (
        lambda t: t["Globals"]["Function"].update(Runtime="python3.12"),
        "compiled for python3.13",
    ),
}


@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
def test_nothing_speaks_against_the_template(source: dict[str, Any], partition: str) -> None:
    assert objections(translate(source, PARAMETERS, partition)) == []


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_for_the_worse_is_objected_to(source: dict[str, Any], name: str) -> None:
    change, objection = CHANGES[name]
    worse = copy.deepcopy(source)
    change(worse)
    found = objections(translate(worse, PARAMETERS))
    assert any(objection in each for each in found), found


def test_the_signed_template_takes_signed_requests_alone_and_differs_in_nothing_else(
    source: dict[str, Any],
) -> None:
    signed = yaml_parse(sign_every_route(TEMPLATE.read_text(encoding="utf-8")))
    translated = translate(signed, PARAMETERS, "aws-cn")
    assert objections(translated) == []
    paths = translated["Resources"]["Api"]["Properties"]["Body"]["paths"]
    routes = [route for methods in paths.values() for route in methods.values()]
    assert len(routes) > 15
    assert all(route["security"] == [{"AWS_IAM": []}] for route in routes)
    del signed["Resources"]["Api"]["Properties"]["Auth"]["DefaultAuthorizer"]
    assert signed == source


def test_what_signs_every_route_refuses_a_template_that_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="EnableIamAuthorizer"):
        sign_every_route("Resources: {}")
