"""What exists in a workspace: one list request for each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from ...connection import Connection, ConnectionProvider
from ...data_model import DataModel, DataModelProvider
from ...pipeline import Pipeline, PipelineProvider

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...api.address import Address
    from ...engine.dynamic import SyncProvider
    from ...engine.resource import SyncResource
    from ...schema import Kind

__all__ = ["RESOURCES", "Existing", "Resource", "read"]


@dataclass(frozen=True)
class Resource:
    """A resource class, and the class of its provider."""

    cls: type[SyncResource]
    provider: type[SyncProvider]

    @property
    def kind(self) -> Kind:
        """The kind of object that it manages."""
        return self.cls.kind

    @property
    def type(self) -> str:
        """The resource's type in a state."""
        return f"pulumi-python:{self.cls._resource_type_name}"  # noqa: SLF001 - the SDK has no other name for it


RESOURCES = (
    Resource(Connection, ConnectionProvider),
    Resource(DataModel, DataModelProvider),
    Resource(Pipeline, PipelineProvider),
)
"""Every resource that can be imported, those that others refer to first."""


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
    def unsaid(self) -> list[str]:
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
