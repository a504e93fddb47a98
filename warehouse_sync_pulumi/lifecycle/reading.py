"""Reading an object as it is now, and deleting it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .outputs import DEFAULTS, SENT, address_in_state, inputs_of, merged_outputs, record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..schema import Kind
    from .client import Client

    Values = Mapping[str, Any]

__all__ = ["delete", "read"]


def read(kind: Kind, client: Client, id_: str, olds: Values) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """An object's outputs as they are now, and the inputs that would lead to them; None when it is gone."""
    found = client.find_listed(address_in_state(kind, id_, olds))
    if found is None:
        return None
    outputs = merged_outputs(kind, found, olds)
    left_to_server, sent = set(olds.get(DEFAULTS) or ()), dict(olds.get(SENT) or {})
    for name, field in kind.fields.items():
        before, now = olds.get(name), outputs.get(name)
        if (before is None and now is None) or (before is not None and now is not None and field.same(before, now)):
            continue
        sent.pop(name, None)
        if now is None:
            left_to_server.discard(name)
        elif before is None and field.computed:
            left_to_server.add(name)
    outputs |= record(left_to_server, sent)
    return outputs, inputs_of(kind, outputs)


def delete(kind: Kind, client: Client, id_: str, olds: Values) -> None:
    """Delete an object; one that is gone already is deleted."""
    client.delete(address_in_state(kind, id_, olds))
