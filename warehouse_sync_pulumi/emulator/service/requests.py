"""What a request's body means, and what is wrong with it."""

from __future__ import annotations

import re
from typing import Any

from ..behaviour import Behaviour
from ..http.messages import ApiError
from .models import DATA_MODELS, MASK, PIPELINES, Kind
from .times import parse_schedule_time

__all__ = ["merge", "read", "refuse_problems"]

Object = dict[str, Any]

_SELECT = re.compile(r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*SELECT\b", re.IGNORECASE | re.DOTALL)
"""A statement that begins with SELECT, after any comments and parentheses."""


def read(kind: Kind, workspace: int, body: Object, behaviour: Behaviour, *, object_id: str | None = None) -> Object:
    """The fields that a body gives, workspace and (for a PUT, which has it in its path) id included.

    Raises:
        ApiError: 400 when the body contradicts the path or, as the switches say, names an unknown field.
    """
    given = {name: value for name, raw in body.items() if (value := _value(raw, behaviour)) is not _ABSENT}
    given = {name: value for name, value in given.items() if not _is_made_by_server(kind, name)}
    unknown = [name for name in given if name not in kind.by_name]
    problems = []
    if unknown and behaviour.unknown_field == "reject":
        problems += [f"{name} is not a field of a {kind.label.lower()}." for name in unknown]
    if not (behaviour.unknown_field == "store" or behaviour.accept_any_type):
        given = {name: value for name, value in given.items() if name not in unknown}
    places: list[tuple[str, Any, bool]] = [("workspace_id", workspace, behaviour.workspace_mismatch == "reject")]
    if object_id is not None:
        places.append(("id", object_id, behaviour.body_id_mismatch == "reject"))
    for name, place, must_match in places:
        said = given.get(name, place)
        # `True == 1` in Python; a type that is wrong is wrong even where a mismatch is not.
        if type(said) is not type(place) or (must_match and said != place):
            problems.append(f"{name} must be {place}, as in the path.")
        given[name] = place
    if problems:
        raise ApiError(400, *problems)
    return given


def merge(kind: Kind, old: Object, given: Object, behaviour: Behaviour) -> Object:
    """The fields of a PUT, with what it leaves out taken from the old object where the switches say so.

    Raises:
        ApiError: 400 for a changed type or a masked secret, where the switches refuse one.
    """
    merged = dict(given)
    if "type" in old and given.get("type", old["type"]) != old["type"] and behaviour.type_change == "reject":
        raise ApiError(400, f"The type of a {kind.label.lower()} cannot change.")
    for name in kind.secrets:
        masked, absent = given.get(name) == MASK, given.get(name) is None
        if masked and behaviour.secret_mask == "reject":  # noqa: S105 - a switch, no secret
            raise ApiError(400, f"{name} must be the secret itself.")
        if (masked and behaviour.secret_mask == "keep") or (absent and behaviour.put_absent_secret == "keep"):  # noqa: S105
            merged[name] = old.get(name)
    if behaviour.put_absent == "keep":
        for field in kind.fields:
            if not (field.made_by_server or field.secret) and field.name in old:
                merged.setdefault(field.name, old[field.name])
    return merged


def refuse_problems(kind: Kind, given: Object, behaviour: Behaviour, *, replaces: bool = False) -> None:
    """Check every field.

    Raises:
        ApiError: 400 with everything that is wrong, all at once.
    """
    foreign = behaviour.accept_any_type and given.get("type") != kind.documented_type
    clears = replaces and behaviour.put_absent_secret == "clear"  # noqa: S105 - a switch, no secret
    may_be_cleared = kind.secrets if clears else ()
    problems = []
    for field in kind.fields:
        value = given.get(field.name)
        if value is None:
            if field.required and not foreign and field.name not in may_be_cleared:
                problems.append(f"{field.name} is required.")
        elif not (foreign and field.name == "type") and (problem := field.problem(value)):
            problems.append(problem)
    if not problems and not foreign:
        problems = _problems_between(kind, given)
    if problems:
        raise ApiError(400, *problems)


def _problems_between(kind: Kind, given: Object) -> list[str]:
    """What is wrong with fields that are good each by itself."""
    if kind is PIPELINES and given.get("schedule_start_time") and given.get("schedule_end_time"):
        start, end = (parse_schedule_time(given[f"schedule_{side}_time"]) for side in ("start", "end"))
        if end <= start:
            return ["schedule_end_time must be after schedule_start_time."]
    # The statements that are not supported are recorded; a warehouse, when there is one, looks closer.
    if kind is DATA_MODELS and not _SELECT.match(given["sql_query"]):
        return ["sql_query is not valid: only SELECT statements are supported."]
    return []


_ABSENT = object()


def _value(raw: object, behaviour: Behaviour) -> object:
    if raw is None and behaviour.explicit_null == "absent":
        return _ABSENT
    return raw.strip() if behaviour.trim_strings and isinstance(raw, str) else raw


def _is_made_by_server(kind: Kind, name: str) -> bool:
    return name in kind.by_name and kind.by_name[name].made_by_server
