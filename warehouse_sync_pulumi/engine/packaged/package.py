"""What a packaged provider serves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from ...config import Settings
    from ...schema import Kind
    from ..host import Host
    from ..manager import Manager

    Invoke = Callable[[str, Settings, Mapping[str, Any], Host], Mapping[str, Any]]

__all__ = ["Package", "Resource"]


@dataclass(frozen=True)
class Resource:
    """A kind of resource."""

    kind: Kind
    manager_class: type[Manager]
    outputs: AbstractSet[str]
    """The names of all that it has when it is there."""

    @property
    def server_made(self) -> AbstractSet[str]:
        """The outputs that are not known before the object is there."""
        computed = {name for name, field in self.kind.fields.items() if field.computed}
        return self.outputs - self.kind.fields.keys() | computed

    @property
    def names(self) -> AbstractSet[str]:
        """Everything that messages may speak of."""
        return self.outputs | self.kind.fields.keys()


@dataclass(frozen=True)
class Package:
    """A packaged provider's contents."""

    version: Callable[[], str]
    schema: Callable[[], str]
    resources: Mapping[str, Resource]
    """By the last part of their type: `Connection`."""
    invoke: Invoke
    """Answers a function, by the last part of its token: its name, the settings, its arguments as a program names them,
    and the engine."""
