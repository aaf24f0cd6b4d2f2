"""The `wenmai` command: what can a person do from a shell?

Commands load on use, so `wenmai serve` never pays for scikit-learn. Invariant: every error raised on
purpose ends as one line on stderr and the contract's exit code; a traceback is a bug of ours.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping

import click

from engine.errors import ArtifactError, GateRefusedError, StoreError, WenmaiError

EXIT_INPUT = 2
EXIT_REFUSED = 3
EXIT_DAMAGED = 4
EXIT_UNREACHABLE = 5

_COMMANDS: Mapping[str, str] = {
    "demo": "local.commands.demo",
    "build": "local.commands.build",
    "serve": "local.commands.serve",
    "search": "local.commands.search",
    "batch": "local.commands.batch",
    "evaluate": "local.commands.evaluate",
    "publish": "local.commands.publish",
    "rollback": "local.commands.rollback",
    "versions": "local.commands.versions",
    "inspect": "local.commands.inspect",
    "report": "local.commands.report",
    "hot-refresh": "local.commands.hot_refresh",
    "lexicon": "local.commands.lexicon",
    "analytics": "local.commands.analytics",
    "takedown": "local.commands.takedown",
    "rebuild": "local.commands.rebuild",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = importlib.import_module(_COMMANDS[cmd_name]).command
        if not isinstance(command, click.Command):
            raise TypeError(f"{_COMMANDS[cmd_name]}.command is no click command")
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wenmai")
def wenmai() -> None:
    """Search and recommendations for Chinese content sites.

    Exit codes: 0 done, 2 bad usage or input, 3 refused by a gate, 4 damaged artifact, 5 store
    unreachable.
    """


def exit_code_of(error: WenmaiError) -> int:
    """Return the contract's exit code for `error`."""
    if isinstance(error, GateRefusedError):
        return EXIT_REFUSED
    if isinstance(error, ArtifactError):
        return EXIT_DAMAGED
    if isinstance(error, StoreError):
        return EXIT_UNREACHABLE
    return EXIT_INPUT


def main() -> None:
    """Run the command line; the console script's entry point."""
    try:
        wenmai()
    except WenmaiError as error:
        click.echo(f"wenmai: {error}", err=True)
        sys.exit(exit_code_of(error))


if __name__ == "__main__":
    main()
