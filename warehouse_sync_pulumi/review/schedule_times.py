"""When a pipeline runs, as far as its schedule tells.

A schedule cuts the time from `schedule_start_time` on into intervals, and a run covers the interval that has just
ended: the page's run of 22:00 carries the data of 21:00 to 22:00. So the first run is one interval after the start.
"""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CATCH_UP", "catch_up_from", "first_run", "runs"]

_STEPS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(weeks=1)}

CATCH_UP = {"hourly": "7 days", "daily": "6 months", "weekly": "3 years", "monthly": "5 years"}
"""How far back a new pipeline of each interval reaches [recorded]."""


def runs(interval: str, start: datetime, after: datetime | None = None) -> Iterator[datetime]:
    """The moments at which a pipeline of this interval is due, without end; those after a moment, or all.

    None for an interval that is no schedule: `on_demand`, `once`, and whatever this client does not know. A monthly
    pipeline is due on the last day of a month that lacks the start's day [guess].
    """
    if interval not in CATCH_UP:
        return
    earliest = 1
    if after is not None and after > start:
        elapsed = (
            (after.year - start.year) * 12 + after.month - start.month
            if interval == "monthly"
            else (after - start) // _STEPS[interval]
        )
        earliest = max(1, elapsed)
    for number in count(earliest):
        try:
            due = _add_months(start, number) if interval == "monthly" else start + number * _STEPS[interval]
        except (OverflowError, ValueError):  # after the year 9999
            return
        if after is None or due > after:
            yield due


def first_run(interval: str, start: datetime) -> datetime | None:
    """When a pipeline is first due; None for an interval that is no schedule."""
    return next(runs(interval, start), None)


def catch_up_from(interval: str, now: datetime) -> datetime | None:
    """How far back a pipeline that is created now reaches [recorded]; None for an interval without a known limit."""
    if interval not in CATCH_UP:
        return None
    amount, unit = CATCH_UP[interval].split()
    if unit == "days":
        return now - timedelta(days=int(amount))
    return _add_months(now, -int(amount) * (12 if unit == "years" else 1))


def _add_months(moment: datetime, months: int) -> datetime:
    """The same day so many months on; the last of the month where there is no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
