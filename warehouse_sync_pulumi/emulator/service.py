"""What the API does: the objects' life, without HTTP."""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from .behaviour import Behaviour
from .clock import Clock
from .messages import ApiError
from .runs import AUTHOR, Runs
from .schedules import chosen_start
from .shapes import CONNECTIONS, DATA_MODELS, KINDS, MASK, PIPELINES, Field, Kind
from .store import Store
from .times import parse_schedule_time, parse_server_time, schedule_time, server_time
from .warehouse import BadQueryError, Found, UnreachableError, Warehouse

__all__ = ["Service"]

Object = dict[str, Any]


class Service:
    """Reads and changes what the store holds, as the API would."""

    def __init__(
        self,
        store: Store,
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
        with self._store.lock:
            held = [value for value in self._store.all(kind.name, workspace).values() if self._visible(value)]
            return [
                self._shown(kind, value) for value in held if type_wanted is None or value.get("type") == type_wanted
            ]

    def get(self, kind: Kind, workspace: int, object_id: str) -> Object:
        """One object; 404 when there is none."""
        with self._store.lock:
            return self._shown(kind, self._held(kind, workspace, object_id))

    def status(self, workspace: int, pipeline_id: str) -> Object:
        """A pipeline's status [page]; 404 for a while after its creation [recorded]."""
        behaviour = self._behaviour()
        with self._store.lock:
            pipeline = self._held(PIPELINES, workspace, pipeline_id)
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
            pipeline = self._held(PIPELINES, workspace, pipeline_id)
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
            pipeline = self._held(PIPELINES, workspace, pipeline_id)
            for run in self.runs.all(workspace, pipeline):
                if str(run["pipeline_run_id"]) == run_id:
                    return run
        raise ApiError(404, f"Pipeline run {run_id} of pipeline {pipeline_id} was not found.")

    # --- changing ---

    def create(self, kind: Kind, workspace: int, body: Object) -> Object:
        """Make an object and show it."""
        given = self._given(kind, workspace, body)
        self._refuse_problems(kind, given, required=True)
        object_id = given["id"]
        self._refuse_taken(kind, workspace, object_id)
        self._ask_warehouse(kind, given)
        with self._store.lock:
            self._refuse_taken(kind, workspace, object_id)
            now = server_time(self._clock.now())
            made = {"created_on": now, "created_by": AUTHOR, "last_modified_on": None, "last_modified_by": None}
            value = self._filled(kind, workspace, given, made)
            self._refuse_references(kind, workspace, value)
            self._store.put(kind.name, workspace, object_id, value)
            return self._shown(kind, value)

    def update(self, kind: Kind, workspace: int, object_id: str, body: Object) -> Object:
        """Replace an object and show it."""
        with self._store.lock:
            old = dict(self._held(kind, workspace, object_id))
        given = self._merged(kind, old, self._given(kind, workspace, body, object_id=object_id))
        self._refuse_problems(kind, given, required=True)
        self._ask_warehouse(kind, given)
        with self._store.lock:
            old = self._held(kind, workspace, object_id)
            if kind is PIPELINES:
                self.runs.follow(workspace, old)  # by the schedule that held until now
            made = {
                "created_on": old["created_on"],
                "created_by": old["created_by"],
                "last_modified_on": server_time(self._clock.now()),
                "last_modified_by": AUTHOR,
            }
            value = self._filled(kind, workspace, given, made)
            self._refuse_references(kind, workspace, value)
            self._store.put(kind.name, workspace, object_id, value)
            return self._shown(kind, value)

    def delete(self, kind: Kind, workspace: int, object_id: str) -> bool:
        """Remove an object; tell whether anything was removed."""
        behaviour = self._behaviour()
        with self._store.lock:
            if self._store.get(kind.name, workspace, object_id) is None:
                if behaviour.delete_missing == 404:  # noqa: PLR2004 - a status
                    raise _not_found(kind, object_id)
                return False
            if kind is not PIPELINES:
                field = "connection_id" if kind is CONNECTIONS else "data_model_id"
                users = self._store.users_of(field, workspace, object_id)
                if users and behaviour.delete_in_use == "reject":
                    raise ApiError(400, f"{kind.label} {object_id} is in use by pipeline {', '.join(users)}.")
                for user in users if behaviour.delete_in_use == "cascade" else ():
                    self._store.remove("pipelines", workspace, user)
            return self._store.remove(kind.name, workspace, object_id)

    def trigger(self, workspace: int, pipeline_id: str) -> Object:
        """Start a run."""
        with self._store.lock:
            return self.runs.trigger(workspace, self._held(PIPELINES, workspace, pipeline_id))

    # --- what a request says ---

    def _given(self, kind: Kind, workspace: int, body: Object, object_id: str | None = None) -> Object:
        """The request's own fields, once what the switches say about them is done."""
        behaviour = self._behaviour()
        problems: list[str] = []
        given: Object = {}
        for name, raw in body.items():
            field = kind.by_name.get(name)
            value = raw.strip() if behaviour.trim_strings and isinstance(raw, str) else raw
            if value is None and behaviour.explicit_null == "absent":
                continue
            if field is None:
                if behaviour.unknown_field == "reject":
                    problems.append(f"{name} is not a field of a {kind.label.lower()}.")
                if behaviour.unknown_field == "store" or behaviour.accept_any_type:
                    given[name] = value
            elif not field.made_by_server:
                given[name] = value
        if "workspace_id" in given and given["workspace_id"] != workspace:
            if behaviour.workspace_mismatch == "reject" or not _is_integer(given["workspace_id"]):
                problems.append(f"workspace_id must be {workspace}, the workspace of the path.")
        if object_id is not None and given.get("id", object_id) != object_id and behaviour.body_id_mismatch == "reject":
            problems.append(f"id must be {object_id}, the id of the path.")
        if problems:
            raise ApiError(400, *problems)
        given["workspace_id"] = workspace
        if object_id is not None:
            given["id"] = object_id
        return given

    def _merged(self, kind: Kind, old: Object, given: Object) -> Object:
        """A PUT's fields, with what it leaves out taken from the old object where the switches say so."""
        behaviour = self._behaviour()
        if "type" in old and given.get("type", old["type"]) != old["type"] and behaviour.type_change == "reject":
            raise ApiError(400, f"The type of a {kind.label.lower()} cannot change.")
        for name in kind.secrets:
            if given.get(name) == MASK and behaviour.secret_mask == "reject":
                raise ApiError(400, f"{name} must be the secret itself.")
            kept_mask = given.get(name) == MASK and behaviour.secret_mask == "keep"
            kept_absent = name not in given and behaviour.put_absent_secret == "keep"
            if kept_mask or kept_absent:
                given[name] = old.get(name)
            elif name not in given and behaviour.put_absent_secret == "clear":
                given[name] = None
        if behaviour.put_absent == "keep":
            for field in kind.fields:
                if not (field.made_by_server or field.secret) and field.name in old:
                    given.setdefault(field.name, old[field.name])
        return given

    def _refuse_problems(self, kind: Kind, given: Object, *, required: bool) -> None:
        """Raise for everything that is wrong with a request, all at once."""
        behaviour = self._behaviour()
        problems = []
        foreign = behaviour.accept_any_type and given.get("type") != kind.documented_type
        for field in kind.fields:
            cleared = field.secret and field.name in given and given[field.name] is None
            if given.get(field.name) is None:
                if required and field.required and not foreign and not cleared:
                    problems.append(f"{field.name} is required.")
            elif not (foreign and field.name == "type") and (problem := field.problem(given[field.name])):
                problems.append(problem)
        if not problems and kind is PIPELINES and given.get("schedule_start_time") and given.get("schedule_end_time"):
            start, end = (parse_schedule_time(given[f"schedule_{side}_time"]) for side in ("start", "end"))
            if end <= start:
                problems.append("schedule_end_time must be after schedule_start_time.")
        if (
            not problems
            and kind is DATA_MODELS
            and not re.match(r"\s*\(*\s*SELECT\b", given["sql_query"], re.IGNORECASE)
        ):
            problems.append("sql_query is not valid: only SELECT statements are supported.")
        if problems:
            raise ApiError(400, *problems)

    def _filled(self, kind: Kind, workspace: int, given: Object, made: Object) -> Object:
        """The whole object: what was given, what is absent, and what the server chooses."""
        behaviour = self._behaviour()
        value: Object = {"id": given["id"]}
        for field in kind.fields:
            if field.source == "recorded" and field.name not in given:
                continue
            value[field.name] = given.get(field.name, field.default)
        value.update({name: content for name, content in given.items() if name not in value}, **made)
        for name, chosen in self._choices(kind, value).items():
            if name not in given:  # an explicit null that counts as a value stays null
                value[name] = chosen
        for name in ("schedule_start_time", "schedule_end_time"):
            if value.get(name) is not None:
                value[name] = _in_form(value[name], behaviour.time_form)
        value["workspace_id"] = workspace
        return value

    def _choices(self, kind: Kind, value: Object) -> Object:
        """What the server puts into fields left unset."""
        behaviour = self._behaviour()
        chosen: Object = dict(behaviour.fill_unset.get(kind.name, {}))
        if kind is DATA_MODELS and behaviour.fill_offset:
            chosen["load_timestamp_field_time_offset"] = 0
        if kind is PIPELINES and behaviour.fill_start_time:
            created = parse_server_time(value["created_on"])
            chosen["schedule_start_time"] = schedule_time(chosen_start(value["schedule_interval"], created))
        if kind is PIPELINES and behaviour.fill_feed_id and value["partner_feed_key"]:
            chosen["partner_feed_id"] = 1000 + zlib.crc32(value["partner_feed_key"].encode()) % 9000
        return chosen

    # --- what stands against a change ---

    def _refuse_taken(self, kind: Kind, workspace: int, object_id: str) -> None:
        if self._store.get(kind.name, workspace, object_id) is not None:
            raise ApiError(self._behaviour().duplicate_status, f"{kind.label} {object_id} already exists.")

    def _refuse_references(self, kind: Kind, workspace: int, value: Object) -> None:
        if kind is not PIPELINES:
            return
        behaviour = self._behaviour()
        if behaviour.missing_reference == "reject":
            missing = [
                f"{target.label} {value[field]} was not found."
                for field, target in (("connection_id", CONNECTIONS), ("data_model_id", DATA_MODELS))
                if self._store.get(target.name, workspace, value[field]) is None
            ]
            if missing:
                raise ApiError(400, *missing)
        most = behaviour.max_active_pipelines
        if most is not None and value["is_active"]:
            others = self._store.all("pipelines", workspace).items()
            if sum(1 for name, other in others if other["is_active"] and name != value["id"]) >= most:
                raise ApiError(400, f"A workspace can have at most {most} active pipelines.")

    def _ask_warehouse(self, kind: Kind, given: Object) -> None:
        """Take the time that a change takes, and let the warehouse object; never under the lock."""
        behaviour = self._behaviour()
        self._clock.wait(
            {
                "connections": behaviour.connection_seconds,
                "data-models": behaviour.data_model_seconds,
                "pipelines": behaviour.pipeline_seconds,
            }[kind.name],
            self._stopping,
        )
        if self._warehouse is None:
            return
        try:
            if kind is CONNECTIONS and given.get("type") == kind.documented_type:
                self._warehouse.check(given)
            elif kind is DATA_MODELS:
                columns = self._warehouse.columns(given)
                if len(columns) > behaviour.max_columns:
                    raise ApiError(400, f"A data model can have at most {behaviour.max_columns} columns.")
        except UnreachableError as error:
            raise ApiError(505, str(error)) from error
        except BadQueryError as error:
            raise ApiError(400, str(error)) from error

    def _extract(self, workspace: int, pipeline: Object, start: datetime, end: datetime) -> Found | None:
        """Count a run's rows in the warehouse."""
        if self._warehouse is None:
            return None
        connection = self._store.get("connections", workspace, pipeline["connection_id"])
        data_model = self._store.get("data-models", workspace, pipeline["data_model_id"])
        if connection is None or data_model is None:
            return Found(fault="The pipeline's connection or data model does not exist.")
        try:
            self._warehouse.check(connection)
        except UnreachableError as error:
            connection["is_faulted"] = True
            return Found(fault=str(error))
        connection["is_faulted"] = False
        try:
            return Found(records=self._warehouse.count(data_model, start, end))
        except BadQueryError as error:
            return Found(fault=str(error))

    # --- what an answer shows ---

    def _held(self, kind: Kind, workspace: int, object_id: str) -> Object:
        value = self._store.get(kind.name, workspace, object_id)
        if value is None or not self._visible(value):
            raise _not_found(kind, object_id)
        return value

    def _visible(self, value: Object) -> bool:
        age = self._clock.now() - parse_server_time(value["created_on"])
        return age >= timedelta(seconds=self._behaviour().visible_after_seconds)

    def _shown(self, kind: Kind, value: Object) -> Object:
        behaviour = self._behaviour()
        shown: Object = {}
        for field in kind.fields:
            if field.source == "recorded" and not self._shows_recorded(field, value):
                continue
            shown[field.name] = value.get(field.name, True if field.name == "is_active" else field.default)
        shown.update({name: content for name, content in value.items() if name not in kind.by_name})
        for name in (*kind.secrets, "service_account_key"):
            if shown.get(name) is not None:
                shown[name] = MASK
        return {**shown, **behaviour.extra_fields.get(kind.name, {})}

    def _shows_recorded(self, field: Field, value: Object) -> bool:
        shows = self._behaviour().recorded_fields
        return shows == "always" or (shows == "when_used" and field.name in value)


def _not_found(kind: Kind, object_id: str) -> ApiError:
    return ApiError(404, f"{kind.label} {object_id} was not found.")


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _in_form(text: str, form: str) -> str:
    if form == "as_sent":
        return text
    utc = schedule_time(parse_schedule_time(text))
    return utc[:-1] + {"utc": "Z", "milliseconds": ".000Z", "offset": "+00:00"}[form]


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
