"""What arrived at the emulator, and what took effect."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

__all__ = ["SECRET", "Entry", "Journal", "Redactor"]

SECRET = "[secret]"  # noqa: S105 - the mark that stands in a secret's place
_SECRET_KEYS = frozenset({"password", "partner_feed_key", "service_account_key", "client_secret", "access_token"})
_SHORTEST = 6  # characters; a shorter secret is hidden where it stands, but not searched for elsewhere


@dataclass
class Entry:
    """One request, noted on arrival and completed when it is answered."""

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
    """The kind of fault that struck it."""
    status: int | None = None
    """None while it is unanswered, and for ever when it was cut."""
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


class Redactor:
    """Hides secrets where they are expected, and where a known one turns up elsewhere."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: set[str] = set()

    def learn(self, value: object) -> None:
        """Remember a secret's value."""
        if isinstance(value, str) and len(value) >= _SHORTEST and set(value) != {"*"}:
            with self._lock:
                self._known.add(value)

    def clean(self, value: Any) -> Any:
        """Return a copy of a JSON value without secrets."""
        try:
            strings: list[str] = []
            self._gather(value, strings)
            everything = "\0".join(strings)
            with self._lock:  # of thousands of secrets, few or none stand in one request
                present = [secret for secret in self._known if secret in everything]
            # The longest first: one secret may be the beginning of another.
            return _hidden(value, sorted(present, key=len, reverse=True))
        except RecursionError:
            return "[nested too deep]"

    def _gather(self, value: object, strings: list[str]) -> None:
        """Learn the secrets of a value, and list all of its strings."""
        if isinstance(value, dict):
            for key, inner in value.items():
                strings.append(key)
                if key in _SECRET_KEYS:
                    self.learn(inner)
                self._gather(inner, strings)
        elif isinstance(value, list):
            for inner in value:
                self._gather(inner, strings)
        elif isinstance(value, str):
            strings.append(value)


def _hidden(value: Any, secrets: list[str]) -> Any:
    if isinstance(value, dict):
        return {
            key if key in _SECRET_KEYS else _hidden(key, secrets): (
                SECRET if key in _SECRET_KEYS and inner is not None else _hidden(inner, secrets)
            )
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_hidden(inner, secrets) for inner in value]
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, SECRET)
    return value


class Journal(Sequence[Entry]):
    """The requests in the order of their arrival; safe to read while the emulator serves."""

    def __init__(self, *, kept: int = 100_000) -> None:
        self.redactor = Redactor()
        self._changed = threading.Condition()
        # An emulator that runs for weeks does not grow without bound.
        self._entries: deque[Entry] = deque(maxlen=kept)
        self._number = 0

    def arrive(self, method: str, path: str, query: Mapping[str, Sequence[str]], body: object, **known: Any) -> Entry:
        """Note a request before anything is done about it."""
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
        """Note how it went: `status`, `took_effect`, `fault`."""
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
        """Forget every entry."""
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
