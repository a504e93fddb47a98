"""From a request's fields to a stored object, and from there to an answer."""

from __future__ import annotations

import zlib
from typing import Any

from ..behaviour import Behaviour
from .models import MASK, DataModel, Kind, Pipeline
from .schedules import default_start
from .times import format_schedule_time, parse_schedule_time, parse_server_time

__all__ = ["fill", "show"]

Object = dict[str, Any]


def fill(kind: Kind, given: Object, made: Object, behaviour: Behaviour) -> Object:
    """The whole object: what was given, null for what is absent, and what the server chooses or notes itself."""
    unset = {name: default for name, default in kind.defaults.items() if name not in kind.recorded}
    value: Object = {**unset, **given, **made}
    for name, chosen in _server_defaults(kind, value, behaviour).items():
        if name not in given:  # a null that was sent, and counts, stays null
            value[name] = chosen
    for name in ("schedule_start_time", "schedule_end_time"):
        if value.get(name) is not None:
            value[name] = _format_time(value[name], behaviour)
    return value


def show(kind: Kind, value: Object, behaviour: Behaviour) -> Object:
    """An object as answers show it: secrets masked, and no field missing."""
    shown: Object = {
        name: value.get(name, True if name == "is_active" else default)
        for name, default in kind.defaults.items()
        if name not in kind.recorded or _shows_recorded(name, value, behaviour)
    }
    shown.update({name: content for name, content in value.items() if name not in kind.defaults})
    for name in (*kind.secrets, "service_account_key"):
        if shown.get(name) is not None:
            shown[name] = MASK
    return {**shown, **behaviour.extra_fields.get(kind.collection, {})}


def _server_defaults(kind: Kind, value: Object, behaviour: Behaviour) -> Object:
    """What the server puts into fields left unset."""
    chosen: Object = {}
    if kind is DataModel and behaviour.fill_offset:
        chosen["load_timestamp_field_time_offset"] = 0
    if kind is Pipeline and behaviour.fill_start_time:
        created = parse_server_time(value["created_on"])
        chosen["schedule_start_time"] = format_schedule_time(default_start(value["schedule_interval"], created))
    if kind is Pipeline and behaviour.fill_feed_id and value["partner_feed_key"]:
        chosen["partner_feed_id"] = 1000 + zlib.crc32(value["partner_feed_key"].encode("utf-8", "surrogatepass")) % 9000
    return {**chosen, **behaviour.fill_unset.get(kind.collection, {})}


def _shows_recorded(name: str, value: Object, behaviour: Behaviour) -> bool:
    shows = behaviour.recorded_fields
    return shows == "always" or (shows == "when_used" and name in value)


def _format_time(text: str, behaviour: Behaviour) -> str:
    if behaviour.time_form == "as_sent":
        return text
    utc = format_schedule_time(parse_schedule_time(text))
    return utc[:-1] + {"utc": "Z", "milliseconds": ".000Z", "offset": "+00:00"}[behaviour.time_form]
