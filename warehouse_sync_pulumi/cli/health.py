"""The status of a pipeline, and whether something is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warehouse_sync_pulumi.api.models import Pipeline, PipelineRun, PipelineStatus
from warehouse_sync_pulumi.errors import NotFoundError
from warehouse_sync_pulumi.lifecycle import runs as running
from warehouse_sync_pulumi.review.schedule_times import runs
from warehouse_sync_pulumi.schema import format_timestamp, moment_of

from .session import Session

__all__ = ["Health", "has_ended", "number", "read_health"]

_AT_ONCE = 8
"""Statuses that are asked for at the same time."""


@dataclass(frozen=True)
class Health:
    """One pipeline, and its status unless it is so new that there is none."""

    pipeline: Pipeline
    status: PipelineStatus | None

    @property
    def id(self) -> str:
        """The pipeline's id."""
        return str(self.pipeline.id)

    @property
    def is_active(self) -> bool:
        """Whether it runs on its schedule."""
        return bool(self._latest("is_active")) and not self.pipeline.is_draft

    @property
    def is_faulted(self) -> bool:
        """Whether the service gave up on it."""
        return bool(self._latest("is_faulted"))

    @property
    def is_connection_faulted(self) -> bool:
        """Whether its warehouse cannot be reached."""
        return self.status is not None and bool(self.status.is_connection_faulted)

    @property
    def is_connection_active(self) -> bool:
        """Whether its connection may be used."""
        return self.status is None or self.status.is_connection_active is not False

    @property
    def last_run(self) -> PipelineRun | None:
        """The latest run by its logical date."""
        run = None if self.status is None else self.status.latest_pipeline_run
        return run if isinstance(run, PipelineRun) else None

    @property
    def records(self) -> int | None:
        """How many records the last run extracted."""
        return None if self.last_run is None else number(self.last_run.records_extracted)

    def next_run(self, now: datetime) -> datetime | None:
        """When it runs next by its schedule; None when it does not by itself."""
        start = moment_of(self.pipeline.schedule_start_time)
        if not self.is_active or start is None:
            return None
        due = next(runs(str(self.pipeline.schedule_interval), start, now), None)
        end = moment_of(self.pipeline.schedule_end_time)
        return None if due is None or (end is not None and due > end) else due

    @property
    def problems(self) -> list[str]:
        """Everything that is not as it should be, one sentence each."""
        return list(self._problems())

    def _problems(self) -> Iterator[str]:
        if self.is_faulted:
            reason = " ".join(str(self.pipeline.faulted_reason or "").split())
            yield f"{self.id} is faulted: {reason}" if reason else f"{self.id} is faulted; the service gives no reason"
        if self.is_connection_faulted:
            yield f"{self.id} cannot reach its warehouse: see connection {self.pipeline.connection_id}"
        run = self.last_run
        if run is not None and has_ended(run) and run.pipeline_run_state != "success":
            yield f"{self.id} failed in its last run, {run.pipeline_run_id}"

    def _latest(self, flag: str) -> Any:
        """A flag as the status has it, or else the pipeline itself."""
        has_it = self.status is not None and flag in self.status.model_fields_set
        return getattr(self.status if has_it else self.pipeline, flag)

    def as_json(self, now: datetime) -> dict[str, Any]:
        """The same for scripts: the service's own fields, and what was made of them."""
        next_run = self.next_run(now)
        status = {} if self.status is None else self.status.model_dump(mode="json")
        found = {"pipeline_id": self.id, **self.pipeline.model_dump(mode="json"), **status}
        found.pop("id", None)
        return {
            **found,
            "next_run": None if next_run is None else format_timestamp(next_run),
            "problems": self.problems,
        }


def read_health(session: Session, pipelines: Sequence[str]) -> list[Health]:
    """The named pipelines as they are now, or all of the workspace, by their ids."""
    listed = {str(item.get("id")): item for item in session.client.list(session.pipeline())}
    for missing in (name for name in pipelines if name not in listed):
        session.client.get(session.pipeline(missing))  # says that there is none
    chosen = [listed[name] for name in (dict.fromkeys(pipelines) or sorted(listed)) if name in listed]

    def asked(listed: dict[str, Any]) -> Health:
        pipeline = Pipeline.model_validate(listed)
        try:
            status = session.client.runs.status(session.pipeline(str(pipeline.id)))
        except NotFoundError:
            return Health(pipeline, None)
        return Health(pipeline, PipelineStatus.model_validate(status))

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(asked, chosen))


def number(value: Any) -> int | None:
    """A counter; None where it is none."""
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def has_ended(run: PipelineRun) -> bool:
    """Whether nothing more happens to a run."""
    return running.has_ended(run.model_dump())
