"""One operation of the engine, such as an `up`, and what the processes that serve it tell each other.

Each provider resource of a program has a process of its own, and so have all dynamic resources together. What one of
them knows of the program, the others must know before they delete anything.

So they share a file of lines, which each adds to and all read: in `$PULUMI_HOME/warehouse-sync/running` (by default
below `~/.pulumi`), readable for its owner alone, without any argument of an object. The engine's address names it:
no other engine has that at the same time. Each process holds a lock on it while it lives, and the last one removes it.
What a killed operation left behind has no lock, and is removed by the next one.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import platform
import threading
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Log", "Operation", "operation"]

T = TypeVar("T")


class Log:
    """What was told in an operation, in order; without a file, by this process alone."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._lines: list[bytes] = []
        self._path = path or Path()
        self._file = None if path is None else _opened(path)
        atexit.register(self.close)

    def add(self, entry: Mapping[str, Any]) -> None:
        """Tell the others."""
        line = json.dumps(entry).encode() + b"\n"
        if self._file is not None:
            os.write(self._file, line)  # of a file that is opened to append: at its end, and whole
            return
        with self._lock:
            self._lines.append(line)

    def after(self, position: int) -> tuple[list[dict[str, Any]], int]:
        """What was told since a position, and the position after it."""
        if self._file is None:
            lines = self._lines[position:]
            return [json.loads(line) for line in lines], position + len(lines)
        text = os.pread(self._file, os.fstat(self._file).st_size, position)
        whole = text[: text.rfind(b"\n") + 1]
        return [json.loads(line) for line in whole.splitlines()], position + len(whole)

    def close(self) -> None:
        """Remove the file, if no other process has it."""
        if self._file is not None:
            _remove_unless_used(self._path, self._file)
        self._file = None


class Operation:
    """What this process knows of the operation."""

    def __init__(self, log: Log | None = None) -> None:
        self.log = log or Log()
        self._lock = threading.Lock()
        self._said: set[str] = set()
        self._shared: dict[tuple[Any, ...], Any] = {}

    def is_news(self, message: str) -> bool:
        """Whether a message was not said before."""
        with self._lock:
            is_news = message not in self._said
            self._said.add(message)
        return is_news

    def shared(self, kind: Callable[..., T], *arguments: Any) -> T:
        """The one object that this process has of a class, and of these arguments, during the operation."""
        with self._lock:
            key = (kind, *arguments)
            if key not in self._shared:
                self._shared[key] = kind(*arguments)
            found: T = self._shared[key]
        return found


@cache
def operation(engine: str | None) -> Operation:
    """The operation of the engine at an address; without one, that of this process alone."""
    try:
        return Operation(Log(_path(engine)) if engine else None)
    except OSError:
        return Operation()  # where nothing can be written, Pulumi does not get far either


def _path(engine: str) -> Path:
    home = os.environ.get("PULUMI_HOME") or "~/.pulumi"
    # The machine besides, since containers may share a folder.
    name = sha256(f"{platform.node()}\n{engine}".encode()).hexdigest()
    return Path(home).expanduser() / "warehouse-sync" / "running" / f"{name}.jsonl"


def _opened(path: Path) -> int:
    """The file of a running operation, locked; empty where nobody else has it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for other in path.parent.iterdir():
        if other != path:
            _remove_unless_used(other)
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        if _is_alone(file):
            os.ftruncate(file, 0)
        fcntl.flock(file, fcntl.LOCK_SH)
        if _is_file(file, path):
            return file
        os.close(file)  # somebody removed it meanwhile


def _remove_unless_used(path: Path, file: int | None = None) -> None:
    """Remove a file that no process but this one has locked; `file` is what this one has open."""
    try:
        file = os.open(path, os.O_RDWR) if file is None else file
        if _is_alone(file) and _is_file(file, path):
            path.unlink()
        os.close(file)
    except OSError:
        pass  # somebody else removed it


def _is_alone(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_file(file: int, path: Path) -> bool:
    """Whether an open file is the one that has this name now."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False
