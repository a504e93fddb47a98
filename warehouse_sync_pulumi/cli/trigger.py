"""`warehouse-sync trigger`."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import click
from rich.console import Console
from rich.text import Text

from warehouse_sync_pulumi.api.models import PipelineRun
from warehouse_sync_pulumi.lifecycle.poll_timer import PollEndedError, PollTimer
from warehouse_sync_pulumi.lifecycle.runs import describe_run, describe_state, failure_reason, poll_run, trigger

from .exit_codes import FAULTY, INTERRUPTED, UNREACHED
from .session import Session, print_json, service_options

if TYPE_CHECKING:
    from warehouse_sync_pulumi.api.address import Address
    from warehouse_sync_pulumi.lifecycle.runs import Run

__all__ = ["command"]


@click.command("trigger")
@click.argument("pipeline")
@click.option("--wait", is_flag=True, help="Wait for the run to end, and fail when it fails.")
@click.option("--timeout", type=click.IntRange(1), default=3600, show_default=True, help="Seconds to wait in all.")
@click.option(
    "--when-busy",
    type=click.Choice(["fail", "wait"]),
    default="fail",
    show_default=True,
    help="What to do about a pipeline that is not idle.",
)
@click.option("--minimum-records", type=click.IntRange(0), help="With --wait: fail when fewer were extracted.")
@click.option("--json", "as_json", is_flag=True, help="Show the run as JSON.")
@service_options
def command(  # noqa: PLR0913 - one for each option
    *,
    pipeline: str,
    wait: bool,
    timeout: int,
    when_busy: str,
    minimum_records: int | None,
    as_json: bool,
    stack: str | None,
    workspace: int | None,
) -> None:
    """Run a pipeline now: for the data since its last successful run, or since its start.

    The exit code is 0 when the run was triggered, and with --wait when it went well; 1 when it failed or extracted
    fewer records than wanted; 2 for a wrong usage or a missing setting; 3 when the pipeline could not be triggered, or
    the run was not over in time. A run that is not over goes on.
    """
    with _progress() as tell:
        session = Session(stack, workspace)
        address = session.pipeline(pipeline)
        timer = PollTimer(timeout, threading.Event(), tell)
        run = trigger(session.client, address, timer, wait_when_busy=when_busy == "wait")
        outcome = _Outcome(run, 0, f"run {run['pipeline_run_id']} of {address} is triggered")
        if wait:
            outcome = _wait_for_end(session, address, run, timer, minimum_records)
    if as_json:
        print_json(PipelineRun.model_validate(dict(outcome.run)).model_dump(mode="json"))
    if outcome.code or not as_json:
        click.echo(outcome.message, err=bool(outcome.code))
    click.get_current_context().exit(outcome.code)


class _Outcome(NamedTuple):
    """What became of a run."""

    run: Run
    code: int
    message: str


def _wait_for_end(
    session: Session, address: Address, run: Run, timer: PollTimer, minimum_records: int | None
) -> _Outcome:
    name, run_id = f"run {run['pipeline_run_id']} of {address}", int(run["pipeline_run_id"])
    timer.renew()
    try:
        for run in poll_run(session.client, address, run_id, timer):  # noqa: PLR1704 - the same run, as it is now
            timer.tell(describe_state(run))
    except PollEndedError as error:
        return _Outcome(run, UNREACHED, f"{name} is not over {error}; it goes on")
    except KeyboardInterrupt:
        return _Outcome(run, INTERRUPTED, f"{name} goes on")
    if problem := failure_reason(session.client, address, run, minimum_records):
        return _Outcome(run, FAULTY, problem)
    return _Outcome(run, 0, f"{name} went well: {describe_run(run)}")


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Tell where things stand on standard error: on one line of a terminal, elsewhere on a line for each."""
    console = Console(file=sys.stderr, highlight=False)
    if not console.is_terminal:
        yield lambda message: click.echo(message, err=True)
        return
    with console.status("") as shown:
        yield lambda message: shown.update(Text(message))  # no markup is read from what the service says
