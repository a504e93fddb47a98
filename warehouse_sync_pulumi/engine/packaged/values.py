"""Properties on the wire, and as the managers know them: under Python's names, with secrets and unknowns apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from google.protobuf.struct_pb2 import Struct
from pulumi.output import Unknown

from ..spelling import MARK, camel, snake

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["UNKNOWN", "Received", "received", "sent"]

UNKNOWN: Any = Unknown()  # type: ignore[no-untyped-call]
"""A value that is known once something else is there."""

# As in every Pulumi SDK: sdk/go/common/resource/properties.go and sdk/go/common/resource/plugin/rpc.go.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a mark
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWNS = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""One for each type that a value may turn out to have; any of them will do."""
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class Received(NamedTuple):
    """Properties that came from the engine."""

    values: dict[str, Any]
    secret: frozenset[str]
    """Those that are a secret, or hold one."""
    is_of_dynamic: bool
    """Whether they are the state of a dynamic resource."""
    empty: frozenset[str] = frozenset()
    """Those that are nothing, and said to be so."""


def received(struct: Struct) -> Received:
    """Properties under Python's names; what is nothing is left out of the values."""
    values, secret, empty = {}, set(), set()
    for name, value in struct.fields.items():
        marks: list[str] = []
        found = _plain(value, marks)
        if name == MARK:
            continue
        if found is None:
            empty.add(snake(name))
            continue
        values[snake(name)] = found
        if marks:
            secret.add(snake(name))
    return Received(values, frozenset(secret), MARK in struct.fields, frozenset(empty))


def _plain(value: Any, marks: list[str]) -> Any:
    """A value by itself; leaves a mark where there is a secret at any depth."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        signature = fields[_SIGNATURE].string_value if _SIGNATURE in fields else ""
        if signature == _SECRET or (signature == _OUTPUT and "secret" in fields and fields["secret"].bool_value):
            marks.append(signature)
        if signature in (_SECRET, _OUTPUT):
            return _plain(fields["value"], marks) if "value" in fields else UNKNOWN
        return {name: _plain(item, marks) for name, item in fields.items()}
    if kind == "list_value":
        return [_plain(item, marks) for item in value.list_value.values]
    if kind == "string_value":
        return UNKNOWN if value.string_value in _UNKNOWNS else value.string_value
    return None if kind in (None, "null_value") else getattr(value, kind)


def sent(values: Mapping[str, Any], secret: Collection[str] = ()) -> Struct:
    """Properties for the engine, under the names that packages have; those that are named are secrets."""
    struct = Struct()
    struct.update(
        {
            camel(name): {_SIGNATURE: _SECRET, "value": _wire(value)} if name in secret else _wire(value)
            for name, value in values.items()
            if value is not None
        }
    )
    return struct


def _wire(value: Any) -> Any:
    if isinstance(value, Unknown):
        return _UNKNOWN
    if isinstance(value, dict):
        return {name: _wire(item) for name, item in value.items()}
    return [_wire(item) for item in value] if isinstance(value, (list, tuple, set, frozenset)) else value
