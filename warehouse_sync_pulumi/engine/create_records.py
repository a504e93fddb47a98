"""The record of a create that was begun: proof that an object which exists already is this stack's own.

It is written before the request, and outlives a process that is killed. The next run finds the id taken, and the record
tells that the object is what the killed run made. That an object is equal proves nothing: another stack of the same
program makes equal ones.

There is one small file for each resource and address in `$PULUMI_HOME/warehouse-sync/begun` (by default below
`~/.pulumi`), readable for its owner alone, without any argument of the object. Its last whole line counts: adding one
is quicker than writing the file anew, and a process that is killed while it writes leaves the lines before. It is gone
when the state has the resource, or nothing came of the create. One that was left behind does no harm: it speaks for an
object that was made while it was written, and for no other.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..schema import moment_of, same_second

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..api.address import Address

__all__ = ["CreateRecord", "forget"]

_CLOCKS = 120.0
"""Seconds by which the service's clock and this machine's may differ."""
_LONGEST = 300.0
"""Seconds from a request to the end of its answer."""


class CreateRecord:
    """One create of a resource at an address, and what is known of an earlier one that was killed."""

    def __init__(self, urn: str | None, api_url: str, address: Address, *, retry_timeout: float) -> None:
        """`retry_timeout` is how many seconds a request may wait before it is sent."""
        self._path = _path(urn, api_url, address) if urn else None
        self._urn, self._address = urn, address
        self._longest = retry_timeout + _LONGEST
        is_left_behind = self._path is not None and self._path.name in _left_behind(self._path.parent)
        self._earlier = _record(self._path) if self._path is not None and is_left_behind else {}
        self._began = time.time()

    def begin(self) -> None:
        """Write it down; the request follows."""
        self._began = time.time()
        self._write(self._record(began=[*self._earlier_begins, self._began], made=self._earlier.get("made")))

    def succeed(self, answer: Mapping[str, Any]) -> None:
        """Note what was made, until the state has it."""
        if moment_of(answer.get("created_on")) is not None:
            self._write(self._record(made=answer["created_on"]))

    def fail(self) -> None:
        """Nothing came of the create: what was known before is all that is known."""
        if self._earlier:
            self._write(self._earlier)
        elif self._path is not None:
            try:
                self._path.unlink()
            except OSError:
                self._write(self._record())  # which proves nothing

    def made_by_killed_run(self, found: Mapping[str, Any]) -> bool:
        """Whether an object is what an earlier run made before it was killed."""
        if _is_time_of(self._earlier.get("made"), found.get("created_on")):
            return True
        made = moment_of(found.get("created_on"))
        return made is not None and any(
            -_CLOCKS <= made.timestamp() - began <= self._longest + _CLOCKS for began in self._earlier_begins
        )

    def may_be_made_by_this_run(self, found: Mapping[str, Any]) -> bool:
        """Whether an object can be what this run's own request made, whose answer was lost."""
        made = moment_of(found.get("created_on"))
        return made is None or made.timestamp() >= self._began - _CLOCKS

    @property
    def _earlier_begins(self) -> list[float]:
        """When earlier runs began, of which nobody knows what they made: each may have been killed."""
        began = self._earlier.get("began")
        return [moment for moment in began if isinstance(moment, float)] if isinstance(began, list) else []

    def _record(self, **times: Any) -> dict[str, Any]:
        known = {name: time for name, time in times.items() if time is not None}
        return {"urn": self._urn, "object": str(self._address), **known}

    def _write(self, record: Mapping[str, Any]) -> None:
        if self._path is None:
            return
        # Where nothing can be written there is no proof, and the next run refuses: the safe side.
        with suppress(OSError):
            _make_folder(self._path.parent)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "ab", buffering=0) as file:
                file.write(f"\n{json.dumps(record)}".encode())  # the line before may have no end


def forget(urn: str | None, api_url: str, address: Address, state: Mapping[str, Any] | None = None) -> None:
    """There is nothing left to prove: the state has the very object that was made, or it was deleted (no `state`).

    A state may also have the one before, which was deleted to be replaced by the one of the record.
    """
    left_behind = _left_behind(_folder())
    if not urn or not left_behind:  # as nearly always
        return
    path = _path(urn, api_url, address)
    if path.name not in left_behind:
        return
    if state is None or _is_time_of(_record(path).get("made"), state.get("created_on")):
        left_behind.discard(path.name)
        with suppress(OSError):
            path.unlink()


def _record(path: Path) -> dict[str, Any]:
    """The last whole line of a file: what it holds, or nothing."""
    try:
        lines = path.read_text(errors="replace").splitlines()
    except OSError:
        return {}
    for line in reversed(lines):
        with suppress(ValueError):
            record = json.loads(line)
            return record if isinstance(record, dict) else {}
    return {}


def _home() -> Path:
    return Path(os.environ.get("PULUMI_HOME") or "~/.pulumi").expanduser()


def _folder() -> Path:
    return _home() / "warehouse-sync" / "begun"


def _path(urn: str | None, api_url: str, address: Address) -> Path:
    # Another backend, or another folder, may have a stack of the same name.
    stack = f"{os.environ.get('PULUMI_BACKEND_URL') or _logged_in_to(_home())}\n{Path.cwd()}\n{urn}"
    name = sha256(f"{stack}\n{api_url.rstrip('/')}\n{address.path}".encode()).hexdigest()
    return _folder() / f"{name}.json"


@cache
def _logged_in_to(home: Path) -> str:
    """The backend that `pulumi login` chose."""
    try:
        return str(json.loads((home / "credentials.json").read_text())["current"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


@cache
def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


@cache
def _left_behind(folder: Path) -> set[str]:
    """The records of earlier runs, less those forgotten since; looked up once, since hundreds of resources ask."""
    try:
        return {file.name for file in folder.iterdir()}
    except OSError:
        return set()


def _is_time_of(made: Any, created_on: Any) -> bool:
    one, other = moment_of(made), moment_of(created_on)
    return one is not None and other is not None and same_second(one, other)
