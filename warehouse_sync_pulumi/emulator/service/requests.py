"""From a request's body to an object's fields."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ..behaviour import Behaviour
from ..http.messages import ApiError
from .models import MASK, Kind

__all__ = ["merge", "read", "validate"]

Object = dict[str, Any]


def read(kind: Kind, workspace: int, body: Object, behaviour: Behaviour, *, object_id: str | None = None) -> Object:
    """The fields that a body gives, workspace and (for a PUT, which has it in its path) id included.

    Raises:
        ApiError: 400 when the body contradicts the path or, as the switches say, names an unknown field.
    """
    given = {
        name: value.strip() if behaviour.trim_strings and isinstance(value, str) else value
        for name, value in body.items()
        if name not in kind.by_server and not (value is None and behaviour.explicit_null == "absent")
    }
    unknown = [name for name in given if name not in kind.defaults]
    problems = []
    if unknown and behaviour.unknown_field == "reject":
        problems += [f"{name} is not a field of a {kind.label.lower()}." for name in unknown]
    if not (behaviour.unknown_field == "store" or behaviour.accept_any_type):
        given = {name: value for name, value in given.items() if name not in unknown}
    in_path: list[tuple[str, Any, bool]] = [("workspace_id", workspace, behaviour.workspace_mismatch == "reject")]
    if object_id is not None:
        in_path.append(("id", object_id, behaviour.body_id_mismatch == "reject"))
    for name, expected, must_match in in_path:
        value = given.get(name, expected)
        # `True == 1` in Python; a type that is wrong is wrong even where a mismatch is not.
        if type(value) is not type(expected) or (must_match and value != expected):
            problems.append(f"{name} must be {expected}, as in the path.")
        given[name] = expected
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
        kept = [name for name in kind.defaults if name in old and name not in (*kind.by_server, *kind.secrets)]
        merged = {**{name: old[name] for name in kept}, **merged}
    return merged


def validate(kind: Kind, given: Object, behaviour: Behaviour, *, replaces: bool = False) -> None:
    """Check every field.

    Raises:
        ApiError: 400 with everything that is wrong, all at once.
    """
    sent = {name: value for name, value in given.items() if value is not None}
    if replaces and behaviour.put_absent_secret == "clear":  # noqa: S105 - a switch, no secret
        sent = {**dict.fromkeys(kind.secrets, MASK), **sent}  # so that a missing secret is no error
    try:
        kind.model_validate(sent)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        if behaviour.accept_any_type and given.get("type") != kind.documented_type:
            problems = [problem for problem in problems if _counts_for_any_type(problem)]
        if problems:
            raise ApiError(400, *map(_message_of, problems)) from None


def _counts_for_any_type(problem: ErrorDetails) -> bool:
    """Of a type that the API reference does not name, what is given is checked, and nothing but an id is required."""
    if problem["type"] == "missing":
        return problem["loc"] == ("id",)
    return problem["loc"] not in ((), ("type",))


_MESSAGES = {
    "missing": "is required",
    "string_type": "must be a string",
    "int_type": "must be an integer",
    "bool_type": "must be a boolean",
}


def _message_of(problem: ErrorDetails) -> str:
    """What is wrong with one field, without its value."""
    return " ".join([*map(str, problem["loc"]), _MESSAGES.get(problem["type"], problem["msg"])]) + "."
