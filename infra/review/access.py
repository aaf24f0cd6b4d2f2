"""Who may do what? Roles, policies of resources, and the API's doors.

Invariant: a function's role is its own, names each action, and each resource down to a folder of the bucket.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from infra.review.resources import (
    Properties,
    Template,
    as_list,
    named_by,
    of_type,
    statements,
    texts,
)

READING_ROUTES = frozenset({"GET", "HEAD", "OPTIONS"})

OPEN_ROUTES = frozenset({("POST", "/v1/events"), ("POST", "/v1/recommendations")})
"""Routes that take a body without a signature: events are guarded by tokens, recommendations only read."""

PRIVATE_PATHS = "/studio"
"""What shows searches and drafts to editors alone."""

ORIGIN_PARAMETERS = ("AllowedOrigin", "SecondAllowedOrigin")

POLICIES = {
    "AWS::S3::BucketPolicy": "Bucket",
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::SNS::TopicPolicy": "Topics",
}
"""Policies of resources, and the field that says whose they are."""

QUERY_ACTIONS = frozenset(
    {
        "s3:GetObject",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
    }
)

_NAMELESS_ACTIONS = frozenset({"xray:PutTraceSegments", "xray:PutTelemetryRecords"})
_BUCKET_WIDE = re.compile(r":::(\*|\$\{\w+\}/?\*|\$\{\w+\}/\$\{IndexPrefix\}/?\*)$")


def open_doors(template: Template) -> Iterator[str]:
    """Object to routes that change something for anybody."""
    for name, api in of_type(template, "AWS::ApiGatewayV2::Api").items():
        for path, methods in api["Body"]["paths"].items():
            for method, route in methods.items():
                key = (method.upper(), path)
                signed = route.get("security") == [{"AWS_IAM": []}]
                if key[0] not in READING_ROUTES and key not in OPEN_ROUTES and not signed:
                    yield f"{name}: {key[0]} {path} takes unsigned writes"
                if path.startswith(PRIVATE_PATHS) and not signed:
                    yield f"{name}: {key[0]} {path} is open to anybody"


def foreign_pages(template: Template) -> Iterator[str]:
    """Object to what pages of any other site could do in a browser."""
    for name, api in of_type(template, "AWS::ApiGatewayV2::Api").items():
        cors = api["Body"].get("x-amazon-apigateway-cors", {})
        origins = list(texts(cors.get("allowOrigins", [])))
        if not origins or any("*" in origin for origin in origins):
            yield f"{name}: CORS allows {origins}; expected a list of origins without a star"
        if not {method.upper() for method in cors.get("allowMethods", ["*"])} <= {"GET", "POST"}:
            yield f"{name}: CORS lets pages do more than GET and POST"
        if cors.get("allowCredentials"):
            yield f"{name}: CORS allows credentials"
        if "event-token" not in cors.get("exposeHeaders", []):
            yield f"{name}: CORS hides the header Event-Token from pages"
    for name in ORIGIN_PARAMETERS:
        parameter = template["Parameters"][name]
        pattern = parameter.get("AllowedPattern", ".*")
        if any(re.fullmatch(pattern, bad) for bad in ("*", "https://*", "https://*.cn")):
            yield f"{name}: its pattern takes a star"
        if parameter.get("Default"):
            yield f"{name}: has a default"


def broad_roles(template: Template) -> Iterator[str]:
    """Object to what a role may do beyond its purpose."""
    for name, role in of_type(template, "AWS::IAM::Role").items():
        if role.get("ManagedPolicyArns"):
            yield f"{name}: has managed policies; expected what it needs, named"
        for statement in statements(role["AssumeRolePolicyDocument"]):
            if set(statement.get("Principal", {"AWS": "*"})) != {"Service"}:
                yield f"{name}: somebody other than a service may assume it"
        for statement in _granted(role):
            yield from _broad_statement(name, statement)


def borrowed_roles(template: Template) -> Iterator[str]:
    """Object to roles of several functions, and to query functions that may do more than read."""
    roles = of_type(template, "AWS::IAM::Role")
    functions = of_type(template, "AWS::Lambda::Function")
    users = Counter(named_by(function["Role"]) for function in functions.values())
    yield from (f"{role}: is shared by functions" for role, count in users.items() if count > 1)
    yield from (f"{role}: is not in the template" for role in users if role not in roles)
    for name in ("SearchFunction", "RecommendFunction"):
        for statement in _granted(roles.get(named_by(functions[name]["Role"]), {})):
            if extra := set(as_list(statement.get("Action", []))) - QUERY_ACTIONS:
                yield f"{name}: may do {sorted(extra)}; a query function only reads"


def _granted(role: Properties) -> Iterator[Mapping[str, Any]]:
    for policy in role.get("Policies", []):
        yield from statements(policy["PolicyDocument"])


def _broad_statement(role: str, statement: Mapping[str, Any]) -> Iterator[str]:
    if statement.keys() & {"NotAction", "NotResource", "NotPrincipal"}:
        yield f"{role}: allows by exception"
    actions = as_list(statement.get("Action", []))
    yield from (f"{role}: may do {action}" for action in actions if "*" in action)
    for resource in map(named_by, as_list(statement.get("Resource", []))):
        if resource == "*" and not set(actions) <= _NAMELESS_ACTIONS:
            yield f"{role}: {actions} on every resource"
        if _BUCKET_WIDE.search(resource):
            yield f"{role}: {actions} on the whole of {resource}"


def plain_connections(template: Template) -> Iterator[str]:
    """Object to buckets, queues and topics that take plain HTTP or strangers."""
    guarded = set()
    for kind, field in POLICIES.items():
        for name, policy in of_type(template, kind).items():
            for statement in statements(policy["PolicyDocument"]):
                if _refuses_plain_http(statement):
                    guarded |= {named_by(target) for target in as_list(policy[field])}
                elif statement["Effect"] == "Allow" and not statement.get("Condition"):
                    yield f"{name}: allows {statement['Action']} without a condition"
    for kind in ("AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::SNS::Topic"):
        for name in of_type(template, kind):
            if name not in guarded:
                yield f"{name}: no policy refuses what does not come over TLS"


def _refuses_plain_http(statement: Mapping[str, Any]) -> bool:
    over_http = {"Bool": {"aws:SecureTransport": "false"}}
    refuses_all = statement["Effect"] == "Deny" and statement["Principal"] == "*"
    return refuses_all and statement.get("Condition") == over_http


def open_buckets(template: Template) -> Iterator[str]:
    """Object to buckets that could be public, forget or lie open."""
    for name, bucket in of_type(template, "AWS::S3::Bucket").items():
        blocked = bucket.get("PublicAccessBlockConfiguration", {})
        if sorted(blocked.values()) != [True] * 4:
            yield f"{name}: public access is not blocked in all four ways"
        if bucket.get("VersioningConfiguration") != {"Status": "Enabled"}:
            yield f"{name}: keeps no versions"
        if not bucket.get("BucketEncryption"):
            yield f"{name}: is not encrypted"
