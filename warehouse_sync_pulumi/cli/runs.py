"""`warehouse-sync runs`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import click
from rich.console import Group, RenderableType
from rich.text import Text

from warehouse_sync_pulumi.api.models import PipelineRun
from warehouse_sync_pulumi.schema import format_timestamp, moment_of, parse_timestamp

from .formatting import LEVELS, WIDE, at, duration, run_moment, table
from .health import number
from .session import Session, output, print_json, service_options

__all__ = ["command", "screen"]

_SPANS = {"min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_COUNTERS = {"Extracted": "records_extracted", "Mapped": "records_mapped", "Batches": "event_batches_generated"}


def _moment(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime | None:
    """The point in time that an option names."""
    if value is None:
        return None
    ago = re.fullmatch(r"(\d{1,5})(min|h|d|w)", value)
    if ago:
        return datetime.now(timezone.utc) - timedelta(**{_SPANS[ago[2]]: int(ago[1])})
    try:
        return parse_timestamp(value if "T" in value.upper() else f"{value}T00:00:00Z")
    except ValueError:
        hint = "give 2023-02-01, 2023-02-01T12:00:00Z, or how long ago, as 12h or 7d"
        raise click.BadParameter(f"{value!r} is no time: {hint}", ctx, param) from None


@click.command("runs")
@click.argument("pipeline")
@click.option(
    "--since", callback=_moment, default="7d", show_default=True, help="The earliest logical date, or how long ago."
)
@click.option("--until", callback=_moment, help="The latest logical date, or how long ago.")
@click.option("--limit", type=click.IntRange(1), help="Only this many, the newest.")
@click.option("--json", "as_json", is_flag=True, help="Show JSON.")
@service_options
def command(  # noqa: PLR0913 - one for each option
    *,
    pipeline: str,
    since: datetime,
    until: datetime | None,
    limit: int | None,
    as_json: bool,
    stack: str | None,
    workspace: int | None,
) -> None:
    """List the runs of a pipeline, newest first.

    Which runs is decided by their logical date, which a schedule sets to the start of the interval that a run is for.
    Times are UTC: 2023-02-01, 2023-02-01T12:00:00Z, or how long ago, as 90min, 12h, 7d or 2w. The exit code is 0 when
    they could be read, 2 for a wrong usage or a missing setting, and 3 when the service could not be asked.
    """
    session = Session(stack, workspace)
    start, end = (None if moment is None else format_timestamp(moment) for moment in (since, until))
    answers = session.client.runs.each(session.pipeline(pipeline), start=start, end=end)
    found = [PipelineRun.model_validate(answer) for answer in answers]
    found.sort(key=lambda run: str(run.logical_date), reverse=True)
    found = found[:limit]
    if as_json:
        print_json([run.model_dump(mode="json") for run in found])
        return
    console = output()
    console.print(
        screen(found, f"{session.pipeline(pipeline)} since {at(since)}", datetime.now(timezone.utc), console.width)
    )


def screen(found: Sequence[PipelineRun], title: str, now: datetime, width: int) -> RenderableType:
    """A table of runs; a narrow one leaves out what matters least."""
    heading = Text(f"Runs of {title}", style="bold")
    if not found:
        return Group(heading, Text("No runs; --since looks further back."))
    wide = width >= WIDE
    shown = table(width)
    for name in ("Run", "State", *(["Type"] if wide else ()), "Data from", "to"):
        shown.add_column(name)
    counters = [name for name in _COUNTERS if wide or name != "Batches"]
    for name in counters:
        shown.add_column(name, justify="right", no_wrap=True)
    shown.add_column("When")
    for run in found:
        state, moment = str(run.pipeline_run_state), run_moment(run)
        shown.add_row(
            str(run.pipeline_run_id),
            Text(state, style=LEVELS.get(state, "yellow")),
            *([str(run.pipeline_run_type or "-")] if wide else ()),
            *(_time(run[name], wide=wide) for name in ("data_interval_start", "data_interval_end")),
            *(_counted(run[_COUNTERS[name]]) for name in counters),
            "-" if moment is None else f"{duration((now - moment).total_seconds(), 2 if wide else 1)} ago",
        )
    return Group(heading, "", shown)


def _time(value: Any, *, wide: bool) -> str:
    moment = moment_of(value)
    return str(value or "-") if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S" if wide else "%Y-%m-%d %H:%M")


def _counted(value: Any) -> str:
    counted = number(value)
    return "-" if counted is None else f"{counted:,}"
