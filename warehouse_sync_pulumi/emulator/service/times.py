"""The two forms in which the API writes an instant."""

from __future__ import annotations

import re
from datetime import datetime, timezone

__all__ = ["format_schedule_time", "format_server_time", "parse_schedule_time", "parse_server_time"]

_SCHEDULE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})")


def format_server_time(moment: datetime) -> str:
    """As in `created_on`: no zone, and milliseconds without trailing zeros (`…:36:00`, `…:33.05`) [page]."""
    text = moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    milliseconds = f"{moment.microsecond // 1000:03d}".rstrip("0")
    return f"{text}.{milliseconds}" if milliseconds else text


def parse_server_time(text: str) -> datetime:
    """Read what `server_time` wrote."""
    whole, _, fraction = text.partition(".")
    moment = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return moment.replace(microsecond=int((fraction or "0")[:6].ljust(6, "0")))


def format_schedule_time(moment: datetime) -> str:
    """As in `schedule_start_time`: UTC, whole seconds, a closing `Z` [page]."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_schedule_time(text: str) -> datetime:
    """Read a schedule time in UTC.

    Raises:
        ValueError: for anything but a date, a time and a zone.
    """
    if not _SCHEDULE.fullmatch(text):
        raise ValueError(text)
    head, _, fraction = text.replace("Z", "+00:00").partition(".")
    zone = ""
    if fraction:  # Python 3.10 reads no more than six fraction digits, and needs exactly three or six
        digits, zone = re.match(r"(\d+)(.*)", fraction).groups()  # type: ignore[union-attr]
        head += "." + digits[:6].ljust(6, "0")
    return datetime.fromisoformat(head + zone).astimezone(timezone.utc)
