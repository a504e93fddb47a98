"""What the kernel says of processes; nothing where there is no /proc."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["PeakOfProvider", "cpu_seconds"]

_PROC = Path("/proc")


def cpu_seconds(pid: int) -> float:
    """Processor time that a process took so far, in user and system mode."""
    with suppress(OSError):
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


class PeakOfProvider:
    """The largest resident memory of the process that serves dynamic providers, while the block lasts.

    The kernel keeps the peak, so that looking ten times a second misses little.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` is the program's: the process works in it."""
        self._folder = folder.resolve()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.mebibytes: float | None = None

    def __enter__(self) -> PeakOfProvider:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        provider: Path | None = None
        while not self._ended.wait(0.1):
            provider = provider or next(filter(self._serves, _PROC.glob("[0-9]*")), None)
            if provider is not None:
                with suppress(OSError, StopIteration):
                    lines = (provider / "status").read_text().splitlines()
                    peak = next(line for line in lines if line.startswith("VmHWM:"))
                    self.mebibytes = int(peak.split()[1]) / 1024

    def _serves(self, process: Path) -> bool:
        try:
            arguments = (process / "cmdline").read_bytes().split(b"\0")
            return b"pulumi.dynamic" in arguments and (process / "cwd").resolve() == self._folder
        except OSError:
            return False
