"""A cache of lists for a few seconds: a refresh of hundreds of objects asks for each collection once."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from .shared_failure import SharedFailureLock

if TYPE_CHECKING:
    from collections.abc import Callable

    from .address import Address

__all__ = ["ListCache"]

_MAX_AGE = 5.0
"""Seconds. Longer than it takes to ask for all of a stack, and short enough that a change outside is seen."""


class ListCache:
    """The objects of each collection by their ids, shared by all threads and forgotten at any write."""

    def __init__(self, fetch: Callable[[Address], list[dict[str, Any]]]) -> None:
        self._fetch = fetch
        self._locks: dict[Address, SharedFailureLock] = {}
        self._lists: dict[Address, tuple[float, dict[str, dict[str, Any]]]] = {}
        self._writes = 0
        self._lock = threading.Lock()

    def find(self, address: Address) -> dict[str, Any] | None:
        """The object at an address, as the list of its collection has it; None when the list lacks it."""
        collection = address.siblings
        with self._locks.setdefault(collection, SharedFailureLock()).hold():  # one thread asks, the others wait for it
            fetched, objects = self._lists.get(collection, (float("-inf"), {}))
            if time.monotonic() - fetched > _MAX_AGE:
                writes = self._writes
                objects = {item["id"]: item for item in self._fetch(collection) if isinstance(item.get("id"), str)}
                with self._lock:
                    if writes == self._writes:  # else the list may be older than what was written
                        self._lists[collection] = (time.monotonic(), objects)
        return objects.get(address.id or "")

    def clear(self) -> None:
        """Something was written."""
        with self._lock:
            self._writes += 1
            self._lists.clear()
