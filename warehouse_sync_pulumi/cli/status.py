"""`warehouse-sync status`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timezone
from textwrap import wrap

import click
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text
from typing_extensions import Self

from warehouse_sync_pulumi.errors import WarehouseSyncError

from .exit_codes import FAULTY, UNREACHED
from .formatting import LEVELS, WIDE, at, duration, run_moment, table
from .health import Health, has_ended, read_health
from .session import Session, output, print_json, service_options

__all__ = ["command", "line", "screen"]

_SHORTEST, _BESIDE = 17, 63
"""Characters of an id on one line of a narrow terminal, and what is beside it."""
_NOTHING = "-"


@click.command("status")
@click.argument("pipelines", metavar="[PIPELINE]...", nargs=-1)
@click.option("--watch", is_flag=True, help="Poll until it is interrupted.")
@click.option(
    "--interval",
    type=click.FloatRange(1),
    default=10.0,
    show_default=True,
    help="Seconds between two polls of --watch.",
)
@click.option("--json", "as_json", is_flag=True, help="Show JSON; with --watch, one line for each poll.")
@service_options
def command(  # noqa: PLR0913 - one for each option
    *,
    pipelines: tuple[str, ...],
    watch: bool,
    interval: float,
    as_json: bool,
    stack: str | None,
    workspace: int | None,
) -> None:
    """Show the status of the pipelines of a workspace: of these, or of all.

    The next run is by the pipeline's schedule. All times are UTC. The exit code is 0 when all is well, 1 when a
    pipeline or its connection is faulted or its last run failed, 2 for a wrong usage or a missing setting, and 3 when
    the service could not be asked.
    """
    session = Session(stack, workspace)
    if watch:
        code = _watch(session, pipelines, interval, as_json=as_json)
    else:
        found, now = read_health(session, pipelines), datetime.now(timezone.utc)
        console = output()
        if as_json:
            print_json([health.as_json(now) for health in found])
        else:
            console.print(screen(found, session.workspace, now, console.width))
        code = _code(found)
    click.get_current_context().exit(code)


def _watch(session: Session, pipelines: Sequence[str], interval: float, *, as_json: bool) -> int:
    """Poll until it is interrupted, and tell how it was at the last poll."""
    console, code = output(), 0
    with _Live(console, interval) if console.is_terminal and not as_json else _Lines(as_json=as_json) as shown:
        try:
            while True:
                now = datetime.now(timezone.utc)
                try:
                    found = read_health(session, pipelines)
                except WarehouseSyncError as error:  # it may pass: whoever watches goes on watching
                    code = UNREACHED
                    click.echo(f"{at(now)} {error}", err=True)
                else:
                    code = _code(found)
                    shown.show(found, session.workspace, now)
                time.sleep(interval)
        except KeyboardInterrupt:
            return code


class _Live:
    """One screen that is drawn anew."""

    def __init__(self, console: Console, interval: float) -> None:
        self._console = console
        self._hint = Text(f"Polled every {duration(interval)}; Ctrl-C ends it.", style="dim")
        self._live = Live(console=console, auto_refresh=False)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, found: Sequence[Health], workspace: int, now: datetime) -> None:
        shown = screen(found, workspace, now, self._console.width)
        self._live.update(Group(shown, self._hint), refresh=True)


class _Lines:
    """A line for each pipeline that changed, or JSON, for a file or a script."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._told: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def show(self, found: Sequence[Health], _workspace: int, now: datetime) -> None:
        if self._as_json:
            print_json([health.as_json(now) for health in found], lines=True)
            return
        for health in found:
            text = line(health, now)
            if self._told.get(health.id) != text:
                self._told[health.id] = text
                click.echo(f"{at(now)} {text}")


def _code(found: Sequence[Health]) -> int:
    return FAULTY if any(health.problems for health in found) else 0


def line(health: Health, now: datetime) -> str:
    """A pipeline on one line, without anything that changes by the mere passing of time."""
    parts = [f"{health.id}: {_active(health)}", *health.problems]
    if health.last_run is not None:
        records = "" if health.records is None else f", {health.records:,} records"
        parts.append(f"run {health.last_run.pipeline_run_id} {health.last_run.pipeline_run_state}{records}")
    if (due := health.next_run(now)) is not None:
        parts.append(f"next run {at(due)}")
    return "; ".join(parts)


def screen(found: Sequence[Health], workspace: int, now: datetime, width: int) -> RenderableType:
    """A table of pipelines, and below it, in full, what is wrong with them."""
    title = Text(f"Pipelines of workspace {workspace}, {at(now)}", style="bold")
    if not found:
        return Group(title, Text("No pipelines."))
    shown = table(width)
    shown.add_column("Pipeline", no_wrap=width >= _SHORTEST + _BESIDE)
    for name in ("Active", "Faulted", "Connection", "Last run"):
        shown.add_column(name)
    shown.add_column("Records", justify="right", no_wrap=True)
    shown.add_column("Next run")
    for health in found:
        shown.add_row(
            health.id if width >= WIDE else "\n".join(wrap(health.id, max(_SHORTEST, width - _BESIDE))),
            Text(_active(health), style="" if health.is_active else "dim"),
            Text("yes", style="bold red") if health.is_faulted else Text("no"),
            _connection(health),
            _last_run(health, now, width),
            _NOTHING if health.records is None else f"{health.records:,}",
            _next_run(health, now, width),
        )
    problems = [Text(f"! {problem}", style="red") for health in found for problem in health.problems]
    return Group(title, "", shown, *([""] if problems else ()), *problems)


def _active(health: Health) -> str:
    if health.pipeline.is_draft:
        return "draft"
    if health.status is None:
        return "new"
    return "active" if health.is_active else "paused"


def _connection(health: Health) -> Text:
    if health.status is None:
        return Text(_NOTHING)
    if health.is_connection_faulted:
        return Text("faulted", style="bold red")
    return Text("ok") if health.is_connection_active else Text("paused", style="dim")


def _last_run(health: Health, now: datetime, width: int) -> Text:
    run = health.last_run
    if run is None:
        return Text(_NOTHING)
    state = str(run.pipeline_run_state)
    text, moment = Text(state, style=LEVELS.get(state, "yellow")), run_moment(run)
    if moment is not None:
        ago = duration((now - moment).total_seconds(), 2 if width >= WIDE else 1)
        text.append(f" {at(moment)}," if width >= WIDE else "", style="default")
        text.append(f" {ago} ago" if has_ended(run) else f" for {ago}", style="default")
    return text


def _next_run(health: Health, now: datetime, width: int) -> Text:
    due = health.next_run(now)
    if due is None:
        return Text(str(health.pipeline.schedule_interval or _NOTHING) if health.is_active else _NOTHING)
    ahead = (due - now).total_seconds()
    return Text(f"{at(due)}, in {duration(ahead)}" if width >= WIDE else f"in {duration(ahead, 1)}")
