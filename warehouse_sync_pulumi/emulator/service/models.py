"""The API's objects, as the API reference describes them: one model for each collection."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from .fields import Mark, Slug, Text, Timestamp, TimeZone, one_of

__all__ = [
    "KINDS",
    "MASK",
    "ApiObject",
    "Connection",
    "DataModel",
    "Kind",
    "KindName",
    "Pipeline",
    "collection",
]

MASK = "************"
"""What the API shows in a secret's place [page]."""

KindName = Literal["connections", "data-models", "pipelines"]

_SELECT = re.compile(r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*SELECT\b", re.IGNORECASE | re.DOTALL)
"""A statement that begins with SELECT, after any comments and parentheses."""


class ApiObject(BaseModel):
    """What a request gives of an object; a subclass for each collection.

    Its fields have the order of the reference's answers. A null counts as a field that is left out: it is taken out
    before a request is validated.
    """

    model_config = ConfigDict(strict=True, hide_input_in_errors=True)

    collection: ClassVar[KindName]
    """Its name in paths."""
    label: ClassVar[str]
    """Its name in messages."""
    documented_type: ClassVar[str | None]
    """The one `type` that the API reference names."""
    defaults: ClassVar[dict[str, Any]]
    """Every field of an answer, and its value until a request or the server sets it."""
    secrets: ClassVar[tuple[str, ...]]
    by_server: ClassVar[tuple[str, ...]]
    recorded: ClassVar[tuple[str, ...]]

    id: Slug
    name: Text
    workspace_id: int | None = None  # the tables of data models and pipelines say string, every example integer


Kind = type[ApiObject]
KINDS: dict[str, Kind] = {}
"""Every collection's model by its name; `collection` puts it here."""

_Model = TypeVar("_Model", bound=ApiObject)
_HISTORY = ("created_on", "created_by", "last_modified_on", "last_modified_by")


def collection(
    name: KindName, label: str, *, documented_type: str | None = None
) -> Callable[[type[_Model]], type[_Model]]:
    """Make a model that of a collection."""

    def register(model: type[_Model]) -> type[_Model]:
        def marked(mark: Mark) -> tuple[str, ...]:
            return tuple(field for field, info in model.model_fields.items() if mark in info.metadata)

        model.collection, model.label, model.documented_type = name, label, documented_type
        model.secrets, model.recorded = marked(Mark.SECRET), marked(Mark.RECORDED)
        model.by_server = (*marked(Mark.BY_SERVER), *_HISTORY)
        model.defaults = {
            field: None if info.is_required() else info.default for field, info in model.model_fields.items()
        } | dict.fromkeys(_HISTORY)
        KINDS[name] = model
        return model

    return register


@collection("connections", "Connection", documented_type="snowflake")
class Connection(ApiObject):
    """A warehouse account."""

    is_active: Annotated[bool | None, Mark.RECORDED] = None
    is_faulted: Annotated[bool, Mark.BY_SERVER] = False
    type: Annotated[Text, one_of("snowflake")]
    source_account_id: Text
    region: Text
    warehouse: Text
    database: Text
    role: Text
    user: Text
    password: Annotated[Text, Mark.SECRET]
    snowflake_aws_iam_user_arn: str | None = None  # null in one of the reference's answers, hence optional
    snowflake_aws_external_id: str | None = None


@collection("data-models", "Data model", documented_type="sql")
class DataModel(ApiObject):
    """A query."""

    is_active: Annotated[bool | None, Mark.RECORDED] = None
    type: Annotated[Text, one_of("sql")]
    sql_query: Text
    load_timestamp_field_type: Annotated[
        Text,
        one_of(
            "timestamp_ltz",
            "timestamp_ntz",
            "timestamp_tz",
            "datetime",
            "date",
            "timestamp_unixtime_ms",
            "timestamp_unixtime_s",
        ),
    ]
    load_timestamp_field_name: Text
    # Named so in every example; the reference's table spells them _tz and _offset_seconds.
    load_timestamp_field_time_zone: TimeZone | None = None
    load_timestamp_field_time_offset: int | None = None

    @model_validator(mode="after")
    def _is_select(self) -> Self:
        """The statements that are not supported are recorded; a warehouse, when there is one, looks closer."""
        if not _SELECT.match(self.sql_query):
            raise PydanticCustomError("select", "sql_query is not valid: only SELECT statements are supported")
        return self


@collection("pipelines", "Pipeline")
class Pipeline(ApiObject):
    """A connection and a data model, on a schedule."""

    is_active: bool | None = True
    is_draft: bool | None = False
    is_faulted: Annotated[bool, Mark.BY_SERVER] = False
    faulted_reason: Annotated[str | None, Mark.BY_SERVER] = None
    mapping_id: Annotated[str | None, Mark.BY_SERVER, Mark.RECORDED] = None
    connection_id: Slug
    data_model_id: Slug
    partner_feed_id: int | None = None  # left out of the reference's requests, present in its answers
    partner_feed_key: Annotated[Text, Mark.SECRET]
    schedule_start_time: Timestamp | None = None
    schedule_end_time: Timestamp | None = None
    schedule_interval: Annotated[
        Text,
        one_of("hourly", "daily", "weekly", "monthly", "on_demand", "once"),  # once: recorded
    ]
    environment: Annotated[Text, one_of("development", "production")]

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        start, end = self.schedule_start_time, self.schedule_end_time
        if start is not None and end is not None and end <= start:
            raise PydanticCustomError("order", "schedule_end_time must be after schedule_start_time")
        return self
