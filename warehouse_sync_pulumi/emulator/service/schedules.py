"""When a pipeline's schedule is due, and how far back a new one reaches."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from .times import parse_schedule_time, parse_server_time

__all__ = ["SCHEDULE_FIELDS", "default_start", "earliest_start", "intervals_due", "pipeline_start"]

SCHEDULE_FIELDS = (
    "is_active",
    "is_draft",
    "schedule_interval",
    "schedule_start_time",
    "schedule_end_time",
    "created_on",
)
"""All of a pipeline that `intervals_due` looks at."""

_STEPS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(weeks=1)}
_MONTHS_BACK = {"daily": 6, "weekly": 36, "monthly": 60}
_HOURLY_BACK = timedelta(days=7)


def default_start(interval: str, created: datetime) -> datetime:
    """The start that the server chooses: creation minus the catch-up limit, to the minute [guess].

    The limits (7 days, 6 months, 3 years, 5 years) are recorded. A pipeline that has none starts at its creation.
    """
    return earliest_start(interval, created).replace(second=0, microsecond=0)


def earliest_start(interval: str, created: datetime) -> datetime:
    """How far back a new pipeline catches up [recorded]."""
    if interval == "hourly":
        return created - _HOURLY_BACK
    return _add_months(created, -_MONTHS_BACK.get(interval, 0))


def pipeline_start(pipeline: dict[str, Any]) -> datetime:
    """A stored pipeline's start; its creation where it has none."""
    if pipeline.get("schedule_start_time"):
        return parse_schedule_time(pipeline["schedule_start_time"])
    return parse_server_time(pipeline["created_on"])


def intervals_due(pipeline: dict[str, Any], since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The data intervals whose end lies in (since, until], aligned to the pipeline's start.

    A run covers the interval that has just ended: the reference's example, of 21:00 to 22:00, was made at 22:00:06.
    """
    if pipeline.get("is_draft") or not pipeline.get("is_active", True):
        return
    interval = pipeline["schedule_interval"]
    start = pipeline_start(pipeline)
    if pipeline.get("schedule_end_time"):
        until = min(until, parse_schedule_time(pipeline["schedule_end_time"]))
    if interval == "once":
        created = parse_server_time(pipeline["created_on"])
        if since < created <= until:
            yield start, created
        return
    if interval not in (*_STEPS, "monthly"):
        return
    number = _first_after(interval, start, since)
    while (end := _nth(interval, start, number + 1)) <= until:
        if end > since:
            yield _nth(interval, start, number), end
        number += 1


def _first_after(interval: str, start: datetime, since: datetime) -> int:
    """A number of an interval that does not end after `since` by more than one step: saves walking from the start."""
    if interval == "monthly":
        months = (since.year - start.year) * 12 + since.month - start.month
        return max(0, months - 2)
    return max(0, (since - start) // _STEPS[interval] - 1)


def _nth(interval: str, start: datetime, number: int) -> datetime:
    return _add_months(start, number) if interval == "monthly" else start + number * _STEPS[interval]


def _add_months(moment: datetime, months: int) -> datetime:
    """The same day so many months on; the last of the month where there is no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
