"""What the API does with its objects, without HTTP."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from ..behaviour import Behaviour
from ..clock import Clock
from ..http.messages import ApiError
from ..warehouse import BadQueryError, Extraction, UnreachableError, Warehouse
from .models import Connection, DataModel, Kind, Pipeline
from .objects import fill, show
from .requests import merge, read, validate
from .runs import AUTHOR, Runs
from .store import Store
from .times import format_server_time, parse_schedule_time, parse_server_time

__all__ = ["Service"]

Object = dict[str, Any]


class Service:
    """Reads and changes the stored objects as the API does."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        behaviour: Callable[[], Behaviour],
        stopping: threading.Event,
        warehouse: Warehouse | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._behaviour = behaviour
        self._stopping = stopping
        self._warehouse = warehouse
        self.runs = Runs(store, clock, behaviour, self._extract)

    # --- reading ---

    def list(self, kind: Kind, workspace: int, type_wanted: str | None = None) -> list[Object]:
        """Every object of a kind: a bare array, not paged [recorded]."""
        behaviour = self._behaviour()
        with self._store.lock:
            held = [value for value in self._store.all(kind.collection, workspace).values() if self._visible(value)]
            for value in held:
                self._settle(kind, workspace, value)
            return [
                show(kind, value, behaviour)
                for value in held
                if type_wanted is None or value.get("type") == type_wanted
            ]

    def get(self, kind: Kind, workspace: int, object_id: str) -> Object:
        """One object; 404 when there is none."""
        with self._store.lock:
            value = self._visible_object(kind, workspace, object_id)
            self._settle(kind, workspace, value)
            return show(kind, value, self._behaviour())

    def status(self, workspace: int, pipeline_id: str) -> Object:
        """A pipeline's status [page]; 404 for a while after its creation [recorded]."""
        behaviour = self._behaviour()
        with self._store.lock:
            pipeline = self._visible_object(Pipeline, workspace, pipeline_id)
            age = self._clock.now() - parse_server_time(pipeline["created_on"])
            if age < timedelta(seconds=behaviour.status_after_seconds):
                raise ApiError(404, f"The status of pipeline {pipeline_id} was not found.")
            latest = self.runs.latest(workspace, pipeline)  # before the faults are read: it may settle a run
            connection = self._store.get("connections", workspace, pipeline["connection_id"]) or {}
            return {
                "pipeline_id": pipeline_id,
                "workspace_id": workspace,
                "is_faulted": pipeline["is_faulted"],
                "is_connection_faulted": bool(connection.get("is_faulted", True)),
                "is_connection_active": bool(connection.get("is_active", bool(connection))),
                "is_active": pipeline["is_active"],
                "latest_pipeline_run": latest,
                **behaviour.extra_fields.get("status", {}),
            }

    def run_list(self, workspace: int, pipeline_id: str, query: Mapping[str, str]) -> Object:
        """A page of a pipeline's runs [page]; there is no total."""
        behaviour = self._behaviour()
        first = behaviour.first_page
        page = _number(query, "currentPage", first, at_least=first)
        size = _number(query, "pageSize", behaviour.page_size, at_least=1)
        start, end = (_moment(query, name) for name in ("startDate", "endDate"))
        with self._store.lock:
            pipeline = self._visible_object(Pipeline, workspace, pipeline_id)
            runs = [
                run
                for run in self.runs.all(workspace, pipeline)
                if (start is None or parse_schedule_time(run["logical_date"]) >= start)
                and (end is None or parse_schedule_time(run["logical_date"]) <= end)
            ]
        skipped = (page - first) * size
        return {"items": runs[skipped : skipped + size]}

    def run(self, workspace: int, pipeline_id: str, run_id: str) -> Object:
        """One run of a pipeline."""
        with self._store.lock:
            pipeline = self._visible_object(Pipeline, workspace, pipeline_id)
            for run in self.runs.all(workspace, pipeline):
                if str(run["pipeline_run_id"]) == run_id:
                    return run
        raise ApiError(404, f"Pipeline run {run_id} of pipeline {pipeline_id} was not found.")

    # --- changing ---

    def create(self, kind: Kind, workspace: int, body: Object) -> Object:
        """Create an object and return it."""
        behaviour = self._behaviour()
        given = read(kind, workspace, body, behaviour)
        validate(kind, given, behaviour)
        object_id = given["id"]
        self._refuse_taken(kind, workspace, object_id)
        self._check_warehouse(kind, given)
        with self._store.lock:
            self._refuse_taken(kind, workspace, object_id)
            now = format_server_time(self._clock.now())
            made = {"created_on": now, "created_by": AUTHOR, "last_modified_on": None, "last_modified_by": None}
            value = fill(kind, given, made, behaviour)
            self._refuse_references(kind, workspace, value)
            self._store.put(kind.collection, workspace, object_id, value)
            return show(kind, value, behaviour)

    def update(self, kind: Kind, workspace: int, object_id: str, body: Object) -> Object:
        """Replace an object and return it."""
        behaviour = self._behaviour()
        with self._store.lock:
            old = dict(self._stored_object(kind, workspace, object_id))
        given = read(kind, workspace, body, behaviour, object_id=object_id)
        given = merge(kind, old, given, behaviour)
        validate(kind, given, behaviour, replaces=True)
        self._check_warehouse(kind, given)
        with self._store.lock:
            old = self._stored_object(kind, workspace, object_id)
            if kind is Pipeline:
                self.runs.end_period(workspace, old)  # by the schedule that held until now
            made = {
                "created_on": old["created_on"],
                "created_by": old["created_by"],
                "last_modified_on": format_server_time(self._clock.now()),
                "last_modified_by": AUTHOR,
            }
            value = fill(kind, given, made, behaviour)
            self._refuse_references(kind, workspace, value)
            self._store.put(kind.collection, workspace, object_id, value)
            return show(kind, value, behaviour)

    def delete(self, kind: Kind, workspace: int, object_id: str) -> bool:
        """Delete an object; return whether there was one."""
        behaviour = self._behaviour()
        with self._store.lock:
            if self._store.get(kind.collection, workspace, object_id) is None:
                if behaviour.delete_missing == 404:  # noqa: PLR2004 - a status
                    raise _not_found(kind, object_id)
                return False
            if kind is not Pipeline:
                field = "connection_id" if kind is Connection else "data_model_id"
                users = self._store.users_of(field, workspace, object_id)
                if users and behaviour.delete_in_use == "reject":
                    raise ApiError(400, f"{kind.label} {object_id} is in use by pipeline {', '.join(users)}.")
                for user in users if behaviour.delete_in_use == "cascade" else ():
                    self._store.remove("pipelines", workspace, user)
            return self._store.remove(kind.collection, workspace, object_id)

    def trigger(self, workspace: int, pipeline_id: str) -> Object:
        """Start a run."""
        with self._store.lock:
            return self.runs.trigger(workspace, self._visible_object(Pipeline, workspace, pipeline_id))

    # --- checks before a change ---

    def _refuse_taken(self, kind: Kind, workspace: int, object_id: str) -> None:
        if self._store.get(kind.collection, workspace, object_id) is not None:
            raise ApiError(self._behaviour().duplicate_status, f"{kind.label} {object_id} already exists.")

    def _refuse_references(self, kind: Kind, workspace: int, value: Object) -> None:
        if kind is not Pipeline:
            return
        behaviour = self._behaviour()
        if behaviour.missing_reference == "reject":
            missing = [
                f"{target.label} {value[field]} was not found."
                for field, target in (("connection_id", Connection), ("data_model_id", DataModel))
                if self._store.get(target.collection, workspace, value[field]) is None
            ]
            if missing:
                raise ApiError(400, *missing)
        most = behaviour.max_active_pipelines
        if most is not None and value["is_active"]:
            others = self._store.all("pipelines", workspace).items()
            if sum(1 for name, other in others if other["is_active"] and name != value["id"]) >= most:
                raise ApiError(400, f"A workspace can have at most {most} active pipelines.")

    def _check_warehouse(self, kind: Kind, given: Object) -> None:
        """Wait as long as a change takes, and ask the warehouse for errors; never under the lock."""
        behaviour = self._behaviour()
        self._clock.wait(
            {
                "connections": behaviour.connection_seconds,
                "data-models": behaviour.data_model_seconds,
                "pipelines": behaviour.pipeline_seconds,
            }.get(kind.collection, 0.0),
            self._stopping,
        )
        if self._warehouse is None:
            return
        try:
            if kind is Connection and given.get("type") == kind.documented_type:
                self._warehouse.check(given)
            elif kind is DataModel:
                columns = self._warehouse.columns(given)
                if len(columns) > behaviour.max_columns:
                    raise ApiError(400, f"A data model can have at most {behaviour.max_columns} columns.")
        except UnreachableError as error:
            raise ApiError(505, str(error)) from error
        except BadQueryError as error:
            raise ApiError(400, str(error)) from error

    def _extract(self, workspace: int, pipeline: Object, start: datetime, end: datetime) -> Extraction | None:
        """Count a run's rows in the warehouse."""
        if self._warehouse is None:
            return None
        connection = self._store.get("connections", workspace, pipeline["connection_id"])
        data_model = self._store.get("data-models", workspace, pipeline["data_model_id"])
        if connection is None or data_model is None:
            return Extraction(failure="The pipeline's connection or data model does not exist.")
        try:
            self._warehouse.check(connection)
        except UnreachableError as error:
            connection["is_faulted"] = True
            return Extraction(failure=str(error))
        connection["is_faulted"] = False
        try:
            return Extraction(records=self._warehouse.count(data_model, start, end))
        except BadQueryError as error:
            return Extraction(failure=str(error))

    # --- looking up ---

    def _visible_object(self, kind: Kind, workspace: int, object_id: str) -> Object:
        value = self._stored_object(kind, workspace, object_id)
        if not self._visible(value):
            raise _not_found(kind, object_id)
        return value

    def _stored_object(self, kind: Kind, workspace: int, object_id: str) -> Object:
        value = self._store.get(kind.collection, workspace, object_id)
        if value is None:
            raise _not_found(kind, object_id)
        return value

    def _settle(self, kind: Kind, workspace: int, value: Object) -> None:
        """Update whether a pipeline is faulted from its ended runs, where runs can fail for a reason."""
        if kind is Pipeline and (self._warehouse is not None or self._behaviour().run_fault is not None):
            self.runs.settle(workspace, value)

    def _visible(self, value: Object) -> bool:
        age = self._clock.now() - parse_server_time(value["created_on"])
        return age >= timedelta(seconds=self._behaviour().visible_after_seconds)


def _not_found(kind: Kind, object_id: str) -> ApiError:
    return ApiError(404, f"{kind.label} {object_id} was not found.")


def _number(query: Mapping[str, str], name: str, default: int, *, at_least: int) -> int:
    text = query.get(name, str(default))
    if not re.fullmatch(r"\d{1,9}", text) or int(text) < at_least:
        raise ApiError(400, f"{name} must be an integer of {at_least} or more.")
    return int(text)


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    if name not in query:
        return None
    text = query[name]
    try:
        return parse_schedule_time(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError:
        raise ApiError(400, f"{name} must be a date or a timestamp such as 2022-10-30T11:00:16Z.") from None
