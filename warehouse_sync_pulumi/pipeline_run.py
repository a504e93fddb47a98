"""`PipelineRun`: one run of a pipeline, triggered by a deployment."""

from collections.abc import Mapping
from enum import Enum
from typing import Annotated, Any

import pulumi
from typing_extensions import Required, TypedDict, Unpack

from .engine.dynamic import SyncProvider
from .engine.manager import Checked, Created, Manager, Read
from .engine.resource import SyncResource
from .lifecycle import IMPORT, Difference, pipeline_runs
from .lifecycle.poll_timer import PollTimer
from .schema import Field, Id, Kind, Problem, Workspace, choice, flag, number

__all__ = ["PipelineRun", "PipelineRunArgs", "WhenBusy"]

LONGEST_TIMEOUT = 7 * 24 * 3600


class WhenBusy(str, Enum):
    """What to do about a pipeline that is not idle, and hence cannot be triggered."""

    WAIT = "wait"
    """Wait until it is, as long as the `timeout` allows."""
    FAIL = "fail"
    """Fail at once."""


def seconds(value: Any) -> int:
    """Seconds to wait: a week at most."""
    if not 1 <= (found := number(value)) <= LONGEST_TIMEOUT:
        raise ValueError(f"must be a number of seconds from 1 to {LONGEST_TIMEOUT}")
    return found


def amount(value: Any) -> int:
    """A number of records."""
    if (found := number(value)) < 0:
        raise ValueError("must be a whole number of 0 or more")
    return found


def mapping(value: Any) -> dict[str, Any]:
    """Named values of any kind."""
    if not isinstance(value, dict):
        raise ValueError('must be a mapping, such as {"version": "2"}')  # noqa: TRY004 - as every refusal of a value
    return value


def same_mapping(one: Any, other: Any) -> bool:
    """Whether nothing in it changed; a value that is nothing is the same as none, since the engine drops it."""
    return bool(_present(one or {}) == _present(other or {}))


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _present(item) for key, item in value.items() if item is not None}
    return [_present(item) for item in value] if isinstance(value, list) else value


class PipelineRunArgs(TypedDict, total=False):
    """The arguments of a `PipelineRun`. Apart from the first two, they are this package's own."""

    pipeline_id: Required[Id]
    """The pipeline to run: a `Pipeline`'s `pipeline_id` or `id`. A change replaces, which triggers a run. [page]"""
    workspace_id: Workspace | None
    """The pipeline's workspace. Default: the stack's `warehouse-sync:workspaceId`. A change replaces. [page]"""
    triggers: Annotated[pulumi.Input[Mapping[str, Any]], Field(mapping, same_mapping, default={})] | None
    """Values of any kind: when one of them changes, another run is triggered. Default: none, so that there is one run
    in the resource's life."""
    wait: Annotated[pulumi.Input[bool], Field(flag, default=True)] | None
    """Whether to wait for the run to end, and to fail when it fails. Default: true."""
    timeout: Annotated[pulumi.Input[int], Field(seconds, default=3600)] | None
    """Seconds, from 1 to a week, that a deployment waits in all: for the status of a fresh pipeline, for a busy one to
    be idle, and for the run. Default: 3600. A run that is not over by then fails the update, and the next update waits
    for the same run."""
    when_busy: Annotated[pulumi.Input[str | WhenBusy], Field(choice(WhenBusy), default="wait")] | None
    """What to do about a pipeline that is not idle: `wait`, or `fail`. Default: `wait`."""
    minimum_records: Annotated[pulumi.Input[int], Field(amount)] | None
    """Fail when the run extracted fewer records than this. Default: any number will do. Judged when a run ends, hence
    without effect unless `wait` is true."""


PIPELINE_RUN = Kind(name="PipelineRun", noun="pipeline run", collection="pipelines", arguments=PipelineRunArgs)


class PipelineRunManager(Manager):
    """Triggers and watches runs."""

    def check(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """Say what the program means, and all that is wrong with it."""
        if news.get(IMPORT):
            return Checked({}, [Problem("", "a run that exists already cannot be imported; leave out import_")])
        return super().check(olds, news)

    def diff(self, id_: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:  # noqa: ARG002 - as for others
        """Say what an update would change."""
        with self.reporting_failures():
            difference = pipeline_runs.diff(self.kind, olds, news)
            left = pipeline_runs.unfinished(olds)
            if left and not difference.changed:
                self._host.log(left)  # the engine shows an update without any change
                return difference._replace(is_unfinished=True)
            return difference

    def create(self, inputs: Mapping[str, Any]) -> Created:
        """Trigger a run."""
        with self.reporting_failures():
            return Created(*pipeline_runs.create(self.kind, self.client, inputs, self._poll_timer(inputs)))

    def read(self, id_: str, olds: Mapping[str, Any]) -> Read:  # noqa: ARG002 - as for others
        """Read the run as it is now."""
        with self.reporting_failures():
            return Read(*pipeline_runs.read(self.kind, self.client, olds))

    def update(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
        """Trigger another run where that is wanted."""
        with self.reporting_failures():
            return pipeline_runs.update(self.kind, self.client, olds, news, self._poll_timer(news))

    def delete(self, id_: str, olds: Mapping[str, Any]) -> None:
        """Nothing: what has run has run."""

    def _poll_timer(self, inputs: Mapping[str, Any]) -> PollTimer:
        seconds = min(inputs["timeout"], self._host.timeout() or inputs["timeout"])
        return PollTimer(seconds, self._host.cancellation(), self._host.tell)


class PipelineRunProvider(SyncProvider):
    """Triggers and watches runs for Pulumi's engine."""

    kind = PIPELINE_RUN
    manager_class = PipelineRunManager


class PipelineRun(SyncResource, module="warehouse-sync", name="PipelineRun"):
    """A run of a pipeline: triggered when the resource is created, and again whenever its `triggers` change.

    It brings the data from the last successful run's end, or the pipeline's start, up to now [page]. An update that
    changes nothing but the other arguments triggers none; nor does a refresh. Deleting it deletes nothing remote.

    A run that fails, or extracts fewer than `minimum_records`, fails the update; the next one triggers another. The
    resource's `id` is the pipeline's.
    """

    provider = PipelineRunProvider

    pipeline_run_id: pulumi.Output[int]
    """The run's own id."""
    pipeline_run_state: pulumi.Output[str]
    """The run's state: `success` or `failed` when it has ended; before that `trigger_requested`, `triggered`,
    `queued`, `running`, `dataset_triggered` [page], or whatever else the service says."""
    pipeline_run_type: pulumi.Output[str | None]
    """Why it was created: `manual` or `scheduled`. [page]"""
    is_externally_triggered: pulumi.Output[bool | None]
    """Whether it was triggered from outside the service. [page]"""
    logical_date: pulumi.Output[str | None]
    """What orders the runs of a pipeline, aligned to its schedule. [page]"""
    start_date: pulumi.Output[str | None]
    """When it started. [page]"""
    end_date: pulumi.Output[str | None]
    """When it ended; the service may leave that out. [page]"""
    data_interval_start: pulumi.Output[str | None]
    """From when on it took data. [page]"""
    data_interval_end: pulumi.Output[str | None]
    """Up to when it took data. [page]"""
    records_extracted: pulumi.Output[int | None]
    """Rows taken from the warehouse. [page]"""
    records_mapped: pulumi.Output[int | None]
    """Rows turned into mParticle's format. [page]"""
    event_batches_generated: pulumi.Output[int | None]
    """Batches of events made of them. [page]"""

    # Written by `make reference` from here on, from the arguments.
    pipeline_id: pulumi.Output[str]
    """The pipeline to run."""
    triggers: pulumi.Output[Mapping[str, Any]]
    """Values of any kind."""
    wait: pulumi.Output[bool]
    """Whether to wait for the run to end, and to fail when it fails."""
    timeout: pulumi.Output[int]
    """Seconds, from 1 to a week, that a deployment waits in all."""
    when_busy: pulumi.Output[str]
    """What to do about a pipeline that is not idle."""
    minimum_records: pulumi.Output[int | None]
    """Fail when the run extracted fewer records than this."""

    def __init__(
        self,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        **args: Unpack[PipelineRunArgs],
    ) -> None:
        super().__init__(resource_name, args, opts)
