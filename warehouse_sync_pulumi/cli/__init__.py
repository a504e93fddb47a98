"""The `warehouse-sync` command: one module for each subcommand, loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

__all__ = ["COMMANDS", "group"]

COMMANDS = {
    "status": "Show where pipelines stand, once or live.",
    "runs": "List the runs of a pipeline.",
    "trigger": "Run a pipeline now.",
    "emulator": "Run an emulator of the API on this machine.",
}
"""Each subcommand with its line in the help. The module `cli/<name>.py` holds a click command named `command`."""


class _Lazy(click.Group):
    """Loads a subcommand's module when it runs: `status` need not wait for the emulator's imports, nor help for any."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="warehouse-sync-pulumi")
def group() -> None:
    """Work with mParticle's Warehouse Sync pipelines."""
