"""What there is to be judged: what a stack's state holds, and what the service holds and was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from living.program import ID, KINDS, WORKSPACE, Address, Program
from living.steps import Operation

OURS = "pulumi-python:dynamic/warehouse-sync:"
_KIND = {f"{OURS}Connection": "connections", f"{OURS}DataModel": "data-models", f"{OURS}Pipeline": "pipelines"}


@dataclass(frozen=True)
class Entry:
    """One resource in a stack's state."""

    urn: str
    address: Address
    type_argument: str | None
    created_on: str | None = None
    is_leaving: bool = False
    """Whether it was replaced, and its deletion is still to come."""
    is_tainted: bool = False
    is_protected: bool = False
    is_retained: bool = False
    """Whether the object stays when the resource leaves."""
    deleted_with: str | None = None
    """The URN of the resource with which the service is said to delete the object by itself."""
    needs: frozenset[str] = frozenset()
    """The URNs of what it depends on."""
    is_half_replaced: bool = False
    """Whether it is deleted, and its replacement is still to come."""
    inputs: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """Its arguments, as they were when it last changed."""


def entries(resources: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """What a state holds, from its resources as they stand in the checkpoint."""
    return [_entry(resource) for resource in resources if resource["type"] in _KIND]


def _entry(resource: Mapping[str, Any]) -> Entry:
    kind, outputs = _KIND[resource["type"]], resource.get("outputs") or {}
    inputs = resource.get("inputs") or {}
    workspace = int(inputs.get("workspace_id") or WORKSPACE)
    return Entry(
        urn=resource["urn"],
        address=Address(workspace, kind, resource["id"] if "id" in resource else outputs.get(ID[kind], "")),
        type_argument=outputs.get("type"),
        created_on=outputs.get("created_on"),
        is_leaving=bool(resource.get("delete")),
        is_tainted=bool(resource.get("taint")),
        is_protected=bool(resource.get("protect")),
        is_retained=bool(resource.get("retainOnDelete")),
        deleted_with=resource.get("deletedWith"),
        needs=frozenset(
            [
                *(resource.get("dependencies") or ()),
                *((resource.get("deletedWith") and [resource["deletedWith"]]) or ()),
            ]
        ),
        is_half_replaced=bool(resource.get("pendingReplacement")),
        inputs={name: value for name, value in inputs.items() if not name.startswith("__")},
    )


def spared(leaving: Sequence[Entry]) -> set[Address]:
    """Where the object stays although its resource leaves."""
    going = {entry.urn for entry in leaving}
    return {entry.address for entry in leaving if entry.is_retained or entry.deleted_with in going}


def dependents(state: Iterable[Entry], urns: Iterable[str]) -> tuple[str, ...]:
    """Resources with all that depend on them."""
    found = set(urns)
    entries = list(state)
    while more := {entry.urn for entry in entries if entry.needs & found} - found:
        found |= more
    return tuple(sorted(found))


class Effect(NamedTuple):
    """One request that changed what the service holds."""

    method: str
    address: Address


@dataclass
class Ended:
    """How a command ended."""

    command: str
    code: int | None
    """None: it was killed."""
    text: str
    struck: bool = False
    """Whether what was to go wrong did."""

    @property
    def is_green(self) -> bool:
        """Whether all went well."""
        return self.code == 0


@dataclass(frozen=True)
class Snapshot:
    """How one stack and the service stand at one moment."""

    state: tuple[Entry, ...]
    service: Mapping[Address, Mapping[str, Any]]

    @property
    def live(self) -> dict[str, Entry]:
        """By URN, what the state holds and is not on its way out."""
        return {entry.urn: entry for entry in self.state if not entry.is_leaving}

    def entry(self, program: Program, slot: str, stack: str) -> Entry | None:
        """What the state holds of a resource, under its URN or an alias."""
        live = self.live
        return next((live[urn] for urn in program.urns(slot, stack) if urn in live), None)

    def holds(self, address: Address) -> bool:
        """Whether the state manages the object at an address."""
        return any(entry.address == address for entry in self.live.values())


class Service:
    """The emulator, as the judge looks at it."""

    def __init__(self, emulator: Any) -> None:
        self.emulator = emulator
        self._seen = 0

    def objects(self) -> dict[Address, dict[str, Any]]:
        """What it holds, true secrets included."""
        return {
            Address(workspace, kind, id_): held
            for workspace in self.emulator.workspaces()
            for kind in KINDS
            for id_, held in self.emulator.objects(kind, workspace).items()
        }

    def effects(self) -> list[Effect]:
        """What changed it by the API since the last look, in order."""
        return [Effect(entry.method, _touched(entry)) for entry in self._new if entry.took_effect]

    def attempts(self) -> frozenset[Address]:
        """Where something was to be created since the last look, whatever came of it."""
        return frozenset(_touched(entry) for entry in self._new if entry.method == "POST")

    def look(self) -> None:
        """Begin anew: what was asked so far has been seen."""
        self._seen = len(self.emulator.journal)

    @property
    def _new(self) -> list[Any]:
        new = self.emulator.journal[self._seen :]
        return [entry for entry in new if entry.path.partition("/")[0] in KINDS]


def _touched(entry: Any) -> Address:
    kind, _, id_ = entry.path.partition("/")
    return Address(entry.workspace_id, kind, id_ or entry.body["id"])


@dataclass(frozen=True)
class Done:
    """One operation, with all that there is to judge it by."""

    program: Program
    operation: Operation
    before: Snapshot
    after: Snapshot
    ended: Ended
    effects: Sequence[Effect]
    attempts: frozenset[Address] = frozenset()
    """Where a create was tried, whatever came of it."""

    @property
    def stack(self) -> str:
        """The stack that it was done to."""
        return self.operation.stack

    @property
    def made(self) -> set[Address]:
        """Where an object was made, or taken over."""
        held = {entry.address for entry in self.before.state}
        taken = {entry.address for entry in self.after.state} - held
        return taken | {effect.address for effect in self.effects if effect.method == "POST"}
