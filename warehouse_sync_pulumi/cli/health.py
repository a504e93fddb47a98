"""Where a pipeline stands, and whether that is as it should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warehouse_sync_pulumi.errors import NotFoundError
from warehouse_sync_pulumi.running import count, has_ended
from warehouse_sync_pulumi.schedule import runs
from warehouse_sync_pulumi.schema import instant, written
from warehouse_sync_pulumi.secrets import hide_in

from .session import Session

__all__ = ["Health", "look", "moment_of"]

_AT_ONCE = 8
"""Statuses that are asked for at the same time."""


@dataclass(frozen=True)
class Health:
    """One pipeline, and its status unless it is so new that there is none."""

    pipeline: Mapping[str, Any]
    status: Mapping[str, Any] | None

    @property
    def id(self) -> str:
        """The pipeline's id."""
        return str(self.pipeline["id"])

    @property
    def is_active(self) -> bool:
        """Whether it runs on its schedule."""
        return bool(self._said("is_active")) and not self.pipeline.get("is_draft")

    @property
    def is_faulted(self) -> bool:
        """Whether the service gave up on it."""
        return bool(self._said("is_faulted"))

    @property
    def is_connection_faulted(self) -> bool:
        """Whether its warehouse cannot be reached."""
        return bool(self._said("is_connection_faulted"))

    @property
    def is_connection_active(self) -> bool:
        """Whether its connection may be used."""
        return self._said("is_connection_active") is not False

    @property
    def last_run(self) -> Mapping[str, Any] | None:
        """The latest run by its logical date."""
        run = (self.status or {}).get("latest_pipeline_run")
        return run if isinstance(run, dict) else None

    @property
    def records(self) -> int | None:
        """How many records the last run extracted."""
        return count(self.last_run or {}, "records_extracted")

    def next_run(self, now: datetime) -> datetime | None:
        """When it runs next by its schedule; None when it does not by itself."""
        start = moment_of(self.pipeline.get("schedule_start_time"))
        if not self.is_active or start is None:
            return None
        due = next(runs(str(self.pipeline.get("schedule_interval")), start, now), None)
        end = moment_of(self.pipeline.get("schedule_end_time"))
        return None if due is None or (end is not None and due > end) else due

    @property
    def problems(self) -> list[str]:
        """Everything that is not as it should be, one sentence each."""
        return list(self._problems())

    def _problems(self) -> Iterator[str]:
        if self.is_faulted:
            reason = " ".join(str(self.pipeline.get("faulted_reason") or "").split())
            yield f"{self.id} is faulted: {reason}" if reason else f"{self.id} is faulted; the service gives no reason"
        if self.is_connection_faulted:
            yield f"{self.id} cannot reach its warehouse: see connection {self.pipeline.get('connection_id')}"
        run = self.last_run
        if run is not None and has_ended(run) and run.get("pipeline_run_state") != "success":
            yield f"{self.id} failed in its last run, {run.get('pipeline_run_id')}"

    def _said(self, name: str) -> Any:
        return {**self.pipeline, **(self.status or {})}.get(name)

    def as_json(self, now: datetime) -> dict[str, Any]:
        """The same for scripts: the service's own fields, and what was made of them."""
        next_run = self.next_run(now)
        pipeline = {name: value for name, value in self.pipeline.items() if name not in ("id", "partner_feed_key")}
        found: dict[str, Any] = hide_in({"pipeline_id": self.id, **pipeline, **(self.status or {})}, ())
        return {
            **found,
            "next_run": None if next_run is None else written(next_run),
            "problems": self.problems,
        }


def look(session: Session, pipelines: Sequence[str]) -> list[Health]:
    """The named pipelines as they are now, or all of the workspace, by their ids."""
    listed = {str(item.get("id")): item for item in session.client.list(session.pipeline())}
    for missing in (name for name in pipelines if name not in listed):
        session.client.get(session.pipeline(missing))  # says that there is none
    chosen = [listed[name] for name in (dict.fromkeys(pipelines) or sorted(listed)) if name in listed]

    def asked(pipeline: Mapping[str, Any]) -> Health:
        try:
            return Health(pipeline, session.client.runs.status(session.pipeline(str(pipeline["id"]))))
        except NotFoundError:
            return Health(pipeline, None)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(asked, chosen))


def moment_of(value: Any) -> datetime | None:
    """The point in time that a field names; None when it names none that can be understood."""
    try:
        return instant(value)
    except (ValueError, AttributeError):
        return None
