"""Write the tables of docs/emulator.md from the code that they describe: `python -m tools.emulator_docs`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from warehouse_sync_pulumi.emulator.behaviour import switches
from warehouse_sync_pulumi.emulator.control import CONTROLS
from warehouse_sync_pulumi.emulator.faults import Fault
from warehouse_sync_pulumi.emulator.routes import ROUTES

__all__ = ["PAGE", "rewritten"]

PAGE = Path(__file__).parents[1] / "docs" / "emulator.md"


def rewritten(page: str) -> str:
    """The page with every table as the code has it now."""
    tables = {"routes": _routes(), "switches": _switches(), "controls": _controls(), "faults": _faults()}
    for name, lines in tables.items():
        begin, end = f"<!-- {name}: written by tools/emulator_docs.py -->", f"<!-- end of {name} -->"
        pattern = re.escape(begin) + ".*?" + re.escape(end)
        page, found = re.subn(pattern, lambda _, b=begin, e=end, t=lines: "\n".join([b, *t, e]), page, flags=re.DOTALL)  # type: ignore[misc]
        if found != 1:
            raise ValueError(f"{PAGE.name} needs one table of {name}.")
    return page


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    cells = [head, tuple("---" for _ in head), *(tuple(cell.replace("|", "\\|") for cell in row) for row in rows)]
    return [f"| {' | '.join(row)} |" for row in cells]


def _routes() -> list[str]:
    rows = [
        (f"`{r.method} {r.path}`", r.text, r.source, ", ".join(f"`{guess}`" for guess in r.guesses)) for r in ROUTES
    ]
    return _table(("route", "what it does", "source", "switches"), rows)


def _switches() -> list[str]:
    rows = [(f"`{s.name}`", s.text, f"`{s.default}`", f"`{s.values}`", s.source) for s in switches()]
    return _table(("switch", "what it decides", "default", "values", "source"), rows)


def _controls() -> list[str]:
    return _table(
        ("request", "what it does"), [(f"`{method} /_emulator/{path}`", text) for method, path, text in CONTROLS]
    )


def _faults() -> list[str]:
    return [line.strip() for line in (Fault.__doc__ or "").splitlines() if line.strip().startswith("|")]


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
