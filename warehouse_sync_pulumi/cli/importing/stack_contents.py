"""What a stack holds already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .workspace import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["StackContents"]


@dataclass(frozen=True)
class StackContents:
    """The Warehouse Sync resources in a stack's state."""

    objects: frozenset[tuple[str, int, str]] = frozenset()
    """The objects that it manages, each as `Existing.key`."""
    names: frozenset[tuple[str, str]] = frozenset()
    """The types and names that are taken; also by what a program only reads, with `.get`."""

    @classmethod
    def of(cls, resources: Iterable[Mapping[str, Any]]) -> StackContents:
        """What an exported state's resources hold."""
        types = {resource.type for resource in RESOURCES}
        ours = [resource for resource in resources if resource["type"] in types]
        return cls(
            frozenset(
                (resource["type"], int(values["workspace_id"]), resource["id"])
                for resource in ours
                if not (resource.get("external") or resource.get("delete"))
                and "workspace_id" in (values := {**resource.get("inputs", {}), **resource.get("outputs", {})})
            ),
            frozenset((resource["type"], resource["urn"].split("::", 3)[3]) for resource in ours),
        )
