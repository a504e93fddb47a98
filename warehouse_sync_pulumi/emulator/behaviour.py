"""How the emulator answers where the API reference leaves a choice: one switch for each."""

# ruff: noqa: FBT003 - the first argument of a switch is its default, whatever its type

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, replace
from typing import Any, Literal, get_type_hints

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

__all__ = ["Behaviour", "Source", "SwitchInfo", "parse_switch", "switches"]

Source = Literal["page", "recorded", "guess"]
"""`page`: the API reference says so. `recorded`: seen in the vendor's other public pages or its tutorial's recorded
requests. `guess`: neither says; each guess is a switch of `Behaviour`, so that a client can be tried both ways."""


def _switch(default: Any, source: Source, text: str) -> Any:
    """A field that knows where its default comes from and what it means."""
    metadata = {"source": source, "text": text}
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Behaviour:
    """Every switch of the emulator; an unknown name or value raises pydantic's ValidationError (a ValueError)."""

    # Identity
    duplicate_status: Literal[400, 409] = _switch(400, "guess", "status of a POST whose id is taken")
    body_id_mismatch: Literal["reject", "ignore"] = _switch(
        "reject", "guess", "a PUT whose body names another id than its path: 400, or the path wins"
    )
    workspace_mismatch: Literal["reject", "ignore"] = _switch(
        "reject", "guess", "a body that names another workspace than the path: 400, or the path wins"
    )
    type_change: Literal["reject", "accept"] = _switch("reject", "guess", "a PUT that changes `type`: 400, or done")
    accept_any_type: bool = _switch(
        False, "guess", "take a `type` beyond the documented one, with whatever fields it brings"
    )

    # Fields of a request
    unknown_field: Literal["ignore", "reject", "store"] = _switch(
        "ignore", "guess", "a field that the API reference does not name: dropped, 400, or kept and returned"
    )
    explicit_null: Literal["absent", "null"] = _switch(
        "absent", "guess", "a null in a request: as if left out, or stored, so that the server fills nothing in"
    )
    put_absent: Literal["clear", "keep"] = _switch(
        "clear", "guess", "an optional field that a PUT leaves out: cleared (PUT replaces the object), or kept"
    )
    put_absent_secret: Literal["reject", "keep", "clear"] = _switch(
        "reject", "guess", "a PUT without the secret: 400, the stored one stays, or it is emptied"
    )
    secret_mask: Literal["overwrite", "keep", "reject"] = _switch(
        "overwrite", "guess", "a PUT that sends `************`: stored as the secret, the stored one stays, or 400"
    )
    missing_reference: Literal["reject", "accept"] = _switch(
        "reject", "guess", "a pipeline that names a connection or data model which does not exist: 400, or taken"
    )

    # Deletion
    delete_in_use: Literal["reject", "allow", "cascade"] = _switch(
        "reject", "guess", "DELETE of what a pipeline uses: 400, done (the pipeline dangles), or its pipelines go too"
    )
    delete_missing: Literal[404, 204] = _switch(404, "guess", "status of a DELETE of something that is not there")

    # What the server adds and changes
    recorded_fields: Literal["when_used", "never", "always"] = _switch(
        "when_used",
        "recorded",
        "fields seen in recordings and not in the API reference (`is_active` on connections and data models, "
        "`mapping_id`, `airflow_dag_id`): returned if a request set them, never, or always",
    )
    extra_fields: Mapping[str, Mapping[str, Any]] = _switch(
        {}, "guess", "fields added to every answer, by kind: connections, data-models, pipelines, runs, status"
    )
    fill_unset: Mapping[str, Mapping[str, Any]] = _switch(
        {}, "guess", "values that the server chooses for fields left unset, by kind"
    )
    fill_offset: bool = _switch(True, "guess", "an unset `load_timestamp_field_time_offset` becomes 0")
    fill_start_time: bool = _switch(
        True, "guess", "an unset `schedule_start_time` becomes creation time minus the catch-up limit, to the minute"
    )
    fill_feed_id: bool = _switch(True, "page", "an unset `partner_feed_id` is looked up by `partner_feed_key`")
    trim_strings: bool = _switch(False, "guess", "strings are stored without surrounding white space")
    time_form: Literal["utc", "as_sent", "milliseconds", "offset"] = _switch(
        "utc", "guess", "how schedule times come back: `…00Z`, as they were sent, `…00.000Z`, or `…00+00:00`"
    )
    visible_after_seconds: float = _switch(0.0, "guess", "for how long GET does not see a new object yet")

    # Tokens and access
    token_seconds: int = _switch(28800, "recorded", "how long a token is valid")
    credentials: Mapping[str, str] | None = _switch(
        None, "guess", "the client ids that get a token, each with its secret; any when unset"
    )
    forbidden_clients: frozenset[str] = _switch(
        frozenset(), "recorded", "client ids that get a token, and a 403 for everything"
    )
    workspaces: frozenset[int] | None = _switch(None, "recorded", "the workspaces that exist; any when unset; else 404")

    # Limits
    max_active_pipelines: int | None = _switch(
        None, "recorded", "active pipelines per workspace (early access: 5); unlimited when unset"
    )
    max_columns: int = _switch(100, "recorded", "columns per data model; checked when there is a warehouse")
    rate_limit: tuple[int, float] | None = _switch(
        None, "recorded", "requests per so many emulator seconds and workspace, then 429; unlimited when unset"
    )

    # Time, in emulator seconds
    token_delay_seconds: float = _switch(0.0, "recorded", "how long a token takes to issue (recorded: 1 to 3)")
    connection_seconds: float = _switch(0.0, "recorded", "how long creating or changing a connection takes (9.6)")
    data_model_seconds: float = _switch(0.0, "recorded", "how long creating or changing a data model takes (0.5)")
    pipeline_seconds: float = _switch(0.0, "recorded", "how long creating or changing a pipeline takes (0.3)")
    status_after_seconds: float = _switch(
        0.0, "recorded", "for how long the status of a new pipeline answers 404 (about 60)"
    )
    phase_seconds: float = _switch(0.5, "guess", "how long a run stays in each state of `run_phases`")

    # Runs
    run_phases: tuple[str, ...] = _switch(
        ("triggered", "queued", "running"), "page", "the states that a run passes through before its last"
    )
    run_outcome: str = _switch("success", "recorded", "the last state of a run: success, failed, or any other text")
    run_records: int | None = _switch(0, "guess", "the counters of a successful run when there is no warehouse")
    run_fault: str | None = _switch(
        None, "guess", "when a run fails, its pipeline becomes faulted with this `faulted_reason`"
    )
    run_end_date: Literal["end", "null"] = _switch(
        "end", "page", "`end_date` of a run that has ended: its end, or null; the examples show both"
    )
    trigger_inactive: Literal["reject", "run"] = _switch("reject", "guess", "a trigger of a paused pipeline")
    latest_run: Literal["any", "completed"] = _switch(
        "any", "page", "whether `latest_pipeline_run` shows a run in progress; the API reference says both"
    )
    catch_up: bool = _switch(
        True, "recorded", "a new pipeline runs the past intervals since its start, up to the limit"
    )
    first_page: int = _switch(1, "guess", "the number of the first page of runs")
    page_size: int = _switch(100, "guess", "runs per page when the request names no size")
    run_order: Literal["newest_first", "oldest_first"] = _switch(
        "newest_first", "guess", "the order of runs, by logical date"
    )

    @classmethod
    def realistic(cls, **switches: Any) -> Behaviour:
        """The service's recorded pace and limits; everything else as by default."""
        recorded: dict[str, Any] = {
            "token_delay_seconds": 2.0,
            "connection_seconds": 9.6,
            "data_model_seconds": 0.5,
            "pipeline_seconds": 0.3,
            "status_after_seconds": 60.0,
            "phase_seconds": 7.0,
            "max_active_pipelines": 5,
            "recorded_fields": "always",
        }
        return cls(**{**recorded, **switches})

    def changed(self, **switches: Any) -> Behaviour:
        """A copy with some switches set otherwise."""
        return replace(self, **switches)


@dataclass(frozen=True)
class SwitchInfo:
    """One switch, described."""

    name: str
    default: Any
    values: str
    source: Source
    text: str


def switches() -> list[SwitchInfo]:
    """Every switch, in the order of its definition."""
    hints = get_type_hints(Behaviour)
    defaults = Behaviour()
    return [
        SwitchInfo(
            item.name,
            getattr(defaults, item.name),
            _values(hints[item.name]),
            item.metadata["source"],
            item.metadata["text"],
        )
        for item in fields(Behaviour)
    ]


def parse_switch(name: str, text: str) -> Any:
    """Read a switch's value as given on a command line: JSON, or plain text.

    Raises:
        ValueError: for an unknown switch or a value that it does not take.
    """
    hints = get_type_hints(Behaviour)
    if name not in hints:
        raise ValueError(f"There is no switch {name}.")
    adapter = TypeAdapter(hints[name])
    try:
        return adapter.validate_json(text)
    except ValueError:
        return adapter.validate_python(text)


def _values(hint: Any) -> str:
    if getattr(hint, "__origin__", None) is Literal:
        return " | ".join(str(value) for value in hint.__args__)
    if isinstance(hint, type) and not getattr(hint, "__args__", None):
        return {"bool": "true | false"}.get(hint.__name__, hint.__name__)
    return str(hint).replace("typing.", "").replace("collections.abc.", "")
