"""When a pipeline runs, as far as its schedule tells.

A schedule cuts the time from `schedule_start_time` on into intervals, and a run covers the interval that has just
ended: the run of 22:00 in the API's reference carries the data of 21:00 to 22:00. So the first run is one interval
after the start.
"""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CATCH_UP", "catch_up_from", "first_run", "runs"]

_STEPS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(weeks=1)}


class CatchUp(NamedTuple):
    """How far back a new pipeline reaches."""

    days: int = 0
    months: int = 0

    def before(self, moment: datetime) -> datetime:
        """The moment so long before another one."""
        return _add_months(moment, -self.months) - timedelta(days=self.days)

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        return f"{self.days} days" if self.days else f"{self.months} months" if months else f"{years} years"


CATCH_UP = {
    "hourly": CatchUp(days=7),
    "daily": CatchUp(months=6),
    "weekly": CatchUp(months=36),
    "monthly": CatchUp(months=60),
}
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
    return CATCH_UP[interval].before(now) if interval in CATCH_UP else None


def _add_months(moment: datetime, months: int) -> datetime:
    """The same day so many months on; the last of the month where there is no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
