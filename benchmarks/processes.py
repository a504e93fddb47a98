"""What the kernel says of processes; nothing where there is no /proc."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Process", "cpu_seconds", "watched_provider"]

_PROC = Path("/proc")
_PROVIDERS = (b"pulumi.dynamic", b"pulumi-resource-warehouse-sync")


def cpu_seconds(pid: int) -> float:
    """Processor time that a process took so far, in user and system mode."""
    with suppress(OSError):
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


@dataclass
class Process:
    """What was seen of a process while it ran."""

    pid: int | None = None
    peak: float | None = None
    """The largest resident memory, in MiB. The kernel keeps the peak: looking now and then misses little."""
    cpu: float = 0.0
    """Processor seconds."""

    def look(self) -> None:
        """Look once more."""
        with suppress(OSError, StopIteration):
            lines = (_PROC / str(self.pid) / "status").read_text().splitlines()
            self.peak = int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024
            self.cpu = max(self.cpu, cpu_seconds(self.pid or 0))


@contextmanager
def watched_provider(folder: Path) -> Iterator[Process]:
    """Watch the process that serves the providers of a program, which the engine starts in the program's folder."""
    provider, ended = Process(), threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            provider.pid = provider.pid or _provider_of(folder.resolve())
            provider.look()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield provider
    finally:
        ended.set()
        thread.join()


def _provider_of(folder: Path) -> int | None:
    for process in _PROC.glob("[0-9]*"):
        with suppress(OSError):
            arguments = (process / "cmdline").read_bytes().split(b"\0")
            if any(argument.endswith(_PROVIDERS) for argument in arguments) and (process / "cwd").resolve() == folder:
                return int(process.name)
    return None
