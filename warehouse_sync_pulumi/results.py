"""What the functions answer: the API's own answers, typed as far as they are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from .secrets import hide_in

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "GetConnectionResult",
    "GetDataModelResult",
    "GetPipelineResult",
    "GetPipelineRunResult",
    "GetPipelineStatusResult",
]


class Result:
    """One answer of the API.

    Each of its fields is an attribute, those that this version does not know too; `result["field"]` is the same. A
    field that the service left out is None. Values are as the service sent them: one that is newer than this package
    may send other words and other types than are noted here. Secrets are left out.
    """

    _own_id: ClassVar[str]
    """The name under which resources know the API's `id`."""
    _secrets: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, answer: Mapping[str, Any]) -> None:
        fields = {name: hide_in(value, ()) for name, value in answer.items() if name not in self._secrets}
        if "id" in fields:
            fields.setdefault(self._own_id, fields["id"])
        self.__dict__.update(fields)

    def __getattr__(self, name: str) -> Any:
        if name in type(self).__annotations__ and not name.startswith("_"):
            return None
        raise AttributeError(f"{type(self).__name__} has no {name}: it has {', '.join(sorted(self.__dict__))}")

    def __getitem__(self, name: str) -> Any:
        return self.__dict__[name]

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.__dict__!r})"


class GetConnectionResult(Result):
    """A connection."""

    _own_id = "connection_id"
    _secrets = frozenset({"password", "service_account_key"})

    id: str
    connection_id: str
    """The same as `id`."""
    name: str
    workspace_id: int
    type: str
    source_account_id: str | None
    region: str | None
    warehouse: str | None
    database: str | None
    role: str | None
    user: str | None
    snowflake_aws_iam_user_arn: str | None
    snowflake_aws_external_id: str | None
    is_active: bool | None
    is_faulted: bool | None
    created_on: str | None
    created_by: str | None
    last_modified_on: str | None
    last_modified_by: str | None


class GetDataModelResult(Result):
    """A data model."""

    _own_id = "data_model_id"

    id: str
    data_model_id: str
    """The same as `id`."""
    name: str
    workspace_id: int
    type: str
    sql_query: str
    load_timestamp_field_name: str
    load_timestamp_field_type: str
    load_timestamp_field_time_zone: str | None
    load_timestamp_field_time_offset: int | None
    is_active: bool | None
    created_on: str | None
    created_by: str | None
    last_modified_on: str | None
    last_modified_by: str | None


class GetPipelineResult(Result):
    """A pipeline."""

    _own_id = "pipeline_id"
    _secrets = frozenset({"partner_feed_key"})

    id: str
    pipeline_id: str
    """The same as `id`."""
    name: str
    workspace_id: int
    connection_id: str
    data_model_id: str
    partner_feed_id: int | None
    schedule_interval: str
    schedule_start_time: str | None
    schedule_end_time: str | None
    environment: str
    is_active: bool | None
    is_draft: bool | None
    is_faulted: bool | None
    faulted_reason: str | None
    created_on: str | None
    created_by: str | None
    last_modified_on: str | None
    last_modified_by: str | None


class GetPipelineRunResult(Result):
    """A run of a pipeline."""

    _own_id = "pipeline_id"

    id: str
    """The pipeline's, as the API has it."""
    pipeline_id: str
    """The same as `id`."""
    pipeline_run_id: int
    workspace_id: int
    logical_date: str | None
    start_date: str | None
    end_date: str | None
    data_interval_start: str | None
    data_interval_end: str | None
    pipeline_run_type: str | None
    pipeline_run_state: str
    """`success` or `failed` when it has ended; before that `triggered`, `queued`, `running`, `dataset_triggered`, or
    whatever else the service says."""
    is_externally_triggered: bool | None
    records_extracted: int | None
    records_mapped: int | None
    event_batches_generated: int | None
    created_on: str | None
    created_by: str | None
    last_modified_on: str | None
    last_modified_by: str | None


class GetPipelineStatusResult(Result):
    """Where a pipeline stands."""

    _own_id = "pipeline_id"

    pipeline_id: str
    """The pipeline's id."""
    workspace_id: int
    """The workspace that it is in."""
    is_active: bool | None
    """Whether the pipeline runs by its schedule. [page]"""
    is_faulted: bool | None
    """Whether something keeps it from running; the pipeline's own `faulted_reason` says what. [page]"""
    is_connection_active: bool | None
    """Whether its connection may be used. [page]"""
    is_connection_faulted: bool | None
    """Whether its connection does not reach the warehouse. [page]"""
    latest_pipeline_run: GetPipelineRunResult | None
    """The most recent run by its `logical_date`."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        super().__init__(answer)
        run = self.__dict__.get("latest_pipeline_run")
        if isinstance(run, dict):
            self.latest_pipeline_run = GetPipelineRunResult(run)
