"""Properties on the wire, and as the managers know them: under Python's names, with secrets and unknowns apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from google.protobuf.struct_pb2 import Struct
from pulumi.output import Unknown

from ...api.clients import secrets
from ...redaction import SHORTEST
from ...signatures import KEY, OUTPUT_VALUE, SECRET, UNKNOWN_STRING_VALUE, UNKNOWNS
from ..spelling import PROVIDER_KEY, camel, snake

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["UNKNOWN", "Received", "received", "sent"]

UNKNOWN: Any = Unknown()  # type: ignore[no-untyped-call]
"""A value that is known once something else is there."""

_ANY_UNKNOWN = frozenset(UNKNOWNS.values())


class Received(NamedTuple):
    """Properties that came from the engine."""

    values: dict[str, Any]
    secret: frozenset[str]
    """Those that are a secret, or hold one."""
    is_dynamic: bool
    """Whether they are the state of a dynamic resource."""
    empty: frozenset[str] = frozenset()
    """Those that are nothing, and said to be so."""


def received(struct: Struct) -> Received:
    """Properties under Python's names; what is nothing is left out of the values, and no message holds a secret."""
    values, secret, empty = {}, set(), set()
    for name, value in struct.fields.items():
        marks: list[str] = []
        found = _plain(value, marks)
        if name == PROVIDER_KEY:
            continue
        if found is None:
            empty.add(snake(name))
            continue
        values[snake(name)] = found
        if marks:
            secret.add(snake(name))
    texts = (value for name in secret if isinstance(value := values[name], str))
    secrets.learn(*(text for text in texts if len(text) >= SHORTEST))
    return Received(values, frozenset(secret), PROVIDER_KEY in struct.fields, frozenset(empty))


def _plain(value: Any, marks: list[str]) -> Any:
    """A value by itself; leaves a mark where there is a secret at any depth."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        signature = fields[KEY].string_value if KEY in fields else ""
        if signature == SECRET or (signature == OUTPUT_VALUE and "secret" in fields and fields["secret"].bool_value):
            marks.append(signature)
        if signature in (SECRET, OUTPUT_VALUE):
            return _plain(fields["value"], marks) if "value" in fields else UNKNOWN
        return {name: _plain(item, marks) for name, item in fields.items()}
    if kind == "list_value":
        return [_plain(item, marks) for item in value.list_value.values]
    if kind == "string_value":
        return UNKNOWN if value.string_value in _ANY_UNKNOWN else value.string_value
    return None if kind in (None, "null_value") else getattr(value, kind)


def sent(values: Mapping[str, Any], secret: Collection[str] = ()) -> Struct:
    """Properties for the engine, under the names that packages have; those that are named are secrets."""
    struct = Struct()
    struct.update(
        {
            camel(name): {KEY: SECRET, "value": _wire(value)} if name in secret else _wire(value)
            for name, value in values.items()
            if value is not None
        }
    )
    return struct


def _wire(value: Any) -> Any:
    if isinstance(value, Unknown):
        return UNKNOWN_STRING_VALUE
    if isinstance(value, dict):
        return {name: _wire(item) for name, item in value.items()}
    return [_wire(item) for item in value] if isinstance(value, (list, tuple, set, frozenset)) else value
