"""Starting a pipeline's run, and following it to its end. It knows neither Pulumi nor HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import AnswerLostError, ApiError, BadRequestError, NotFoundError, RunFailedError
from .poll_timer import PollEndedError, TimedOutError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..api.address import Address
    from .poll_timer import PollTimer

    Run = Mapping[str, Any]

__all__ = [
    "COUNTERS",
    "Client",
    "Endpoints",
    "count",
    "describe_run",
    "describe_state",
    "failure_reason",
    "has_ended",
    "poll_run",
    "trigger",
]

COUNTERS = ("records_extracted", "records_mapped", "event_batches_generated")
ENDED = frozenset({"success", "failed"})
"""The states that end a run. The set of the others is open [recorded]: an unknown one is one more on the way."""
_ATTEMPTS = 3
"""How often a trigger is sent whose answer is lost and that turns out to have had no effect."""
_GONE_AFTER = 8
"""Polls, a quarter of a minute at first, after which a run that the service does not know is given up: one that was
just triggered may not be there yet [guess]."""


class Endpoints(Protocol):
    """What the API offers for runs."""

    def trigger(self, pipeline: Address) -> dict[str, Any]:
        """Start a run."""

    def status(self, pipeline: Address) -> dict[str, Any]:
        """A pipeline's status."""

    def get(self, pipeline: Address, run_id: int) -> dict[str, Any]:
        """One run."""

    def each(
        self, pipeline: Address, *, start: str | None = None, end: str | None = None, page_size: int = 100
    ) -> Iterator[dict[str, Any]]:
        """Every run between two times."""


class Client(Protocol):
    """What this asks of the API."""

    @property
    def runs(self) -> Endpoints:
        """The endpoints of runs."""

    def find(self, address: Address) -> dict[str, Any] | None:
        """One object; None when there is none."""


def has_ended(run: Run) -> bool:
    """Whether nothing more happens to a run."""
    return run.get("pipeline_run_state") in ENDED


def count(run: Run, counter: str) -> int | None:
    """A counter as a number; None where there is none. The reference's table says text, its examples numbers."""
    value = run.get(counter)
    if isinstance(value, str) and re.fullmatch(r"\d{1,15}", value):
        return int(value)
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def describe_run(run: Run) -> str:
    """What a run was for and what it brought, as the rest of a sentence."""
    parts = []
    if run.get("data_interval_start") and run.get("data_interval_end"):
        parts.append(f"data from {run['data_interval_start']} to {run['data_interval_end']}")
    counted = {counter: count(run, counter) for counter in COUNTERS}
    parts += [f"{name} {number:,}" for name, number in counted.items() if number is not None]
    return ", ".join(parts) or "no data counted"


def trigger(client: Client, pipeline: Address, timer: PollTimer, *, wait_when_busy: bool) -> Run:
    """Start one run, and return what is known of it.

    A pipeline whose status is not there yet is waited for; so is one that is busy, or it is refused with a
    BadRequestError. A trigger whose answer is lost is not sent again before it is clear that it started nothing.
    """
    latest = _latest(_ready(client, pipeline, timer))
    lost = 0
    while True:
        failure: AnswerLostError | BadRequestError
        try:
            return client.runs.trigger(pipeline)
        except AnswerLostError as error:
            lost, failure = lost + 1, error
        except BadRequestError as error:
            failure = error
        # After a lost answer, the run that makes the pipeline busy may be our own.
        newer = _newer(client, pipeline, latest, failure)
        ours = [run for run in newer if run.get("is_externally_triggered") or run.get("pipeline_run_type") == "manual"]
        if lost and ours:
            return ours[0]
        if isinstance(failure, AnswerLostError):
            if lost == _ATTEMPTS:
                raise failure
            timer.tell(f"{failure}; it started no run, trying again")
            _pause(timer, f"{failure}")
            continue
        going = next((run for run in [latest, *newer] if run and not has_ended(run)), None)
        if going is None and "in progress" not in str(failure):
            raise failure
        if not wait_when_busy:
            raise BadRequestError(
                f'{str(failure).rstrip(".")}; wait for its run, or give when_busy="wait"', status=failure.status
            )
        timer.tell("the pipeline is busy: " + (describe_state(going) if going else "waiting for its run to end"))
        _pause(timer, f"cannot trigger {pipeline}: its other run is not over")
        latest = _latest(client.runs.status(pipeline)) or latest


def _ready(client: Client, pipeline: Address, timer: PollTimer) -> dict[str, Any]:
    """The status of a pipeline; a fresh one has none for about a minute [recorded]."""
    while True:
        try:
            return client.runs.status(pipeline)
        except NotFoundError:
            if client.find(pipeline) is None:
                raise
        timer.tell("the pipeline is new, and its status not there yet: waiting")
        _pause(timer, f"cannot trigger {pipeline}: its status is not there")


def _latest(status: Mapping[str, Any]) -> Run:
    run = status.get("latest_pipeline_run")
    return run if isinstance(run, dict) else {}


def _newer(client: Client, pipeline: Address, latest: Run, failure: ApiError) -> list[Run]:
    """The runs since the one that was the latest by its logical date."""
    try:
        return [
            run
            for run in client.runs.each(pipeline, start=latest.get("logical_date"))
            if run.get("pipeline_run_id") != latest.get("pipeline_run_id")
        ]
    except ApiError:
        raise failure from None


def poll_run(client: Client, pipeline: Address, run_id: int, timer: PollTimer) -> Iterator[Run]:
    """A run as it is at each poll, the last time when it has ended.

    Raises PollEndedError when that takes too long or somebody asked to stop, and NotFoundError when the service does
    not know the run.
    """
    missing = 0
    while True:
        try:
            run = client.runs.get(pipeline, run_id)
        except NotFoundError:
            missing += 1
            if missing == _GONE_AFTER or client.find(pipeline) is None:
                raise
        else:
            missing = 0
            yield run
            if has_ended(run):
                return
        timer.pause()


def failure_reason(client: Client, pipeline: Address, run: Run, minimum_records: int | None) -> str | None:
    """What is wrong with a run that has ended, as one line; None when it is as wanted."""
    extracted = count(run, "records_extracted")
    too_few = minimum_records is not None and (extracted or 0) < minimum_records
    what = f"run {run.get('pipeline_run_id')} of {pipeline}"
    if run.get("pipeline_run_state") == "success":
        if not too_few:
            return None
        if extracted is None:
            return f"{what} does not say how many records it extracted, and {minimum_records:,} are wanted"
        return f"{what} extracted {extracted:,} records, fewer than {minimum_records:,}: {describe_run(run)}"
    return f"{what} failed: {describe_run(run)}{_reason(client, pipeline)}"


def _reason(client: Client, pipeline: Address) -> str:
    try:
        found = client.find(pipeline) or {}
    except ApiError:
        return ""
    reason = " ".join(str(found.get("faulted_reason") or "").split()).rstrip(".")
    if reason:
        return f"; the pipeline is faulted: {reason}"
    return "; the pipeline gives no reason: look at its data model's query and at its connection's credentials"


def describe_state(run: Run) -> str:
    """A run's state, in a few words."""
    records = count(run, "records_extracted")
    counted = "" if records is None else f", {records:,} records"
    return f"run {run.get('pipeline_run_id')} is {run.get('pipeline_run_state')}{counted}"


def _pause(timer: PollTimer, doing: str) -> None:
    """Wait before anything was started: to give up is a failure, and leaves nothing behind."""
    try:
        timer.pause()
    except TimedOutError as error:
        raise RunFailedError(f"{doing} {error}: give it a longer timeout") from None
    except PollEndedError as error:
        raise RunFailedError(f"{doing}, {str(error).removeprefix('and ')}; no run was started") from None
