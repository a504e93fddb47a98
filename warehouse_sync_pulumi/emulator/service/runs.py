"""Pipeline runs: made by a trigger or a schedule, and passing through their states on the emulator's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ..behaviour import Behaviour
from ..clock import Clock
from ..http.messages import ApiError
from ..warehouse import Extraction
from .schedules import SCHEDULE_FIELDS, earliest_start, intervals_due, pipeline_start
from .store import Store
from .times import format_schedule_time, format_server_time, parse_schedule_time, parse_server_time

__all__ = ["AUTHOR", "Extractor", "Runs"]

AUTHOR = "developer@mparticle.com"
"""Who made everything, as in the reference's examples."""

_COUNTERS = ("records_extracted", "records_mapped", "event_batches_generated")


Extractor = Callable[[int, dict[str, Any], datetime, datetime], Extraction | None]
"""Counts a pipeline's rows in an interval; None when there is no warehouse to ask."""


class Runs:
    """The runs of every pipeline in a store.

    A stored run holds its documented fields and, under `_`, when it enters each state: what it shows follows from
    the clock, so that nothing has to happen in the background.
    """

    def __init__(self, store: Store, clock: Clock, behaviour: Callable[[], Behaviour], extract: Extractor) -> None:
        self._store = store
        self._clock = clock
        self._behaviour = behaviour
        self._extract = extract

    def trigger(self, workspace: int, pipeline: dict[str, Any]) -> dict[str, Any]:
        """Start a run from the last success (or the start) until now; 400 unless the pipeline is idle [page]."""
        with self._store.lock:
            name = pipeline["id"]
            if pipeline.get("is_draft"):
                raise ApiError(400, f"Pipeline {name} is a draft.")
            if not pipeline.get("is_active", True) and self._behaviour().trigger_inactive == "reject":
                raise ApiError(400, f"Pipeline {name} is not active.")
            now = self._clock.now()
            runs = self._with_scheduled_runs(workspace, pipeline)
            if any(not self._ended(run, now) for run in runs):
                raise ApiError(400, f"Pipeline {name} is already in progress.")
            start = self._last_success(runs) or pipeline_start(pipeline)
            run = self._new(workspace, name, now, start, now, manual=True)
            runs.append(run)
            self._store.save()
            return {"pipeline_run_id": run["pipeline_run_id"], "status": "trigger_requested"}

    def all(self, workspace: int, pipeline: dict[str, Any]) -> list[dict[str, Any]]:
        """Every run as the API shows it, in the order of `run_order`."""
        with self._store.lock:
            runs_so_far = self._with_scheduled_runs(workspace, pipeline)
            unsettled = any(run["_"] for run in runs_so_far)
            runs = [self._shown(workspace, run) for run in runs_so_far]
            if unsettled:
                self._store.save()
            newest_first = self._behaviour().run_order == "newest_first"
            return sorted(runs, key=lambda run: (run["logical_date"], run["pipeline_run_id"]), reverse=newest_first)

    def latest(self, workspace: int, pipeline: dict[str, Any]) -> dict[str, Any] | None:
        """The most recent run by its logical date [page]."""
        with self._store.lock:
            now = self._clock.now()
            runs = self._with_scheduled_runs(workspace, pipeline)
            if self._behaviour().latest_run == "completed":
                runs = [run for run in runs if self._ended(run, now)]
            last = max(runs, key=lambda run: (run["logical_date"], run["pipeline_run_id"]), default=None)
            return last and self._shown(workspace, last)

    def end_period(self, workspace: int, pipeline: dict[str, Any]) -> None:
        """Keep a schedule that is about to change; its runs up to now are made when they are read."""
        with self._store.lock:
            history = self._store.history(workspace, pipeline["id"])
            history["past"].append(self._current_period(pipeline, history))
            history["since"] = self._clock.now().isoformat()

    def settle(self, workspace: int, pipeline: dict[str, Any]) -> None:
        """Find out how the ended runs went, and with it whether the pipeline is faulted."""
        self.all(workspace, pipeline)

    def add(self, workspace: int, pipeline_id: str, **fields: Any) -> dict[str, Any]:
        """Add a finished run, with any fields set."""
        with self._store.lock:
            now = self._clock.now()
            hour = now.replace(minute=0, second=0, microsecond=0)
            run = self._new(workspace, pipeline_id, hour - timedelta(hours=1), hour - timedelta(hours=1), hour)
            run.update({"pipeline_run_state": "success", "_": None}, **fields)
            self._store.history(workspace, pipeline_id)["runs"].append(run)
            self._store.save()
            return run

    def _with_scheduled_runs(self, workspace: int, pipeline: dict[str, Any]) -> list[dict[str, Any]]:
        """The stored runs, after the due ones of the schedule were added."""
        history = self._store.history(workspace, pipeline["id"])
        periods = [*history["past"], self._current_period(pipeline, history)]
        runs: list[dict[str, Any]] = history["runs"]
        before = len(runs)
        for schedule, since, until in periods:
            made = parse_server_time(schedule["created_on"])
            for start, end in intervals_due(schedule, datetime.fromisoformat(since), datetime.fromisoformat(until)):
                runs.append(self._new(workspace, pipeline["id"], start, start, end, made=max(end, made)))
        history["past"], history["since"] = [], periods[-1][2]
        if len(runs) > before:
            self._store.save()
        return runs

    def _current_period(self, pipeline: dict[str, Any], history: dict[str, Any]) -> tuple[dict[str, Any], str, str]:
        """A schedule, and its first and last instant; a new pipeline's reaches back to its catch-up limit."""
        created = parse_server_time(pipeline["created_on"])
        since = history["since"]
        if since is None:
            reach = earliest_start(pipeline["schedule_interval"], created) if self._behaviour().catch_up else created
            # The microsecond puts creation itself, which is when `once` runs, after the period's beginning.
            since = min(reach, created - timedelta(microseconds=1)).isoformat()
        return {name: pipeline.get(name) for name in SCHEDULE_FIELDS}, since, self._clock.now().isoformat()

    def _new(  # noqa: PLR0913 - what makes a run
        self,
        workspace: int,
        pipeline_id: str,
        logical: datetime,
        start: datetime,
        end: datetime,
        *,
        manual: bool = False,
        made: datetime | None = None,
    ) -> dict[str, Any]:
        made = made or self._clock.now()
        behaviour = self._behaviour()
        changes = [made + timedelta(seconds=n * behaviour.phase_seconds) for n in range(len(behaviour.run_phases) + 1)]
        return {
            "pipeline_run_id": self._store.next_run_id(),
            "id": pipeline_id,
            "workspace_id": workspace,
            "logical_date": format_schedule_time(logical),
            "start_date": None,
            "end_date": None,
            "data_interval_start": format_schedule_time(start),
            "data_interval_end": format_schedule_time(end),
            "pipeline_run_type": "manual" if manual else "scheduled",
            "pipeline_run_state": None,
            "is_externally_triggered": manual,
            **dict.fromkeys(_COUNTERS),
            "created_on": format_server_time(made),
            "created_by": AUTHOR,
            "last_modified_on": None,
            "last_modified_by": None,
            "_": {"phases": list(behaviour.run_phases), "changes": [change.isoformat() for change in changes]},
        }

    def _shown(self, workspace: int, run: dict[str, Any]) -> dict[str, Any]:
        """A run as of now; one that has ended is settled for good."""
        now = self._clock.now()
        if self._ended(run, now):
            self._settle(workspace, run)
            shown = {key: value for key, value in run.items() if key != "_"}
        else:
            plan = run["_"]
            changes = [datetime.fromisoformat(change) for change in plan["changes"]]
            phase = max(number for number, change in enumerate(changes) if change <= now or number == 0)
            shown = {key: value for key, value in run.items() if key != "_"}
            shown["pipeline_run_state"] = plan["phases"][phase]
            shown["start_date"] = format_schedule_time(changes[0])
            shown["last_modified_on"] = format_server_time(changes[phase])
            shown["last_modified_by"] = AUTHOR
        behaviour = self._behaviour()
        if behaviour.recorded_fields == "always":
            shown["airflow_dag_id"] = f"{workspace}_{run['id']}"
        return {**shown, **behaviour.extra_fields.get("runs", {})}

    def _ended(self, run: dict[str, Any], now: datetime) -> bool:
        return run["_"] is None or datetime.fromisoformat(run["_"]["changes"][-1]) <= now

    def _settle(self, workspace: int, run: dict[str, Any]) -> None:
        """Find out how an ended run went: from the warehouse, else from the switches."""
        if run["_"] is None:
            return
        behaviour = self._behaviour()
        pipeline = self._store.get("pipelines", workspace, run["id"])
        start, end = (parse_schedule_time(run[f"data_interval_{side}"]) for side in ("start", "end"))
        found = None if pipeline is None else self._extract(workspace, pipeline, start, end)
        state, reason = behaviour.run_outcome, behaviour.run_fault
        records = behaviour.run_records if found is None else found.records
        if found is not None and found.failure is not None:
            state, reason = "failed", found.failure
        succeeded = state == "success"
        changes = [datetime.fromisoformat(change) for change in run["_"]["changes"]]
        run.update(
            {
                "pipeline_run_state": state,
                "start_date": format_schedule_time(changes[0]),
                "end_date": format_schedule_time(changes[-1]) if behaviour.run_end_date == "end" else None,
                **dict.fromkeys(_COUNTERS, records if succeeded else None),
                "last_modified_on": format_server_time(changes[-1]),
                "last_modified_by": AUTHOR,
                "_": None,
            }
        )
        if pipeline is not None and reason is not None and not succeeded:
            pipeline.update({"is_faulted": True, "faulted_reason": reason})
        elif pipeline is not None and succeeded:
            pipeline.update({"is_faulted": False, "faulted_reason": None})

    def _last_success(self, runs: list[dict[str, Any]]) -> datetime | None:
        """The end of the last successful run's interval."""
        for run in runs:
            self._settle(run["workspace_id"], run)
        ends = [parse_schedule_time(run["data_interval_end"]) for run in runs if run["pipeline_run_state"] == "success"]
        return max(ends, default=None)
