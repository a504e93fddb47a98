"""What exists in a workspace: one list request for each kind."""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any, Protocol

import warehouse_sync_pulumi

from ...engine.resource import SyncResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...api.address import Address
    from ...schema import Kind

__all__ = ["RESOURCES", "Existing", "Resource", "read"]


@dataclass(frozen=True)
class Resource:
    """A resource class."""

    cls: type[SyncResource]

    @property
    def kind(self) -> Kind:
        """The kind of object that it manages."""
        return self.cls.kind

    @property
    def type(self) -> str:
        """The resource's type in a state."""
        return f"pulumi-python:{self.cls._resource_type_name}"  # noqa: SLF001 - the SDK has no other name for it


def _importable() -> tuple[Resource, ...]:
    """Every public resource that is an object of its own, those that others refer to first."""
    public = list(vars(warehouse_sync_pulumi).values())
    resources = [Resource(cls) for cls in public if isinstance(cls, type) and issubclass(cls, SyncResource)]
    by_id = {r.kind.id_argument: r for r in resources if r.kind.id_argument in r.kind.fields}
    refers = {id_: [name for name in r.kind.fields if name in by_id and name != id_] for id_, r in by_id.items()}
    return tuple(by_id[id_] for id_ in TopologicalSorter(refers).static_order())


RESOURCES = _importable()


@dataclass(frozen=True)
class Existing:
    """One object that exists."""

    resource: Resource
    workspace_id: int
    id: str
    answer: Mapping[str, Any]
    """As the API answers it."""

    @property
    def kind(self) -> Kind:
        """The kind of object that it is."""
        return self.resource.kind

    @property
    def key(self) -> tuple[str, int, str]:
        """What no two objects share."""
        return self.resource.type, self.workspace_id, self.id

    @property
    def unknown_fields(self) -> list[str]:
        """The fields with a value that are neither arguments nor known outputs."""
        known = {"id", *self.kind.fields, *self.resource.cls.__annotations__}
        return sorted(name for name, value in self.answer.items() if name not in known and value is not None)

    def __str__(self) -> str:
        return f"{self.kind.noun} {self.id!r}"


class Client(Protocol):
    """What reading asks of the API."""

    def list(self, collection: Address) -> list[dict[str, Any]]:
        """Every object of a collection."""


def read(client: Client, resource: Resource, workspace_id: int) -> list[Existing]:
    """The objects of one kind, sorted by id."""
    answers = client.list(resource.kind.address(workspace_id))
    found = [Existing(resource, workspace_id, str(answer.get("id")), answer) for answer in answers]
    return sorted(found, key=lambda existing: existing.id)
