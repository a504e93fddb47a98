"""Where a project's program stands, and where an imported one goes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import WarehouseSyncError
from ..pulumi_cli import project_folder
from .program import MARK

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

    @property
    def import_line(self) -> str | None:
        """What the project's program has to say; nothing when it is the program itself that is written."""
        if self.program == self.main:
            return None
        folder = self.main.parent
        parts = self.program.relative_to(folder).with_suffix("").parts if self._is_below(folder) else ()
        if not parts or not all(part.isidentifier() for part in parts):
            raise WarehouseSyncError(
                f"{self.program} cannot be imported by {self.main}: it must be a module in {folder} or below it"
            )
        return f"import {'.'.join(parts)}"

    @property
    def is_imported(self) -> bool:
        """Whether the program, or a module beside it, imports what is written."""
        if self.program == self.main:
            return True
        pattern = rf"^\s*(from|import)\s[^#]*\b{re.escape(self.program.stem)}\b"
        others = [path for path in self.main.parent.glob("*.py") if path != self.program]
        return any(re.search(pattern, path.read_text(errors="replace"), re.MULTILINE) for path in others)

    @property
    def import_file(self) -> Path:
        """The file for `pulumi import`."""
        return self.program.with_name(f"{self.program.stem}.import.json")

    def _is_below(self, folder: Path) -> bool:
        return folder in self.program.parents


def target(start: Path, output: Path | None, *, holds_any: bool) -> Target:
    """Where to write: to a file that the user names, else to the program itself, else to a module beside it.

    A program from an earlier import is still the one to write while the stack holds none of its objects (`holds_any`).
    """
    main = _main(start)
    if output is not None:
        return Target(output.resolve(), main)
    is_free = not main.exists() or (not holds_any and MARK in main.read_text(errors="replace")[:300])
    return Target(main if is_free else main.with_name(MODULE), main)


def _main(start: Path) -> Path:
    """The file that Pulumi runs for the project that a folder is in; without a project, that in the folder itself."""
    start = start.resolve()
    folder = project_folder(start)
    if folder is None:
        return start / "__main__.py"
    given = re.search(r"^main:[ \t]*[\"']?([^\"'#\n]+)", (folder / "Pulumi.yaml").read_text(), re.MULTILINE)
    main = (folder / given[1].strip()).resolve() if given else folder
    return main if main.suffix == ".py" else main / "__main__.py"
