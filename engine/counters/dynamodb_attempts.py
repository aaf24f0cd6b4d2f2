"""Is a failed request to DynamoDB worth repeating, and until when?

Invariant: what may succeed later is repeated, with growing random pauses, until the deadline; what
cannot is reported at once. Who counts twice is not decided here: the items themselves do.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

from engine.errors import CountersUnavailableError

_FIRST_PAUSE_SECONDS = 0.02
_LONGEST_PAUSE_SECONDS = 0.5

_WORTH_REPEATING = frozenset(
    {
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)

Answer = TypeVar("Answer")


class Attempts:
    """Repeats requests until they succeed, fail for good, or run out of time.

    `failures` are the exceptions of the client: boto3's, which this room does not import.
    """

    def __init__(
        self,
        place: str,
        failures: tuple[type[Exception], ...],
        deadline_seconds: float,
        randomness: random.Random,
    ) -> None:
        self._place = place
        self._failures = failures
        self._deadline_seconds = deadline_seconds
        self._randomness = randomness

    def make(
        self,
        request: Callable[[], Answer],
        read_failure: Callable[[Exception], Answer | None] = lambda _: None,
    ) -> Answer:
        """Return the answer to `request`, or what `read_failure` makes of its failure.

        Raises `CountersUnavailableError`.
        """
        give_up_at = time.monotonic() + self._deadline_seconds
        longest_pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return request()
            except self._failures as error:
                answer = read_failure(error)
                if answer is not None:
                    return answer
                pause = self._randomness.uniform(0, longest_pause)
                if not _is_worth_repeating(error) or time.monotonic() + pause > give_up_at:
                    raise CountersUnavailableError(
                        f"{self._place}: {_what_happened(error)}; try again, and check the table's "
                        "name, region and throughput and the role's permissions if it lasts"
                    ) from error
            time.sleep(pause)
            longest_pause = min(2 * longest_pause, _LONGEST_PAUSE_SECONDS)


def cancellation_reasons(error: Exception) -> list[dict[str, Any]]:
    """Return why a transaction was cancelled, by item; nothing for any other failure."""
    reasons: list[dict[str, Any]] = _answer_of(error).get("CancellationReasons") or []
    return reasons


def _is_worth_repeating(error: Exception) -> bool:
    response = _answer_of(error)
    if not response:
        # No answer came: a lost connection, a time-out.
        return True
    if response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
        return True
    codes = {reason.get("Code") for reason in cancellation_reasons(error)} - {"None", None}
    if not codes:
        codes = {response.get("Error", {}).get("Code")}
    return codes <= _WORTH_REPEATING


def _what_happened(error: Exception) -> str:
    response = _answer_of(error)
    if not response:
        return f"no answer ({type(error).__name__})"
    codes = [str(reason.get("Code")) for reason in cancellation_reasons(error)]
    told = response.get("Error", {})
    # DynamoDB's own message may quote keys, and these hold what people searched for.
    return f"DynamoDB refused ({told.get('Code')}{': ' + ', '.join(codes) if codes else ''})"


def _answer_of(error: Exception) -> dict[str, Any]:
    # Some failures without an answer have the attribute all the same, and None in it.
    answer: dict[str, Any] | None = getattr(error, "response", None)
    return answer or {}
