"""moto stands in for S3 and DynamoDB: a server on a free port, spoken to over real HTTP.

A plugin, so that any suite can ask for `s3_server` by name; one server serves the whole session,
and every bucket and table has its own name.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

REGION = "us-east-1"
ACCESS_KEY_ID = "moto-key"
SECRET_ACCESS_KEY = "moto-secret"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class S3Server:
    """Where the stand-in listens; the credentials are the constants of this module."""

    endpoint_url: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to find this server."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        }

    def create_bucket(self) -> str:
        """Create an empty bucket and return its name."""
        name = f"wenmai-{uuid.uuid4().hex}"
        client = self.client("s3")
        client.create_bucket(Bucket=name)
        client.close()
        return name

    def create_counters_table(self) -> str:
        """Create an empty DynamoDB table as infra/template.yaml does, and return its name."""
        name = f"wenmai-{uuid.uuid4().hex}"
        client = self.client("dynamodb")
        client.create_table(
            TableName=name,
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        client.close()
        return name

    def client(self, service: str, **config: Any) -> Any:
        """Return boto3's client for `service`; `config` is botocore's."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint_url,
            region_name=REGION,
            aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=SECRET_ACCESS_KEY,
            config=Config(**config),
        )


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """Run the stand-in for the whole session."""
    # One log line per request would bury whatever a failing test has to say.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    assert server._server is not None
    server._server.app = _conditional_writes_in_turn(server._server.app)
    host, port = server.get_host_and_port()
    yield S3Server(f"http://{host}:{port}")
    server.stop()


def _conditional_writes_in_turn(application: Application) -> Application:
    """Give moto the atomicity of S3 and of DynamoDB's transactions.

    moto compares the ETag and stores the object in two steps, and of 40 races between 16 writers
    one had two winners. A transaction of DynamoDB it undoes by putting back a copy of the table.
    """
    turn = threading.Lock()

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        changes_table = environ.get("HTTP_X_AMZ_TARGET", "").startswith("DynamoDB_")
        if changes_table or environ["REQUEST_METHOD"] in {"PUT", "DELETE"}:
            with turn:
                return application(environ, start_response)
        return application(environ, start_response)

    return serve
