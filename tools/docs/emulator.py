"""The tables of docs/emulator.md."""

from __future__ import annotations

from warehouse_sync_pulumi.emulator.behaviour import switches
from warehouse_sync_pulumi.emulator.controls.endpoints import CONTROLS
from warehouse_sync_pulumi.emulator.controls.faults import Fault
from warehouse_sync_pulumi.emulator.service.routes import ROUTES

from .tables import DOCS, replaced, table

__all__ = ["PAGE", "rewritten"]

PAGE = DOCS / "emulator.md"


def rewritten(page: str) -> str:
    """The page with every table as the code has it now."""
    return replaced(page, {"routes": _routes(), "switches": _switches(), "controls": _controls(), "faults": _faults()})


def _routes() -> list[str]:
    rows = [
        (f"`{r.method} {r.path}`", r.text, r.source, ", ".join(f"`{guess}`" for guess in r.guesses)) for r in ROUTES
    ]
    return table(("route", "what it does", "source", "switches"), rows)


def _switches() -> list[str]:
    rows = [(f"`{s.name}`", s.text, f"`{s.default}`", f"`{s.values}`", s.source) for s in switches()]
    return table(("switch", "what it decides", "default", "values", "source"), rows)


def _controls() -> list[str]:
    return table(
        ("request", "what it does"), [(f"`{method} /_emulator/{path}`", text) for method, path, text in CONTROLS]
    )


def _faults() -> list[str]:
    return [line.strip() for line in (Fault.__doc__ or "").splitlines() if line.strip().startswith("|")]
