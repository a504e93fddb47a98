"""Which arguments a program states: those that are not as a default would have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ... import lifecycle

if TYPE_CHECKING:
    from ...schema import Problem
    from .naming import Named

__all__ = ["Checked", "explicit_arguments"]

USUAL = {"is_draft": False, "load_timestamp_field_time_offset": 0}
"""Values that go without saying. An `is_active` of True does so for connections and data models alone: on a pipeline it
is the switch that pauses it, and stating it makes a pause from outside show in a refresh."""


class Checked:
    """What a program states of an object, and what the provider makes of it."""

    def __init__(self, item: Named, default_workspace: str | None) -> None:
        kind = item.existing.kind
        self.item = item
        self.explicit = explicit_arguments(item, default_workspace)
        given = {kind.id_argument: item.name, **self.explicit}
        self.inputs: dict[str, Any]
        self.problems: list[Problem]
        # An object that exists may lack its secrets.
        self.inputs, self.problems = lifecycle.check(kind, given, given, default_workspace)


def explicit_arguments(item: Named, default_workspace: str | None) -> dict[str, Any]:
    """The arguments that a program has to state, in their order, but for secrets; by the API's values."""
    existing, kind = item.existing, item.existing.kind
    usual = {**USUAL, kind.id_argument: item.name, "name": existing.id}
    if kind.noun != "pipeline":
        usual["is_active"] = True
    values = {name: existing.answer.get(kind.api_name(name)) for name in kind.fields if name not in kind.secrets}
    values["workspace_id"] = existing.workspace_id if str(existing.workspace_id) != default_workspace else None
    said = {
        name: value
        for name, value in values.items()
        if value not in (None, "") and not _goes_without_saying(value, usual.get(name, kind.fields[name].default))
    }
    # What a new object needs and this one lacks is said too: a type checker would miss it.
    return {name: said.get(name) for name in kind.fields if name in said or name in kind.nullable}


def _goes_without_saying(value: Any, usual: Any) -> bool:
    return bool(value == usual) and type(value) is type(usual)
