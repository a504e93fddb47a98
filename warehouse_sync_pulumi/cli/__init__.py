"""The `warehouse-sync` command: one module for each subcommand, loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from warehouse_sync_pulumi.errors import ApiError, RunFailedError, SettingError, WarehouseSyncError, shows_tracebacks

from .exit_codes import INTERRUPTED, UNREACHED, USAGE

__all__ = ["COMMANDS", "group"]

COMMANDS = {
    "status": "Show the status of pipelines, once or live.",
    "runs": "List the runs of a pipeline.",
    "trigger": "Run a pipeline now.",
    "doctor": "Check settings, versions and the way to the service.",
    "import": "Bring existing objects under management.",
    "emulator": "Run an emulator of the API on this machine.",
}
"""Each subcommand with its line in the help. The module `cli/<name>.py` holds a click command named `command`; where
the name is Python's own, an underscore follows it."""


class _WrongSetting(click.ClickException):
    exit_code = USAGE


class _Unreached(click.ClickException):
    exit_code = UNREACHED


def _as_exit(error: WarehouseSyncError) -> click.ClickException:
    """A failure that a user can act on, as a message of the command and its exit code."""
    if isinstance(error, SettingError):
        return _WrongSetting(str(error))
    if isinstance(error, (ApiError, RunFailedError)):
        return _Unreached(str(error))
    return click.ClickException(str(error))


class _Lazy(click.Group):
    """Loads a subcommand's module when it runs: `status` need not wait for the emulator's imports, nor help for any."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = cmd_name.replace("-", "_") + "_" * iskeyword(cmd_name)
        command: click.Command = import_module(f"{__name__}.{module}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; a failure that a user can act on is a message, not a traceback."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.exceptions.Exit(INTERRUPTED) from None
        except WarehouseSyncError as error:
            if shows_tracebacks():
                raise
            raise _as_exit(error) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="warehouse-sync-pulumi")
def group() -> None:
    """Work with mParticle's Warehouse Sync pipelines."""
