"""Where a project's program stands, and where an imported one goes."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from ...errors import WarehouseSyncError
from ..pulumi_cli import project_file
from .program import MARKER

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Target", "target"]

MODULE = "warehouse_sync.py"
"""What is written beside a program that is there already."""


@dataclass(frozen=True)
class Target:
    """Where the imported program goes."""

    program: Path
    main: Path
    """The file that Pulumi runs."""
    import_line: str | None
    """What that has to say; nothing when it is itself what is written."""

    @property
    def is_imported(self) -> bool:
        """Whether the program, or a module beside it, imports what is written."""
        if self.program == self.main:
            return True
        others = [path for path in self.main.parent.glob("*.py") if path != self.program]
        return any(self.program.stem in _imported(path.read_text(errors="replace")) for path in others)

    @property
    def import_file(self) -> Path:
        """The file for `pulumi import`."""
        return self.program.with_name(f"{self.program.stem}.import.json")


def _imported(source: str) -> set[str]:
    """Every part of every module's name that a program imports."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return set()
    names = [alias.name for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {part for name in names for part in name.split(".")}


def target(start: Path, output: Path | None, *, holds_any: bool) -> Target:
    """Where to write: to a file that the user names, else to the program itself, else to a module beside it.

    A program from an earlier import is still the one to write while the stack holds none of its objects (`holds_any`).
    """
    main = _main(start)
    is_free = not main.exists() or (not holds_any and MARKER in main.read_text(errors="replace")[:300])
    program = output.resolve() if output is not None else main if is_free else main.with_name(MODULE)
    return Target(program, main, None if program == main else _import_line(program, main))


def _import_line(program: Path, main: Path) -> str:
    folder = main.parent
    parts = program.relative_to(folder).with_suffix("").parts if folder in program.parents else ()
    if not parts or not all(part.isidentifier() for part in parts):
        raise WarehouseSyncError(f"{program} cannot be imported by {main}: it must be a module in {folder} or below it")
    return f"import {'.'.join(parts)}"


def _main(start: Path) -> Path:
    """The file that Pulumi runs for the project that a folder is in; without a project, that in the folder itself."""
    start = start.resolve()
    file = project_file(start)
    if file is None:
        return start / "__main__.py"
    try:
        project = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise WarehouseSyncError(f"{file} cannot be read: {' '.join(str(error).split())}") from None
    given = project.get("main") if isinstance(project, dict) else None
    main = (file.parent / str(given or ".")).resolve()
    return main if main.suffix == ".py" else main / "__main__.py"
