"""What a program declares, as data: the resources, where each stands in the service, and by which URNs it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

KINDS = ("connections", "data-models", "pipelines")
CLASSES = {"connections": "Connection", "data-models": "DataModel", "pipelines": "Pipeline"}
ID = {"connections": "connection_id", "data-models": "data_model_id", "pipelines": "pipeline_id"}
SECRETS = {"connections": "password", "data-models": None, "pipelines": "partner_feed_key"}
PROJECT = "project"
WORKSPACE = 1234


class Address(NamedTuple):
    """Where an object stands in the service."""

    workspace: int
    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.id} in workspace {self.workspace}"


class Ref(NamedTuple):
    """An argument that is another resource's `id`."""

    slot: str


class Hidden(NamedTuple):
    """A text that the program marks as secret, although the package does not."""

    text: str


class Past(NamedTuple):
    """A name and a place that a resource had once, which the program lists among its aliases."""

    name: str
    component_type: str | None


@dataclass(frozen=True)
class Component:
    """A component that resources stand in."""

    type: str
    aliases: tuple[str, ...] = ()
    """The types that it had before, as far as the program says so."""


@dataclass(frozen=True)
class Declared:
    """One resource of a program."""

    kind: str
    name: str
    args: Mapping[str, Any]
    id: str | None = None
    """The API's id; None leaves it to the resource's name."""
    workspace: int | None = None
    component: str | None = None
    aliases: tuple[Past, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of `pulumi.ResourceOptions`; what names resources names slots."""
    kept: Mapping[str, Any] = field(default_factory=dict)
    """What the state has where changes are ignored; None where it has nothing. See `living.settled`."""

    def having(self, **args: Any) -> Declared:
        """With other arguments; None takes one out."""
        merged = {name: value for name, value in {**self.args, **args}.items() if value is not None}
        return replace(self, args=merged)

    def opting(self, **options: Any) -> Declared:
        """With other options; None takes one out."""
        merged = {name: value for name, value in {**self.options, **options}.items() if value is not None}
        return replace(self, options=merged)


@dataclass(frozen=True)
class Program:
    """A whole program. A slot is what a person would call the same resource, however it is renamed."""

    slots: Mapping[str, Declared] = field(default_factory=dict)
    components: Mapping[str, Component] = field(default_factory=dict)
    ids_by_stack: bool = False
    """Whether each id begins with the stack's name."""

    def having(self, **slots: Declared | None) -> Program:
        """With other resources; None takes one out."""
        merged = {**self.slots, **slots}
        return replace(self, slots={slot: declared for slot, declared in merged.items() if declared is not None})

    def within(self, **components: Component) -> Program:
        """With other components."""
        return replace(self, components={**self.components, **components})

    def id(self, slot: str, stack: str) -> str:
        """The API's id of a resource."""
        declared = self.slots[slot]
        if kept := declared.kept.get(ID[declared.kind]):
            return str(kept)
        plain = declared.id or declared.name
        return f"{stack}-{plain}" if self.ids_by_stack and declared.id else plain

    def address(self, slot: str, stack: str) -> Address:
        """Where a resource stands in the service."""
        declared = self.slots[slot]
        workspace = declared.kept.get("workspace_id") or declared.workspace or WORKSPACE
        return Address(int(workspace), declared.kind, self.id(slot, stack))

    def addresses(self, stack: str) -> dict[Address, str]:
        """The slot at each address that the program declares."""
        return {self.address(slot, stack): slot for slot in self.slots}

    def clashing(self, stack: str) -> bool:
        """Whether two resources of one program have one address."""
        return len(self.addresses(stack)) < len(self.slots)

    def urns(self, slot: str, stack: str) -> tuple[str, ...]:
        """By which URNs a resource is known, its own first, then its aliases."""
        declared = self.slots[slot]
        component = self.components[declared.component] if declared.component else None
        places = (None,) if component is None else (component.type, *component.aliases)
        known = [Past(declared.name, place) for place in places] + list(declared.aliases)
        return tuple(dict.fromkeys(urn(stack, declared.kind, *past) for past in known))

    def component_urns(self, slot: str, stack: str) -> tuple[str, ...]:
        """The URN of the component that a resource stands in, if it does."""
        name = self.slots[slot].component
        return (f"urn:pulumi:{stack}::{PROJECT}::{self.components[name].type}::{name}",) if name else ()

    def stated(self, slot: str, stack: str) -> dict[str, Any]:
        """What the service has to hold of a resource: each stated argument under the API's name."""
        declared = self.slots[slot]
        args = {name: self._value(value, stack) for name, value in declared.args.items()}
        args |= declared.kept
        is_address = {ID[declared.kind], "workspace_id"}
        args = {name: value for name, value in args.items() if value is not None and name not in is_address}
        id_ = self.id(slot, stack)
        return {"name": id_, **args, "id": id_}

    def _value(self, value: Any, stack: str) -> Any:
        if isinstance(value, Ref):
            return self.id(value.slot, stack)
        return value.text if isinstance(value, Hidden) else value

    def users(self, slot: str) -> list[str]:
        """The pipelines that are wired to a resource."""
        return [user for user, declared in self.slots.items() if Ref(slot) in declared.args.values()]


def urn(stack: str, kind: str, name: str, component_type: str | None = None) -> str:
    """The URN of a resource."""
    within = f"{component_type}$" if component_type else ""
    return f"urn:pulumi:{stack}::{PROJECT}::{within}pulumi-python:dynamic/warehouse-sync:{CLASSES[kind]}::{name}"
