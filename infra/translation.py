"""What does CloudFormation make of the template?

The same translator that AWS runs, on this machine, with given parameters. Invariant: what comes out is what
would be deployed, but for the code's place in a bucket, which nobody has uploaded to.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

TEMPLATE = Path(__file__).with_name("template.yaml")
_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1"}


def read_source(template: Path = TEMPLATE) -> dict[str, Any]:
    """Return the template as written, with CloudFormation's functions in their long form."""
    content: dict[str, Any] = yaml_parse(template.read_text(encoding="utf-8"))
    return content


def translate(
    source: Mapping[str, Any], parameters: Mapping[str, str], partition: str = "aws"
) -> dict[str, Any]:
    """Return `source` translated into plain CloudFormation for a region of `partition`.

    Raises samtranslator's `InvalidDocumentException` for what it cannot translate.
    """
    document = copy.deepcopy(dict(source))
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"].setdefault("CodeUri", "s3://uploaded/bundle.zip")
            if not str(resource["Properties"]["CodeUri"]).startswith("s3://"):
                resource["Properties"]["CodeUri"] = "s3://uploaded/rebuild-bundle.zip"
    code = document.get("Globals", {}).get("Function", {})
    if "CodeUri" in code:
        code["CodeUri"] = "s3://uploaded/bundle.zip"
    # The translator asks the environment in which region it is.
    with mock.patch.dict(os.environ, {"AWS_DEFAULT_REGION": _REGIONS[partition]}):
        translator = Translator({}, Parser())
        translated: dict[str, Any] = translator.translate(document, dict(parameters))
    return translated
