"""The `pulumi` command, for what only it can do: read a stack's configuration and state, and run an import.

`pulumi.automation` does the same, and costs nothing to import, but users would lose by it:

- its `export_stack` decrypts every secret of the stack, where this one reads the state as it is;
- each of its workspaces asks `pulumi version` first, 0.15 s, and then for the name of the selected stack, 0.15 s;
- its failures hold the command's output, exit code and labels in one text of many lines, and nothing else;
- its `up` and `preview` are not the commands that `warehouse-sync import` shows, and that a person may run instead.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import WarehouseSyncError

__all__ = ["ConfigValue", "PulumiError", "Stack", "find_stack", "project_file"]

_LAST_LINES = 40
"""Of what a failed command printed: enough for its diagnostics."""


class PulumiError(WarehouseSyncError):
    """A `pulumi` command failed; its text says what it printed."""


def project_file(start: Path) -> Path | None:
    """The file of the project that a folder belongs to; None when it belongs to none."""
    files = (folder / f"Pulumi.{kind}" for folder in (start, *start.parents) for kind in ("yaml", "yml", "json"))
    return next((file for file in files if file.is_file()), None)


class ConfigValue(NamedTuple):
    """A value of a stack's configuration, decrypted."""

    text: str
    is_secret: bool
    """Whether it was stored with `--secret`."""


class Stack:
    """One stack of the project that a folder is in: the named one, or the one selected there."""

    def __init__(self, folder: Path, name: str | None = None) -> None:
        self.folder = folder
        self.name = name

    def arguments(self, *arguments: str) -> list[str]:
        """A command on this stack, as a person would type it."""
        return ["pulumi", *arguments, *(("--stack", self.name) if self.name else ())]

    def run(self, *arguments: str) -> str:
        """What a command prints on standard output; raises PulumiError when it fails."""
        command = self.arguments(*arguments)
        try:
            ran = subprocess.run(
                [*command, "--non-interactive", "--color=never"],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                check=False,
            )
        except FileNotFoundError:
            raise PulumiError("`pulumi` is not on PATH: install the Pulumi CLI") from None
        if ran.returncode:
            said = "\n".join(f"{ran.stdout}\n{ran.stderr}".strip().splitlines()[-_LAST_LINES:])
            raise PulumiError(f"`{' '.join(command[:2])}` failed: {said.removeprefix('error: ')}")
        return ran.stdout

    def config(self) -> dict[str, ConfigValue]:
        """The stack's configuration, decrypted, by its full keys."""
        values = json.loads(self.run("config", "--json", "--show-secrets"))
        return {
            key: ConfigValue(entry["value"], is_secret=bool(entry.get("secret")))
            for key, entry in values.items()
            if "value" in entry
        }

    def resources(self) -> list[dict[str, Any]]:
        """The resources in the stack's state, secrets encrypted."""
        deployment = json.loads(self.run("stack", "export"))["deployment"] or {}
        resources: list[dict[str, Any]] = deployment.get("resources") or []
        return resources


def find_stack(name: str | None, start: Path | None = None) -> Stack | None:
    """The named stack, or the one selected in the project that a folder is in (by default the working directory).

    None when no name is given and there is no project, no selected stack, or no `pulumi` to ask.
    """
    start = start or Path.cwd()
    stack = Stack(start, name)
    if name is not None:
        return stack
    if project_file(start) is None or shutil.which("pulumi") is None:
        return None
    try:
        stack.run("stack", "--show-name")
    except PulumiError as error:
        if "no stack selected" in str(error):
            return None
        raise
    return stack
