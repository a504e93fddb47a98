"""Points in time, as the API writes and reads them."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

__all__ = ["format_timestamp", "moment_of", "parse_timestamp", "same_second", "same_timestamp", "timestamp"]


def parse_timestamp(value: str) -> datetime:
    """The point in time that a text names; one without a zone is UTC, as the API writes them [recorded]."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?", value.strip().upper())
    if match is None:
        raise ValueError("must be a time such as 2022-10-30T11:00:16Z")
    day, clock, fraction, zone = match.groups()
    microseconds = f"{fraction or '.0':0<7}"[:7]
    offset = "+00:00" if zone in (None, "Z") else zone
    try:
        return datetime.fromisoformat(f"{day}T{clock}{microseconds}{offset}").astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise ValueError("must be a time that exists, such as 2022-10-30T11:00:16Z") from None


def moment_of(value: Any) -> datetime | None:
    """The point in time that a field of an answer names; None where it names none."""
    try:
        return parse_timestamp(value)
    except (ValueError, AttributeError):
        return None


def format_timestamp(point: datetime) -> str:
    """A point in time in the API's format [page], in UTC; without a zone it is UTC already."""
    return (point.astimezone(timezone.utc) if point.tzinfo else point).strftime("%Y-%m-%dT%H:%M:%SZ")


def timestamp(value: Any) -> str:
    """A time in the API's format [page], 2022-10-30T11:00:16Z, or with another offset; kept as the program wrote it."""
    if not isinstance(value, str):
        raise ValueError("must be a time such as 2022-10-30T11:00:16Z")  # noqa: TRY004 - as in `flag`
    parse_timestamp(value)
    return value


def same_second(one: datetime, other: datetime) -> bool:
    """Whether two answers name the same time; some leave out fractions of a second [recorded]."""
    return abs((one - other).total_seconds()) <= 1


def same_timestamp(one: Any, other: Any) -> bool:
    """Whether two texts name the same point in time."""
    try:
        return parse_timestamp(one) == parse_timestamp(other)
    except (ValueError, AttributeError):
        return bool(one == other)
