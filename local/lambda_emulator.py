"""How does a handler run under the real Lambda runtime, without Docker?

AWS's runtime client (awslambdaric) and its interface emulator, the binary that aws-sam-cli ships, run the
unzipped bundle as Lambda does: one process that polls for events. Invariant: the process has the
environment that it is given and nothing of ours, and it is ended with everything it started.
"""

from __future__ import annotations

import http.client
import json
import os
import platform
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from engine.errors import InputError

_INVOKE_PATH = "/2015-03-31/functions/function/invocations"
_PAUSE_SECONDS = 0.001
_START_SECONDS = 20.0

_BINARY_NAMES = {"x86_64": "aws-lambda-rie-x86_64", "aarch64": "aws-lambda-rie-arm64"}


@dataclass(frozen=True, slots=True)
class EmulatorTools:
    """Where the emulator's parts lie: an interpreter that has awslambdaric, and the binary."""

    python: Path
    binary: Path


def find_tools(python: Path) -> EmulatorTools:
    """Return the tools that belong to `python`, an interpreter of a virtual environment.

    Raises `InputError` when that environment lacks awslambdaric or aws-sam-cli.
    """
    found = subprocess.run(  # noqa: S603 - an interpreter of ours
        [
            *(str(python), "-c"),
            "import awslambdaric, samcli, pathlib; print(pathlib.Path(samcli.__file__).parent)",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        raise InputError(
            f"{python}: no awslambdaric and aws-sam-cli in that environment; run: make aws-tools"
        )
    binary = Path(found.stdout.strip(), "local", "rapid", _BINARY_NAMES[platform.machine()])
    # A wheel does not keep the mode that lets it run.
    binary.chmod(0o755)
    return EmulatorTools(python, binary)


class LambdaEmulator:
    """One Lambda environment for `handler` of the bundle in `folder`; a context manager."""

    def __init__(
        self,
        tools: EmulatorTools,
        folder: Path,
        handler: str,
        environment: Mapping[str, str],
        log: Path | None = None,
    ) -> None:
        self._tools = tools
        self._folder = folder
        self._handler = handler
        self._environment = dict(environment)
        self._log = log
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start the emulator; the handler's module is loaded at the first event."""
        api_port = _free_port()
        with (self._log or Path(os.devnull)).open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - the emulator, with arguments made here
                [
                    *(str(self._tools.binary), "--log-level", "error"),
                    *("--runtime-api-address", f"127.0.0.1:{api_port}"),
                    *("--runtime-interface-emulator-address", f"127.0.0.1:{self._port}"),
                    *(str(self._tools.python), "-m", "awslambdaric", self._handler),
                ],
                cwd=self._folder,
                env=self._variables(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the emulator and the runtime below it."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def invoke(self, event: object, timeout_seconds: float = 60.0) -> Any:
        """Return what the handler answers to `event`; waits for an emulator that is just starting.

        Raises `TimeoutError` when the emulator cannot be reached.
        """
        body = json.dumps(event)
        give_up_at = time.monotonic() + _START_SECONDS
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout_seconds)
            try:
                connection.connect()
            except ConnectionRefusedError:
                if time.monotonic() > give_up_at:
                    raise TimeoutError(
                        f"no emulator on port {self._port} after {_START_SECONDS:g} s"
                    ) from None
                time.sleep(_PAUSE_SECONDS)
                continue
            try:
                connection.request("POST", _INVOKE_PATH, body)
                return json.loads(connection.getresponse().read())
            finally:
                connection.close()

    def processor_seconds(self) -> float:
        """Return the processor time of the emulator and the runtime so far; 0 where there is no /proc.

        On a busy machine it says more than the clock. Threads that ended count in hundredths of a second.
        """
        if self._process is None:
            return 0.0
        return sum(
            max(_exact_seconds(folder), _ticked_seconds(folder))
            for folder in Path("/proc").glob("[0-9]*")
            if _session_of(folder) == self._process.pid
        )

    def _variables(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", ""),
            "LAMBDA_TASK_ROOT": str(self._folder),
            # On Lambda the task root is on the path because the runtime puts it there.
            "PYTHONPATH": str(self._folder),
            "AWS_LAMBDA_FUNCTION_NAME": "wenmai",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
            "AWS_REGION": "us-east-1",
            "_HANDLER": self._handler,
            **self._environment,
        }


def _session_of(folder: Path) -> int | None:
    try:
        return os.getsid(int(folder.name))
    except ProcessLookupError:
        return None


def _exact_seconds(folder: Path) -> float:
    seconds = 0.0
    for path in folder.glob("task/*/schedstat"):
        with suppress(OSError):  # a thread that ended just now
            seconds += int(path.read_text().split()[0]) / 1e9
    return seconds


def _ticked_seconds(folder: Path) -> float:
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
