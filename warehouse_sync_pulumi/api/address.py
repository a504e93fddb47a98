"""Which object of the API is meant: for its path, and for sentences about it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import WarehouseSyncError

__all__ = ["Address"]


@dataclass(frozen=True)
class Address:
    """One object, or, without an `id`, a whole collection."""

    workspace_id: int
    collection: str
    """As in the path: `data-models`."""
    noun: str
    """As in a sentence: `data model`."""
    id: str | None = None

    def __post_init__(self) -> None:
        # An id such as `../x` would leave the collection, and take the token with it.
        if self.id is not None and not re.fullmatch(r"[A-Za-z0-9_-]+", self.id):
            raise WarehouseSyncError(f"{self.id[:60]!a} is not an id of a {self.noun}: letters, digits, _ and - only")

    @property
    def path(self) -> str:
        """The path below the API's version."""
        base = f"workspaces/{int(self.workspace_id)}/inputs/warehouse/{self.collection}"
        return base if self.id is None else f"{base}/{self.id}"

    @property
    def siblings(self) -> Address:
        """The collection that the object is in."""
        return Address(self.workspace_id, self.collection, self.noun)

    def __str__(self) -> str:
        what = f"the {self.noun}s" if self.id is None else f"{self.noun} '{self.id}'"
        return f"{what} in workspace {self.workspace_id}"
