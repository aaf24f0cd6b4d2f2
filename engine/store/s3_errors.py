"""What does an exception of obstore mean for whoever called the store?

Invariant: the HTTP status decides wherever there is one. obstore folds statuses into exception
types (a missing bucket into FileNotFoundError, a 409 into AlreadyExistsError), and the status
itself stands only in the text; the tests pin that text against real HTTP answers.
"""

from __future__ import annotations

import re

from obstore.exceptions import (
    AlreadyExistsError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)

from engine.errors import (
    ObjectNotFoundError,
    ObjectTooShortError,
    StoreConflictError,
    StoreRefusedError,
    StoreUnavailableError,
    WenmaiError,
)

_STATUS = re.compile(r"non-2xx status code: (\d{3})")
_NO_BUCKET = "NoSuchBucket"
_CREDENTIAL_SERVICE = "/latest/api/token"
_LONGEST_QUOTE = 300


def http_status(error: Exception) -> int | None:
    """Return the status of the answer, or None when no answer came or obstore does not tell."""
    found = _STATUS.search(str(error))
    return int(found.group(1)) if found else None


def translate(error: Exception, key: str, place: str) -> WenmaiError:
    """Return the error of `engine.errors` that an exception of obstore stands for."""
    name = f"{place}/{key}"
    if _NO_BUCKET not in str(error):
        if isinstance(error, FileNotFoundError):
            return ObjectNotFoundError(key, place)
        if isinstance(error, AlreadyExistsError | PreconditionError):
            return StoreConflictError(
                f"{name}: somebody else wrote first; read it again ({_quote(error)})"
            )
    refused = isinstance(error, PermissionDeniedError | UnauthenticatedError)
    kind = StoreRefusedError if refused else StoreUnavailableError
    if http_status(error) == 416:
        kind = ObjectTooShortError
    return kind(f"{name}: {_why_unavailable(error)} ({_quote(error)})")


def _why_unavailable(error: Exception) -> str:
    if _NO_BUCKET in str(error):
        return "the bucket does not exist; create it or check its name"
    if _CREDENTIAL_SERVICE in str(error):
        return (
            "no AWS credentials in the environment, and the instance metadata service gave none; "
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    if isinstance(error, PermissionDeniedError | UnauthenticatedError):
        return (
            "access was refused; check the credentials and the policy. "
            "Without s3:ListBucket, S3 refuses what does not exist"
        )
    if http_status(error) == 416:
        return (
            "the object ends before the range that was asked for; "
            "it is shorter than its reader expects: publish it again"
        )
    return "no usable answer; check the endpoint and the network, or try again"


def _quote(error: Exception) -> str:
    text = " ".join(str(error).partition("Debug source")[0].split())
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"
