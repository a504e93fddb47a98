"""Which resource of the running program has which address.

Pulumi's engine knows resources by their URN, and creates before it deletes. The API knows objects by their address, and
has one of each. So a resource that was renamed, moved or replaced may be created at an address that another entry of
the state still has, and that entry is deleted in the end: the object that the program declares would go with it.

In an `up` the engine checks each resource that the program declares, with its URN, before it deletes what is left over.
In a `destroy` it checks none. So what was checked and created in this process tells the delete of something that is
gone from the program from the delete of something that is not.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import ExistsError, IncompleteError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..api.address import Address

__all__ = ["Ownership", "resource_name"]


@dataclass
class _Declared:
    """What this process knows of one resource of the program."""

    address: Address
    exists: bool
    """Whether the object there is this resource's: by the state, or because it was created in this process."""
    is_replaced: bool = False
    """Whether it is to be replaced by another one at the same address."""
    was_refused: bool = False
    """Whether it could not be created."""
    imports: bool = False
    """Whether it is to take over what is there: the program says `import_`."""


class Ownership:
    """The resources that the running program declares.

    Each is known by its URN, or by its address where the URN cannot be known.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._declared: dict[object, _Declared] = {}
        self._only_read: dict[Address, str | None] = {}
        self._failed = False

    def declare(self, urn: str, address: Address, *, in_state: bool, imports: bool = False) -> str | None:
        """The engine checks a resource. Returns the URN of another one that has the same address.

        `in_state` tells whether the state has the resource at this very address. Before the engine replaces a resource,
        it checks it once more, without a state. `imports` tells whether it is to take over what is there.
        """
        with self._lock:
            before = self._declared.get(urn)
            is_replaced = not in_state and before is not None and before.address == address and before.exists
            self._declared[urn] = _Declared(address, in_state, is_replaced, imports=imports)
            return next(
                (str(other) for other, it in self._declared.items() if other != urn and it.address == address), None
            )

    @contextmanager
    def creating(self, urn: str | None, address: Address) -> Iterator[None]:
        """The engine creates a resource."""
        with self._lock:
            before = self._declared.get(urn or address)
            declared = _Declared(
                address, exists=False, is_replaced=bool(before and before.is_replaced), was_refused=True
            )
            self._declared[urn or address] = declared
        try:
            yield
        except IncompleteError:  # it is there, and the engine notes it
            declared.exists, declared.was_refused = True, False
            raise
        declared.exists, declared.was_refused = True, False

    def get(self, urn: str | None, address: Address) -> None:
        """The program reads an object, and does not manage it."""
        with self._lock:
            self._only_read[address] = urn

    def fail(self) -> None:
        """A resource of the program failed: the engine does not even look at those that depend on it."""
        self._failed = True

    def is_replaced(self, urn: str | None) -> bool:
        """Whether a resource is to be replaced by another one at the same address."""
        declared = self._declared.get(urn)
        return declared is not None and declared.is_replaced

    def kept_for(self, urn: str | None, address: Address) -> str | None:
        """The engine deletes a resource. Returns the name of the one whose object that is now; None when it may go.

        Raises ExistsError where the program declares the object, or may declare it, under a URN that did not get it.
        With `--continue-on-error` the engine deletes what is left over although others failed.
        """
        key = urn or address
        with self._lock:
            declared = {other: it for other, it in self._declared.items() if it.address == address}
        for other, it in declared.items():
            if it.exists:
                return resource_name(str(other))
        if address in self._only_read:
            return resource_name(str(self._only_read[address]))
        for other, it in declared.items():
            if it.imports:
                raise ExistsError(
                    f"{address} is not deleted: {resource_name(str(other))} of this program is to be replaced, and "
                    "says import_, by which it would take over the old one: take import_ out of its options"
                )
        if any(it.is_replaced and not it.was_refused for it in declared.values()):
            return None  # it makes room for its replacement: under its old URN, if it was renamed with an alias
        for other, it in declared.items():
            if it.was_refused or other != key:
                name = resource_name(str(other))
                raise ExistsError(f"{address} is not deleted: {name} of this program declares it, and did not get it")
        if self._failed and key not in declared:
            raise ExistsError(
                f"{address} is not deleted: other resources failed, and one that waits for them may declare it; the "
                "next `pulumi up` without a failure deletes it"
            )
        return None


def resource_name(urn: str) -> str:
    """A resource as a program names it: the end of its URN."""
    return f"'{urn.rpartition('::')[2]}'"
