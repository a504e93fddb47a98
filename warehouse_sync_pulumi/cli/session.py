"""What the commands that talk to the service share: who to talk to, and where things are shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click
from rich.console import Console

from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.api.client import Client
from warehouse_sync_pulumi.api.clients import connect
from warehouse_sync_pulumi.cli.pulumi_cli import PulumiError, find_stack
from warehouse_sync_pulumi.config import Settings
from warehouse_sync_pulumi.errors import SettingError
from warehouse_sync_pulumi.pipeline import PIPELINE

from .settings import settings_of

__all__ = [
    "Session",
    "output",
    "print_json",
    "service_options",
]


def service_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say whom to talk to."""
    workspace = click.option("--workspace", type=int, help="The workspace. Default: the settings' workspaceId.")
    stack = click.option(
        "--stack",
        help="Take the settings from the configuration of this Pulumi stack; without it, from the environment.",
    )
    return stack(workspace(command))


class Session:
    """A service, and the workspace in it."""

    def __init__(self, stack: str | None, workspace: int | None) -> None:
        settings = Settings() if stack is None else _settings_of(stack)
        self.workspace = settings.workspace_id(workspace)
        self.client: Client = connect(settings.endpoint(), _tell)

    def pipeline(self, pipeline_id: str | None = None) -> Address:
        """The address of one pipeline, or of all of them."""
        return PIPELINE.address(self.workspace, pipeline_id)


def _settings_of(stack: str) -> Settings:
    """The settings that a stack's configuration has; raises SettingError where it cannot be read."""
    try:
        return settings_of(find_stack(stack))
    except PulumiError as error:
        raise SettingError(str(error)) from None


def output() -> Console:
    """Where a person looks; as wide as the terminal, or as COLUMNS says."""
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=False)


def print_json(value: Any, *, lines: bool = False) -> None:
    """Show a value to a script; on one line where there is one for each poll."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=None if lines else 2))


def _tell(message: str) -> None:
    click.echo(message, err=True)
