"""The template is code: what it deploys must exist, and it must not grant more than is used."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from engine.counters.dynamodb_items import EXPIRY
from engine.live.changes import CHANGES
from engine.live.hot_list import HOT_KEY
from engine.live.hot_searches import HOT_SEARCHES_KEY
from functions.routes import Routes
from local.template_routes import TEMPLATE, read_routes, read_template


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    found: dict[str, Any] = read_template()["Resources"]
    return found


def of_type(resources: dict[str, Any], type_name: str) -> list[dict[str, Any]]:
    return [value["Properties"] for value in resources.values() if value["Type"] == type_name]


def allowed_by(resources: dict[str, Any], role: str) -> dict[str, Any]:
    """Return the resources by action that a role's policies allow."""
    properties = resources[role]["Properties"]
    assert "ManagedPolicyArns" not in properties
    statements = [
        statement
        for policy in properties["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    assert {statement["Effect"] for statement in statements} == {"Allow"}
    return {str(statement["Action"]): statement["Resource"] for statement in statements}


def test_cfn_lint_accepts_the_template() -> None:
    result = subprocess.run(
        [str(Path(sys.executable).with_name("cfn-lint")), str(TEMPLATE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (0, "")


def test_no_function_sets_up_threads_for_matrices_at_its_start() -> None:
    variables = read_template()["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["OPENBLAS_NUM_THREADS"] == "1"


def test_every_handler_exists() -> None:
    for route in read_routes():
        module, _, name = route.handler.rpartition(".")
        assert callable(getattr(import_module(module), name))


def test_the_template_and_the_handlers_have_the_same_routes() -> None:
    deployed = {
        (route.handler, route.method, re.sub(r"\{\w+\+?\}", "*", route.path))
        for route in read_routes()
    }
    implemented = set()
    for handler in {route.handler for route in read_routes()}:
        table = import_module(handler.rpartition(".")[0]).routes
        assert isinstance(table, Routes)
        for route in [*table._static_routes, *table._dynamic_routes]:
            implemented.add((handler, route.method, re.sub(r"<\w+>", "*", route.path)))
    assert deployed == implemented


PLACE = "arn:${AWS::Partition}:s3:::${IndexBucket}/${IndexPrefix}"
READING = {"s3:GetObject": [f"{PLACE}/{name}" for name in ("current.json", "versions/*", "live/*")]}
TRACING = {"['xray:PutTraceSegments', 'xray:PutTelemetryRecords']": "*"}
FAILING = {"sqs:SendMessage": "DeadLetterQueue.Arn"}
LISTING = {"s3:ListBucket": "arn:${AWS::Partition}:s3:::${IndexBucket}"}


def logging(group: str) -> dict[str, str]:
    return {"['logs:CreateLogStream', 'logs:PutLogEvents']": f"{group}.Arn"}


@pytest.mark.parametrize("name", ["Search", "Recommend"])
def test_query_functions_may_read_the_index_and_write_logs_and_nothing_else(
    resources: dict[str, Any], name: str
) -> None:
    assert resources[f"{name}Function"]["Properties"]["Role"] == f"{name}Role.Arn"
    assert allowed_by(resources, f"{name}Role") == READING | TRACING | logging(f"{name}LogGroup")


def test_the_rebuild_may_write_versions_and_no_takedowns(resources: dict[str, Any]) -> None:
    assert allowed_by(resources, "RebuildRole") == {
        "s3:GetObject": [
            *READING["s3:GetObject"],
            f"{PLACE}/cache/*",
            "arn:${AWS::Partition}:s3:::${IndexBucket}/${SourceKey}",
        ],
        "s3:PutObject": [
            f"{PLACE}/{name}"
            for name in ("current.json", "versions/*", "cache/*", f"{CHANGES.key}")
        ],
        "s3:DeleteObject": [f"{PLACE}/{name}" for name in ("versions/*", "cache/*")],
        **LISTING,
        **logging("RebuildLogGroup"),
        **TRACING,
        **FAILING,
    }
    assert resources["RebuildFunction"]["Properties"]["Role"] == "RebuildRole.Arn"


def test_the_events_function_may_read_the_index_and_add_to_the_counters_and_nothing_else(
    resources: dict[str, Any],
) -> None:
    assert resources["EventsFunction"]["Properties"]["Role"] == "EventsRole.Arn"
    users = [
        name
        for name, value in resources.items()
        if value["Type"] == "AWS::Serverless::Function"
        and value["Properties"]["Role"] == "EventsRole.Arn"
    ]
    assert users == ["EventsFunction"]
    assert allowed_by(resources, "EventsRole") == {
        "['dynamodb:PutItem', 'dynamodb:UpdateItem']": "CountersTable.Arn",
        **READING,
        **logging("EventsLogGroup"),
        **TRACING,
    }


def test_the_hot_refresh_may_read_the_counters_and_write_two_objects_and_nothing_else(
    resources: dict[str, Any],
) -> None:
    assert resources["HotRefreshFunction"]["Properties"]["Role"] == "HotRefreshRole.Arn"
    assert allowed_by(resources, "HotRefreshRole") == {
        "s3:PutObject": [f"{PLACE}/{HOT_KEY}", f"{PLACE}/{HOT_SEARCHES_KEY}"],
        "dynamodb:Query": "CountersTable.Arn",
        **READING,
        **LISTING,
        **logging("HotRefreshLogGroup"),
        **TRACING,
        **FAILING,
    }
    module, _, name = resources["HotRefreshFunction"]["Properties"]["Handler"].rpartition(".")
    assert callable(getattr(import_module(module), name))


def test_the_studio_may_read_the_index_and_the_counters_and_nothing_else(
    resources: dict[str, Any],
) -> None:
    assert resources["StudioFunction"]["Properties"]["Role"] == "StudioRole.Arn"
    assert allowed_by(resources, "StudioRole") == {
        "dynamodb:Query": "CountersTable.Arn",
        **READING,
        **logging("StudioLogGroup"),
        **TRACING,
    }


def test_the_counters_table_forgets_what_expires_and_can_be_restored(
    resources: dict[str, Any],
) -> None:
    (table,) = of_type(resources, "AWS::DynamoDB::Table")
    assert table["TimeToLiveSpecification"] == {"AttributeName": EXPIRY, "Enabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    assert resources["CountersTable"]["DeletionPolicy"] == "Retain"


def test_secrets_are_not_shown_and_have_no_default() -> None:
    parameters = read_template()["Parameters"]
    for name in ("TokenKeys", "VisitorSecret"):
        assert parameters[name]["NoEcho"] is True
        assert parameters[name]["Default"] == ""


def test_routes_that_change_articles_and_the_studio_take_signed_requests_alone(
    resources: dict[str, Any],
) -> None:
    (api,) = of_type(resources, "AWS::Serverless::HttpApi")
    assert api["Auth"]["EnableIamAuthorizer"] is True
    for function in of_type(resources, "AWS::Serverless::Function"):
        for event in function["Events"].values():
            if event["Type"] != "HttpApi":
                continue
            signed = event["Properties"].get("Auth") == {"Authorizer": "AWS_IAM"}
            changes = event["Properties"]["Method"] in {"PUT", "DELETE"}
            assert signed == (changes or event["Properties"]["Path"].startswith("/studio"))


def test_the_function_that_changes_articles_can_write_no_version_and_no_pointer(
    resources: dict[str, Any],
) -> None:
    assert allowed_by(resources, "ArticlesRole") == {
        "s3:GetObject": [
            f"{PLACE}/{name}"
            for name in (
                "current.json",
                "manifest.json",
                "live/takedowns.json",
                "live/changes.json",
            )
        ],
        "s3:PutObject": f"{PLACE}/{CHANGES.key}",
        **LISTING,
        **logging("ArticlesLogGroup"),
        **TRACING,
    }


def test_the_bucket_is_private_encrypted_and_versioned(resources: dict[str, Any]) -> None:
    (bucket,) = of_type(resources, "AWS::S3::Bucket")
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketEncryption"]
    (policy,) = of_type(resources, "AWS::S3::BucketPolicy")
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_every_function_logs_into_a_group_that_forgets(resources: dict[str, Any]) -> None:
    groups = of_type(resources, "AWS::Logs::LogGroup")
    assert all(group["RetentionInDays"] == "LogRetentionInDays" for group in groups)
    for function in of_type(resources, "AWS::Serverless::Function"):
        assert resources[function["LoggingConfig"]["LogGroup"]]["Type"] == "AWS::Logs::LogGroup"


def test_no_partition_region_or_account_is_written_into_the_template() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    assert "arn:aws:" not in text
    assert not re.search(r"\b\d{12}\b|\b(us|eu|cn|ap)-[a-z]+-\d\b", text)
