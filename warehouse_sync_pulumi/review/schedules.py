"""What a preview says of a schedule: an error for what cannot be, a warning for what is hardly meant.

A warning may depend on today's date; what goes into inputs and outputs may not.
"""

from __future__ import annotations

import threading
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from pulumi.output import Unknown

from ..schema import Problem, format_timestamp, parse_timestamp
from .schedule_times import CATCH_UP, catch_up_from, first_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["MOST_ACTIVE", "ActivePipelines", "schedule_problems", "schedule_warnings"]

_SCHEDULE = ("schedule_interval", "schedule_start_time", "schedule_end_time")
_EVERY_MONTH_HAS = 28
MOST_ACTIVE = 5
"""How many active pipelines a workspace may have [recorded]."""


def schedule_problems(arguments: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with a schedule, and, when it is new or has changed, what to warn of."""
    start, end = arguments.get("schedule_start_time"), arguments.get("schedule_end_time")
    if all(arguments.get(name) == before.get(name) for name in _SCHEDULE):
        return  # the service has it so
    if start is not None and end is not None and parse_timestamp(end) < parse_timestamp(start):
        yield Problem("schedule_end_time", f"{end} is before schedule_start_time, {start}")
    else:
        yield from schedule_warnings(arguments, datetime.now(timezone.utc))


def schedule_warnings(arguments: Mapping[str, Any], now: datetime) -> Iterator[Problem]:
    """What to warn of in a schedule that begins to apply now.

    How far back a new pipeline catches up is recorded. When it first runs, and whether it does in a month without its
    day, are guesses.
    """
    interval, start, end = (arguments.get(name) for name in _SCHEDULE)
    if interval is None or start is None:
        return
    first = first_run(interval, parse_timestamp(start))
    if first is not None and end is not None and parse_timestamp(end) < first:
        reason = (
            f"{end} is before the first run, at {format_timestamp(first)}: nothing will ever be sent; choose a later "
            "end, or leave it out"
        )
        yield Problem("schedule_end_time", reason, is_warning=True)
    earliest = catch_up_from(interval, now)
    if earliest is not None and parse_timestamp(start) < earliest:
        reason = (
            f"{start} is further back than a new {interval} pipeline catches up, {CATCH_UP[interval]}: nothing from "
            f"before {earliest:%Y-%m-%d} will be sent"
        )
        reason += "" if interval == "monthly" else "; a longer interval catches up further"
        yield Problem("schedule_start_time", reason, is_warning=True)
    if interval == "monthly" and parse_timestamp(start).day > _EVERY_MONTH_HAS:
        reason = (
            f"{start} is on a day that some months lack: the vendor does not say whether it runs then; choose one of "
            "the first 28"
        )
        yield Problem("schedule_start_time", reason, is_warning=True)


class ActivePipelines:
    """The pipelines that one program leaves running, as far as it has been seen. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[int, dict[str, bool]] = {}

    def add(self, inputs: Mapping[str, Any], before: Mapping[str, Any]) -> str | None:
        """Take notice of one; what to warn of, when its workspace now has too many and this run adds to them.

        A pipeline that says neither `is_active` nor `is_draft` is active [guess].
        """
        workspace, id_ = inputs.get("workspace_id"), inputs.get("pipeline_id")
        if not isinstance(workspace, int) or not isinstance(id_, str) or not _is_active(inputs):
            return None
        with self._lock:
            active = self._seen.setdefault(workspace, {})
            active[id_] = not before or not _is_active(before) or before.get("workspace_id") != workspace
            if len(active) <= MOST_ACTIVE or not any(active.values()):
                return None
        return (
            f"more than {MOST_ACTIVE} pipelines of this program are active in workspace {workspace}, and the vendor "
            f"allows {MOST_ACTIVE}: set is_active=False on the others"
        )


def _is_active(inputs: Mapping[str, Any]) -> bool:
    """Whether it is not known to be paused or a draft; one that is not known yet is not counted."""
    active, draft = inputs.get("is_active", True), inputs.get("is_draft", False)
    return not isinstance(active, Unknown) and not isinstance(draft, Unknown) and active and not draft
