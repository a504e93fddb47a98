"""`DataModel`: a SQL query whose rows pipelines send."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Annotated, Any

import pulumi
from typing_extensions import Required, Unpack

from .engine.dynamic import SyncProvider
from .engine.resource import SyncResource
from .review.sql import SqlRule, review
from .schema import Field, Flag, Id, Kind, ObjectArgs, Problem, Text, choice, number, text

__all__ = ["DataModel", "DataModelArgs", "DataModelType", "LoadTimestampFieldType"]


class DataModelType(str, Enum):
    """The kinds of data model [page]. Other texts are accepted: the API decides."""

    SQL = "sql"


class LoadTimestampFieldType(str, Enum):
    """The types of the column by which changed rows are found [page]."""

    TIMESTAMP_LTZ = "timestamp_ltz"
    TIMESTAMP_NTZ = "timestamp_ntz"
    TIMESTAMP_TZ = "timestamp_tz"
    DATETIME = "datetime"
    DATE = "date"
    TIMESTAMP_UNIXTIME_MS = "timestamp_unixtime_ms"
    TIMESTAMP_UNIXTIME_S = "timestamp_unixtime_s"


def _rules(value: Any) -> frozenset[SqlRule]:
    """A list of rules, by their names."""
    rules = {rule.value: rule for rule in SqlRule}
    if not isinstance(value, list) or not all(name in rules for name in value):
        raise ValueError(f"must be a list of rules, each one of {', '.join(rules)}")
    return frozenset(rules[name] for name in value)


class DataModelArgs(ObjectArgs, total=False):
    """The arguments of a `DataModel`. Each rule names its source: the API's reference page, or recorded requests."""

    data_model_id: Id | None
    """The API's `id`: letters, digits, `_` and `-`. Default: the resource's name. A change replaces: so does
    a new name of the resource where this is left out. [page]"""
    type: Annotated[pulumi.Input[str | DataModelType], Field(text, default="sql", replaces=True)] | None
    """The kind of data model. Default: `sql`. A change replaces. [page]"""
    sql_query: Required[Text | None]
    """One SELECT, without a trailing semicolon, over fully qualified tables; its columns must include the load
    timestamp's, since the service wraps the query and filters on it. [page, recorded]"""
    load_timestamp_field_name: Required[Text | None]
    """The column by which changed rows are found. [page]"""
    load_timestamp_field_type: Required[
        Annotated[pulumi.Input[str | LoadTimestampFieldType], Field(choice(LoadTimestampFieldType))] | None
    ]
    """That column's type: a `LoadTimestampFieldType`, or its value as text. [page]"""
    load_timestamp_field_time_zone: Text | None
    """The IANA time zone in which to read that column, such as `America/New_York`. [page]"""
    load_timestamp_field_time_offset: Annotated[pulumi.Input[int], Field(number, computed=True)] | None
    """Seconds by which to shift that column when querying. Default: the server's choice, 0. [page]"""
    is_active: Flag | None
    """Whether pipelines may use it. Default: the server's choice. [recorded]"""
    ignore_sql_rules: Annotated[pulumi.Input[Sequence[str | SqlRule]], Field(_rules, local=True)] | None
    """The rules that a preview skips for this query: `SqlRule`s, or their values as text. For the preview alone: it
    is neither sent to the API nor kept, and changing it changes nothing."""


def _query_problems(arguments: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[Problem]:
    """What is found in a query that is new or changed: the service has judged the others, and reading costs time."""
    query, timestamp = arguments.get("sql_query"), arguments.get("load_timestamp_field_name")
    is_known = query == before.get("sql_query") and timestamp == before.get("load_timestamp_field_name")
    if query is None or is_known or arguments.get("type") != DataModelType.SQL:
        return
    for finding in review(query, timestamp, arguments.get("ignore_sql_rules", frozenset())):
        place = f"line {finding.line}, column {finding.column}: [{finding.rule.value}]"
        yield Problem("sql_query", str(finding), is_warning=not finding.rule.is_error, without_value=place)


DATA_MODEL = Kind(
    name="DataModel", noun="data model", collection="data-models", arguments=DataModelArgs, problems=_query_problems
)


class DataModelProvider(SyncProvider):
    """Manages data models for Pulumi's engine."""

    kind = DATA_MODEL


class DataModel(SyncResource, module="warehouse-sync", name="DataModel"):
    """A SQL query whose rows pipelines send, one user profile a row.

    Every column becomes a user attribute, save the load timestamp's and those that name an identity, of which a row
    needs at least one [recorded]. At most 100 columns [recorded].
    """

    provider = DataModelProvider

    # Written by `make reference` from here on, from the arguments.
    data_model_id: pulumi.Output[str]
    """The API's `id`; the same as the resource's `id`."""
    name: pulumi.Output[str]
    """What people see."""
    type: pulumi.Output[str]
    """The kind of data model."""
    sql_query: pulumi.Output[str | None]
    """One SELECT, without a trailing semicolon, over fully qualified tables."""
    load_timestamp_field_name: pulumi.Output[str | None]
    """The column by which changed rows are found."""
    load_timestamp_field_type: pulumi.Output[str | None]
    """That column's type."""
    load_timestamp_field_time_zone: pulumi.Output[str | None]
    """The IANA time zone in which to read that column, such as `America/New_York`."""
    load_timestamp_field_time_offset: pulumi.Output[int | None]
    """Seconds by which to shift that column when querying."""
    is_active: pulumi.Output[bool | None]
    """Whether pipelines may use it."""

    def __init__(
        self,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        **args: Unpack[DataModelArgs],
    ) -> None:
        super().__init__(resource_name, args, opts)
