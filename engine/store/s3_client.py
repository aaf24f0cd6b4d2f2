"""Where is the bucket, who asks, and how patient is one request?

Invariant: the client repeats nothing by itself, and speaks plain HTTP only to an endpoint that was
named with http://.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from obstore.store import S3Store

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config

_CONNECT_AT_MOST = timedelta(seconds=10)
_ENDPOINT_VARIABLES = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")


@dataclass(frozen=True, slots=True)
class S3Options:
    """Where the bucket is and who asks; what is None, obstore takes from the AWS environment."""

    endpoint_url: str | None = None
    region: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)


def make_client(bucket: str, prefix: str, options: S3Options, deadline_seconds: float) -> S3Store:
    """Return an obstore client for one prefix of a bucket; no request is made yet.

    One request may take 0.4 of the deadline. Raises obstore's `BaseError` for settings it refuses.
    """
    # A bulk delete reports a failure per key inside a 200; one DELETE has one status.
    config: S3Config = {"disable_bulk_delete": True}
    if options.endpoint_url is not None:
        # Both, because AWS_ENDPOINT_URL_S3 in the environment would outrank the general one.
        config["endpoint"] = config["aws_endpoint_url_s3"] = options.endpoint_url
    if options.region is not None:
        config["region"] = options.region
    if options.access_key_id is not None:
        config["access_key_id"] = options.access_key_id
    if options.secret_access_key is not None:
        config["secret_access_key"] = options.secret_access_key
    if options.session_token is not None:
        config["session_token"] = options.session_token
    named = [options.endpoint_url, *map(os.environ.get, _ENDPOINT_VARIABLES)]
    endpoint_url = next((url for url in named if url), "")
    # Two attempts fit into the deadline, so one lost packet does not cost the whole call.
    attempt = timedelta(seconds=deadline_seconds * 0.4)
    # A publisher's deadline leaves room for a large body; a host that is not there needs none.
    connect = min(attempt, _CONNECT_AT_MOST)
    client: ClientConfig = {
        "timeout": attempt,
        "connect_timeout": connect,
        "allow_http": endpoint_url.startswith("http://"),
    }
    return S3Store(
        bucket,
        prefix=prefix or None,
        config=config,
        client_options=client,
        retry_config={"max_retries": 0},
    )
