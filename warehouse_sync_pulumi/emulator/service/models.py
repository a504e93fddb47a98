"""The fields of the three kinds of object, read from the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal
from zoneinfo import available_timezones

from ..behaviour import Source
from .times import parse_schedule_time

__all__ = ["CONNECTIONS", "DATA_MODELS", "KINDS", "MASK", "PIPELINES", "Field", "Kind", "KindName"]

MASK = "************"
"""What the API shows in a secret's place [page]."""

KindName = Literal["connections", "data-models", "pipelines"]


@cache
def _time_zones() -> set[str]:
    """The IANA names, looked up once: it takes tens of milliseconds. Empty where a system has no such database."""
    return available_timezones()


@dataclass(frozen=True)
class Field:
    """One field of an object."""

    name: str
    type: Literal["string", "integer", "boolean", "slug", "time", "zone"] = "string"
    required: bool = False
    secret: bool = False
    made_by_server: bool = False
    """Ignored in a request: the page's own requests send some of these."""
    choices: tuple[str, ...] = ()
    default: Any = None
    source: Source = "page"

    def problem(self, value: object) -> str | None:
        """Say what is wrong with a value that a request gives, if anything is."""
        if self.type == "integer":
            # An integer with a fraction part (1800.0) is none: JSON's numbers are read as they are written.
            if isinstance(value, bool) or not isinstance(value, int):
                return f"{self.name} must be an integer."
        elif self.type == "boolean":
            if not isinstance(value, bool):
                return f"{self.name} must be a boolean."
        elif not isinstance(value, str):
            return f"{self.name} must be a string."
        else:
            return self._text_problem(value)
        return None

    def _text_problem(self, value: str) -> str | None:
        if self.required and not value.strip():
            return f"{self.name} must not be empty."
        if self.type == "slug" and not re.fullmatch(r"[A-Za-z0-9_-]+", value):
            return f"{self.name} must be a slug: numbers, letters, _ and - alone."
        if self.choices and value not in self.choices:
            return f"{self.name} must be one of: {', '.join(self.choices)}."
        if self.type == "zone" and (known := _time_zones()) and value not in known:
            return f"{self.name} must be an IANA time zone name."
        if self.type == "time":
            try:
                parse_schedule_time(value)
            except ValueError:
                return f"{self.name} must be a timestamp such as 2022-10-30T11:00:16Z."
        return None


@dataclass(frozen=True)
class Kind:
    """A kind of object: its collection in the path and its fields in the order of the page's answers."""

    name: KindName
    label: str
    own_fields: tuple[Field, ...]
    documented_type: str | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field, those common to all kinds included."""
        return (*_FIRST, *self.own_fields, *_LAST)

    @property
    def by_name(self) -> Mapping[str, Field]:
        """The same by name."""
        return {field.name: field for field in self.fields}

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the fields that never come back in clear."""
        return tuple(field.name for field in self.fields if field.secret)


_FIRST = (
    Field("id", "slug", required=True),
    Field("name", required=True),
    Field("workspace_id", "integer"),  # the tables of data models and pipelines say string, every example integer
)
_LAST = (
    Field("created_on", made_by_server=True),
    Field("created_by", made_by_server=True),
    Field("last_modified_on", made_by_server=True),
    Field("last_modified_by", made_by_server=True),
)

CONNECTIONS = Kind(
    "connections",
    "Connection",
    (
        Field("is_active", "boolean", source="recorded"),
        Field("is_faulted", "boolean", made_by_server=True, default=False),
        Field("type", required=True, choices=("snowflake",)),
        Field("source_account_id", required=True),
        Field("region", required=True),
        Field("warehouse", required=True),
        Field("database", required=True),
        Field("role", required=True),
        Field("user", required=True),
        Field("password", required=True, secret=True),
        Field("snowflake_aws_iam_user_arn"),  # null in one of the page's answers, hence optional
        Field("snowflake_aws_external_id"),
    ),
    documented_type="snowflake",
)

DATA_MODELS = Kind(
    "data-models",
    "Data model",
    (
        Field("is_active", "boolean", source="recorded"),
        Field("type", required=True, choices=("sql",)),
        Field("sql_query", required=True),
        Field(
            "load_timestamp_field_type",
            required=True,
            choices=(
                "timestamp_ltz",
                "timestamp_ntz",
                "timestamp_tz",
                "datetime",
                "date",
                "timestamp_unixtime_ms",
                "timestamp_unixtime_s",
            ),
        ),
        Field("load_timestamp_field_name", required=True),
        # Named so in every example; the page's table spells them _tz and _offset_seconds.
        Field("load_timestamp_field_time_zone", "zone"),
        Field("load_timestamp_field_time_offset", "integer"),
    ),
    documented_type="sql",
)

PIPELINES = Kind(
    "pipelines",
    "Pipeline",
    (
        Field("is_active", "boolean", default=True),
        Field("is_draft", "boolean", default=False),
        Field("is_faulted", "boolean", made_by_server=True, default=False),
        Field("faulted_reason", made_by_server=True),
        Field("mapping_id", made_by_server=True, source="recorded"),
        Field("connection_id", "slug", required=True),
        Field("data_model_id", "slug", required=True),
        Field("partner_feed_id", "integer"),  # left out of the page's requests, present in its answers
        Field("partner_feed_key", required=True, secret=True),
        Field("schedule_start_time", "time"),
        Field("schedule_end_time", "time"),
        Field(
            "schedule_interval",
            required=True,
            choices=("hourly", "daily", "weekly", "monthly", "on_demand", "once"),  # once: recorded
        ),
        Field("environment", required=True, choices=("development", "production")),
    ),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (CONNECTIONS, DATA_MODELS, PIPELINES)}
