"""The `pulumi` command, for what only it can do: read a stack's configuration and state, and run an import."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from ..errors import WarehouseSyncError

__all__ = ["PulumiError", "Stack", "find_stack", "project_folder"]

_LAST_LINES = 40
"""Of what a failed command printed: enough for its diagnostics."""


class PulumiError(WarehouseSyncError):
    """A `pulumi` command failed; its text says what it printed."""


def project_folder(start: Path) -> Path | None:
    """The folder of the project that a folder belongs to; None when it belongs to none."""
    folders = (start, *start.parents)
    return next((folder for folder in folders if (folder / "Pulumi.yaml").is_file()), None)


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

    def config(self) -> dict[str, str]:
        """The stack's configuration, decrypted, by its full keys."""
        values = json.loads(self.run("config", "--json", "--show-secrets"))
        return {key: entry["value"] for key, entry in values.items() if "value" in entry}

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
    if project_folder(start) is None or shutil.which("pulumi") is None:
        return None
    try:
        stack.run("stack", "--show-name")
    except PulumiError as error:
        if "no stack selected" in str(error):
            return None
        raise
    return stack
