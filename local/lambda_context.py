"""What does a handler learn about the function it runs as?

Invariant: the attributes that Powertools reads are there, under the names of the real context
object.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """The context of one invocation on this machine."""

    function_name: str
    aws_request_id: str
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 1024
    log_stream_name: str = "local"

    @property
    def invoked_function_arn(self) -> str:
        """The name under which the function was called."""
        return f"arn:aws:lambda:local:000000000000:function:{self.function_name}"

    @property
    def log_group_name(self) -> str:
        """Where the function's log lines would go."""
        return f"/aws/lambda/{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds left, which nobody counts here."""
        return 20_000
