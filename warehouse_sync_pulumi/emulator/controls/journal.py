"""What arrived at the emulator, and what took effect."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .redaction import Redactor

__all__ = ["Entry", "Journal"]


@dataclass
class Entry:
    """One request, recorded on arrival and completed when it is answered."""

    number: int
    method: str
    path: str
    """Without the base: `connections/x`, `pipelines/p/status`, `oauth/token`."""
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    body: Any = None
    """The JSON body with `[secret]` in place of every secret; None when there was none, or none that could be read."""
    workspace_id: int | None = None
    api_version: str | None = None
    received_at: str = ""
    """In the emulator's time."""
    fault: str | None = None
    """The kind of its fault, if it had one."""
    status: int | None = None
    """None while it is unanswered, and where the connection was cut."""
    took_effect: bool = False
    """Whether it changed what the emulator holds."""

    def matches(
        self,
        method: str | None = None,
        path: str | None = None,
        *,
        status: int | None = None,
        took_effect: bool | None = None,
        workspace_id: int | None = None,
    ) -> bool:
        """Whether every given criterion holds; `path` is a glob (`connections/*`)."""
        return (
            (method is None or self.method == method)
            and (path is None or fnmatchcase(self.path, path))
            and (status is None or self.status == status)
            and (took_effect is None or self.took_effect is took_effect)
            and (workspace_id is None or self.workspace_id == workspace_id)
        )


class Journal(Sequence[Entry]):
    """The requests in the order of their arrival; safe to read while the emulator serves."""

    def __init__(self, *, kept: int = 100_000) -> None:
        self.redactor = Redactor()
        self._changed = threading.Condition()
        # An emulator that runs for weeks does not grow without bound.
        self._entries: deque[Entry] = deque(maxlen=kept)
        self._number = 0

    def arrive(self, method: str, path: str, query: Mapping[str, Sequence[str]], body: object, **known: Any) -> Entry:
        """Record a request before it is handled."""
        clean = self.redactor.clean
        with self._changed:
            self._number += 1
            entry = Entry(
                self._number, method, clean(path), {k: clean(list(v)) for k, v in query.items()}, clean(body), **known
            )
            self._entries.append(entry)
            self._changed.notify_all()
            return entry

    def complete(self, entry: Entry, **found: Any) -> None:
        """Record how it went: `status`, `took_effect`, `fault`."""
        with self._changed:
            for name, value in found.items():
                setattr(entry, name, value)
            self._changed.notify_all()

    def filter(self, method: str | None = None, path: str | None = None, **criteria: Any) -> list[Entry]:
        """The entries that match, as `Entry.matches` says."""
        return [entry for entry in self._snapshot() if entry.matches(method, path, **criteria)]

    def count(self, method: str | None = None, path: str | None = None, **criteria: Any) -> int:
        """How many entries match, as `Entry.matches` says."""
        return len(self.filter(method, path, **criteria))

    def wait_for(
        self,
        method: str | None = None,
        path: str | None = None,
        *,
        count: int = 1,
        timeout: float = 10.0,
        **criteria: Any,
    ) -> list[Entry]:
        """Block until so many entries match.

        Raises:
            TimeoutError: after `timeout` real seconds.
        """
        until = time.monotonic() + timeout
        with self._changed:
            while len(found := [e for e in self._entries if e.matches(method, path, **criteria)]) < count:
                if not self._changed.wait(until - time.monotonic()) and time.monotonic() >= until:
                    raise TimeoutError(f"{len(found)} of {count} requests {method or '*'} {path or '*'} arrived.")
        return found

    def clear(self) -> None:
        """Remove every entry."""
        with self._changed:
            self._entries.clear()

    def as_json(self) -> list[dict[str, Any]]:
        """Every entry as a plain dict."""
        return [asdict(entry) for entry in self._snapshot()]

    def _snapshot(self) -> list[Entry]:
        with self._changed:
            return list(self._entries)

    def __len__(self) -> int:
        return len(self._snapshot())

    def __getitem__(self, index: Any) -> Any:
        return self._snapshot()[index]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._snapshot())

    def __repr__(self) -> str:
        lines = (f"{e.number} {e.method} {e.path} {e.status} {e.fault or ''}".rstrip() for e in self._snapshot())
        return "Journal(\n  " + "\n  ".join(lines) + "\n)"
