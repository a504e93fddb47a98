"""Which resource of the running program has which address.

Pulumi's engine knows resources by their URN, and creates before it deletes. The API knows objects by their address, and
has one of each. So a resource that was renamed, moved or replaced may be created at an address that another entry of
the state still has, and that entry is deleted in the end: the object that the program declares would go with it.

In an `up` the engine checks each resource that the program declares, with its URN, before it deletes what is left over.
In a `destroy` it checks none. So what was checked and created in this operation tells the delete of something that is
gone from the program from the delete of something that is not: in whichever process, since a resource may go from one
provider to another.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from ..errors import ExistsError, IncompleteError
from .operation import Log
from .urn import name_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..api.address import Address

__all__ = ["Ownership", "resource_name"]


class _State(str, Enum):
    """How far a resource that the program declares has come in this operation."""

    DECLARED = "declared"
    """It was checked, and the state does not have it at this address."""
    CREATING = "creating"
    """Its create was begun, and did not succeed, or not yet."""
    EXISTS = "exists"
    """The object there is its own: by the state, or because it was created in this operation."""


@dataclass(frozen=True)
class _Declared:
    """What is known of one resource of the program."""

    place: str
    state: _State
    is_replaced: bool = False
    """Whether it is to be replaced by another one at the same address."""
    imports: bool = False
    """Whether it is to take over what is there: the program says `import_`."""


class Ownership:
    """The resources that the running program declares.

    Each is known by its URN, or by its address where the URN cannot be known.
    """

    def __init__(self, log: Log | None = None, api_url: str = "") -> None:
        """`log` is what all tell each other who ask this question, and `api_url` where this one's addresses are."""
        self._log = log or Log()
        self._api_url = api_url.rstrip("/")
        self._lock = threading.Lock()
        self._position = 0
        self._declared: dict[str, _Declared] = {}
        self._only_read: dict[str, str] = {}
        self._failed = False

    def declare(self, urn: str, address: Address, *, in_state: bool, imports: bool = False) -> str | None:
        """The engine checks a resource. Returns the URN of another one that has the same address.

        `in_state` tells whether the state has the resource at this very address. Before the engine replaces a resource,
        it checks it once more, without a state. `imports` tells whether it is to take over what is there.
        """
        place = self._place(address)
        before = self._known().get(urn)
        had_it = before is not None and before.place == place and before.state == _State.EXISTS
        state = _State.EXISTS if in_state else _State.DECLARED
        self._tell(urn, _Declared(place, state, is_replaced=had_it and not in_state, imports=imports))
        others = (other for other, known in self._known().items() if other != urn and known.place == place)
        return next(others, None)

    @contextmanager
    def creating(self, urn: str | None, address: Address) -> Iterator[None]:
        """The engine creates a resource."""
        key = urn or str(address)
        creating = _Declared(self._place(address), _State.CREATING, is_replaced=self.is_replaced(key))
        self._tell(key, creating)
        created = replace(creating, state=_State.EXISTS)
        try:
            yield
        except IncompleteError:  # it is there, and the engine notes it
            self._tell(key, created)
            raise
        self._tell(key, created)

    def get(self, urn: str | None, address: Address) -> None:
        """The program reads an object, and does not manage it."""
        self._log.add({"read": self._place(address), "by": str(urn)})

    def fail(self) -> None:
        """A resource of the program failed: the engine does not even look at those that depend on it."""
        self._log.add({"failed": True})

    def is_replaced(self, urn: str | None) -> bool:
        """Whether a resource is to be replaced by another one at the same address."""
        declared = self._known().get(str(urn))
        return declared is not None and declared.is_replaced

    def keeper_of(self, urn: str | None, address: Address) -> str | None:
        """The engine deletes a resource. Returns the name of the one whose object that is now; None when it may go.

        Raises ExistsError where the program declares the object, or may declare it, under a URN that did not get it.
        With `--continue-on-error` the engine deletes what is left over although others failed.
        """
        key, place, known = urn or str(address), self._place(address), self._known()
        here = {other: declared for other, declared in known.items() if declared.place == place}
        for other, declared in here.items():
            if declared.state == _State.EXISTS:
                return resource_name(other)
        for other, declared in here.items():
            if declared.imports:
                raise ExistsError(
                    f"{address} is not deleted: {resource_name(other)} of this program is to be replaced, and "
                    "its import_ would take over the one that is deleted: take import_ out of its options"
                )
        if any(declared.is_replaced and declared.state == _State.DECLARED for declared in here.values()):
            return None  # it makes room for its replacement: under its old URN, if it was renamed with an alias
        if place in self._only_read:
            return resource_name(self._only_read[place])
        for other, declared in here.items():
            if declared.state == _State.CREATING or other != key:
                name = resource_name(other)
                raise ExistsError(f"{address} is not deleted: {name} of this program declares it, and was not created")
        if self._failed and key not in known:
            raise ExistsError(
                f"{address} is not deleted: other resources failed, and one that waits for them may declare it; the "
                "next `pulumi up` without a failure deletes it"
            )
        return None

    def _place(self, address: Address) -> str:
        return f"{self._api_url} {address.path}"

    def _tell(self, key: str, declared: _Declared) -> None:
        self._log.add({"declared": key, "as": vars(declared)})

    def _known(self) -> dict[str, _Declared]:
        """What is declared, by all that was told until now."""
        with self._lock:
            entries, self._position = self._log.after(self._position)
            for entry in entries:
                if "declared" in entry:
                    self._declared[entry["declared"]] = _Declared(**entry["as"])
                elif "read" in entry:
                    self._only_read[entry["read"]] = entry["by"]
                else:
                    self._failed = entry["failed"]
            return dict(self._declared)


def resource_name(urn: str) -> str:
    """A resource as a program names it: the end of its URN."""
    return f"'{name_in(urn)}'"
