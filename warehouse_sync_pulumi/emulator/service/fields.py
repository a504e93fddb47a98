"""The types of an object's fields, each with its own message, and what else is known of a field."""

from __future__ import annotations

import re
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, PlainValidator
from pydantic_core import PydanticCustomError

from .times import parse_schedule_time

__all__ = ["Mark", "Slug", "Text", "TimeZone", "Timestamp", "one_of"]


class Mark(Enum):
    """Stands in a field's annotation."""

    SECRET = "never comes back in clear"  # noqa: S105 - a mark, no secret
    BY_SERVER = "ignored in a request: the reference's own requests send some of these"
    RECORDED = "seen in recordings, and not in the API reference"


def one_of(*choices: str) -> AfterValidator:
    """Accept these words alone."""

    def check(text: str) -> str:
        if text not in choices:
            raise PydanticCustomError("one_of", f"must be one of: {', '.join(choices)}")
        return text

    return AfterValidator(check)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "must not be empty")
    return text


def _slug(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise PydanticCustomError("slug", "must be a slug: numbers, letters, _ and - alone")
    return text


def _timestamp(value: object) -> datetime:
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "must be a string")
    try:
        return parse_schedule_time(value)
    except ValueError:
        raise PydanticCustomError("timestamp", "must be a timestamp such as 2022-10-30T11:00:16Z") from None


@cache
def _time_zones() -> set[str]:
    """The IANA names, looked up once: it takes tens of milliseconds. Empty where a system has no such database."""
    return available_timezones()


def _time_zone(text: str) -> str:
    if (known := _time_zones()) and text not in known:
        raise PydanticCustomError("time_zone", "must be an IANA time zone name")
    return text


Text = Annotated[str, AfterValidator(_not_blank)]
Slug = Annotated[Text, AfterValidator(_slug)]
Timestamp = Annotated[datetime, PlainValidator(_timestamp)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
