"""What happens to a `PipelineRun` between a program and the API. It knows neither gRPC nor HTTP.

Its outputs are its arguments, and the fields of the run that it triggered last. One more key, `__verdict`, is there
while that run is not as the program wants it:

`pending`
    it is not known how it ends: the wait took too long, or was interrupted. The next update waits for the same run.
`failed`
    it ended otherwise than wanted, and somebody was told. The next update triggers another, unless the run that there
    is will do after all, because the program now asks for fewer records.

A run that fails in the update that triggered it leaves the state as it was before: the next one triggers another
anyhow, and the engine shows a plain failure in fewer words than an object that is half there.

Deleting it deletes nothing. A run that the service no longer knows stays in the state as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..api.address import Address
from ..errors import IncompleteError, NotFoundError, RunFailedError, WarehouseSyncError
from . import updating
from .outputs import inputs_of
from .poll_timer import PollEndedError, TimedOutError
from .runs import describe_state, failure_reason, poll_run, trigger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..schema import Kind
    from .poll_timer import PollTimer
    from .runs import Client, Run

    Values = Mapping[str, Any]

__all__ = ["FAILED", "PENDING", "VERDICT", "create", "diff", "read", "unfinished", "update"]

VERDICT = "__verdict"
PENDING, FAILED = "pending", "failed"


def diff(kind: Kind, olds: Values, news: Values) -> updating.Difference:
    """What an update from these outputs to these inputs would change; a new run never takes an old one's place."""
    return updating.diff(kind, olds, news)._replace(delete_first=False)


def unfinished(olds: Values) -> str | None:
    """What is left to do for the run in these outputs, as a sentence; None when nothing is."""
    what = f"run {_whole(olds.get('pipeline_run_id'))}"
    return {
        PENDING: f"{what} was not over: an update waits for it, and triggers no other",
        FAILED: f"{what} failed, or fell short: an update triggers another",
    }.get(olds.get(VERDICT, ""))


def create(kind: Kind, client: Client, inputs: Values, timer: PollTimer) -> tuple[str, dict[str, Any]]:
    """Trigger a run, and wait for it where that is wanted; the pipeline's id, and the outputs.

    Raises RunFailedError when the run failed, and IncompleteError when it is not as wanted otherwise.
    """
    inputs = inputs_of(kind, inputs)
    return inputs["pipeline_id"], _trigger_and_wait(client, inputs, timer)


def update(kind: Kind, client: Client, olds: Values, news: Values, timer: PollTimer) -> dict[str, Any]:
    """Trigger another run if `triggers` changed or the last one was not as wanted; else see the last one through."""
    before, inputs = inputs_of(kind, olds), inputs_of(kind, news)
    run: Run = {name: _whole(value) for name, value in olds.items() if name not in kind.fields}
    if not kind.fields["triggers"].same(before.get("triggers"), inputs["triggers"]) or "pipeline_run_id" not in run:
        return _trigger_and_wait(client, inputs, timer)
    if not inputs["wait"]:
        return _outputs(inputs, run)
    if olds.get(VERDICT) == FAILED:
        run = _read_run(client, _pipeline(inputs), run)
        if failure_reason(client, _pipeline(inputs), run, inputs.get("minimum_records")) is not None:
            return _trigger_and_wait(client, inputs, timer)
    elif olds.get(VERDICT) == PENDING or not before.get("wait"):
        return _wait_for_end(client, inputs, run, timer)
    return _outputs(inputs, run)


def read(kind: Kind, client: Client, olds: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """The outputs with the run as it is now, and the inputs that led to them."""
    if olds.get("pipeline_run_id") is None:
        raise WarehouseSyncError("cannot get a run that exists already as a PipelineRun: use get_pipeline_run")
    inputs = inputs_of(kind, olds)
    known = {name: value for name, value in olds.items() if name not in kind.fields}
    run = _read_run(client, _pipeline(inputs), known)
    hidden = {name: value for name, value in olds.items() if _is_hidden(name)}
    return _outputs(inputs, run) | hidden, inputs


def _trigger_and_wait(client: Client, inputs: Values, timer: PollTimer) -> dict[str, Any]:
    pipeline = _pipeline(inputs)
    run = trigger(client, pipeline, timer, wait_when_busy=inputs["when_busy"] == "wait")
    if inputs["wait"]:
        try:
            return _wait_for_end(client, inputs, run, timer)
        except IncompleteError as error:
            if error.outputs.get("pipeline_run_state") == "failed":
                raise RunFailedError(str(error)) from None
            raise
    try:
        return _outputs(inputs, _read_run(client, pipeline, run))
    except WarehouseSyncError:
        return _outputs(inputs, run)  # it was triggered, and that is all that was wanted


def _wait_for_end(client: Client, inputs: Values, run: Run, timer: PollTimer) -> dict[str, Any]:
    """Wait for a run to end as wanted. Whatever else happens, its id is kept."""
    pipeline = _pipeline(inputs)
    run_id = int(run["pipeline_run_id"])
    timer.renew()
    try:
        for run in poll_run(client, pipeline, run_id, timer):  # noqa: PLR1704 - the same run, as it is now
            timer.tell(describe_state(run))
    except PollEndedError as error:
        reason = (
            f"run {run_id} of {pipeline} is not over {error}: {describe_state(run)}; the next up waits for the same run"
        )
        reason += ", for longer with a larger timeout" if isinstance(error, TimedOutError) else ""
        verdict = PENDING
    except NotFoundError as error:
        reason, verdict = f"{error}; the next up triggers another run", FAILED
    except WarehouseSyncError as error:
        reason, verdict = f"{error}; the next up waits for the same run, {run_id}", PENDING
    else:
        problem = failure_reason(client, pipeline, run, inputs.get("minimum_records"))
        if problem is None:
            return _outputs(inputs, run)
        reason, verdict = f"{problem}; the next up triggers another run", FAILED
    outputs = _outputs(inputs, run) | {VERDICT: verdict}
    raise IncompleteError(reason, id_=inputs["pipeline_id"], outputs=outputs)


def _read_run(client: Client, pipeline: Address, run: Run) -> Run:
    """A run as it is now; one that the service does not know stays as it was known."""
    try:
        return client.runs.get(pipeline, int(run["pipeline_run_id"]))
    except NotFoundError:
        return run


def _pipeline(inputs: Values) -> Address:
    return Address(inputs["workspace_id"], "pipelines", "pipeline", inputs["pipeline_id"])


def _outputs(inputs: Values, run: Run) -> dict[str, Any]:
    """The run's own `id` is the pipeline's [recorded]."""
    return {name: value for name, value in run.items() if name != "id" and not _is_hidden(name)} | dict(inputs)


def _is_hidden(name: str) -> bool:
    return name.startswith("__")


def _whole(value: Any) -> Any:
    """The engine hands every number over as a float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
