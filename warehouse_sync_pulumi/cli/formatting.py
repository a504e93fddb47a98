"""How the commands write times, durations and tables."""

from __future__ import annotations

from datetime import datetime

from rich import box
from rich.table import Table

from warehouse_sync_pulumi.api.models import PipelineRun
from warehouse_sync_pulumi.schema import moment_of

from .health import has_ended

__all__ = ["LEVELS", "WIDE", "at", "duration", "run_moment", "table"]

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
WIDE = 130
"""Columns from which everything is shown in full."""
LEVELS = {"success": "green", "failed": "bold red"}
"""The colour of each state that ends a run; the others are on the way."""


def duration(seconds: float, units: int = 2) -> str:
    """How long, in so many of the largest units that tell something: `2 h 5 min`."""
    left, parts = int(abs(seconds)), []
    for unit, size in _UNITS:
        amount, left = divmod(left, size)
        if amount:
            parts.append(f"{amount} {unit}")
        elif parts:
            break
    return " ".join(parts[:units]) or "0 s"


def table(width: int) -> Table:
    """An empty table that makes the most of a narrow terminal."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    made.padding = (0, 2 if width >= WIDE else 0, 0, 0)
    return made


def at(moment: datetime) -> str:
    """A point in time, in UTC as everywhere in the API."""
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")


def run_moment(run: PipelineRun) -> datetime | None:
    """When a run ended, or since when it is on its way; the service may leave its `end_date` out [page]."""
    ended = (run.end_date, run.last_modified_on) if has_ended(run) else ()
    return next(filter(None, map(moment_of, (*ended, run.start_date, run.created_on))), None)
