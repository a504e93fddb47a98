"""The commands that finish an import: take the objects into the state, check that, record the dependencies."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, NamedTuple

from ..pulumi_cli import PulumiError, Stack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Step", "steps"]


class Step(NamedTuple):
    """One command, and what it is for."""

    stack: Stack
    arguments: tuple[str, ...]
    purpose: str
    """For a comment."""
    doing: str
    failure: str
    """What it means when it fails."""
    unasked: tuple[str, ...] = ()
    """What is added where nobody is there to be asked."""

    def __str__(self) -> str:
        return shlex.join(self.stack.arguments(*self.arguments))

    def run(self) -> None:
        """Run it; raises PulumiError when it fails."""
        try:
            self.stack.run(*self.arguments, *self.unasked)
        except PulumiError as error:
            raise PulumiError(f"{self.failure}\n{error}") from None


def steps(stack: Stack, import_file: Path, *, protect: bool) -> Iterator[Step]:
    """What is to be run, in this order."""
    file = os.path.relpath(import_file, stack.folder)
    yield Step(
        stack,
        ("import", "--file", file, "--generate-code=false", f"--protect={str(protect).lower()}", "--yes"),
        "Take the objects into the stack's state. Nothing is sent to the API.",
        "Importing",
        "the import failed; nothing was sent to the API",
        ("--skip-preview",),
    )
    yield Step(
        stack,
        ("preview", "--expect-no-changes"),
        "Check that the program says what is there: the preview must be empty.",
        "Previewing",
        "the objects are imported, but the preview is not empty: make the program match before an `up`, unless all it "
        "shows are secrets that stand in the stack's configuration already, which the first `up` writes",
    )
    yield Step(
        stack,
        ("up",),
        "Record the dependencies, so that a destroy deletes in the right order. Nothing is sent to the API.",
        "Recording dependencies",
        "the objects are imported, but their dependencies could not be recorded: run `pulumi up`",
        ("--yes", "--skip-preview"),
    )
