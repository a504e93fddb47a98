"""The log of requests: one line for each attempt, with nothing in it that was sent or answered but the status.

`WAREHOUSE_SYNC_LOG=debug` writes it to standard error, `WAREHOUSE_SYNC_LOG_FILE` to a file of the owner's alone.
"""

from __future__ import annotations

import logging
import os
import stat
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import SettingError

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

__all__ = ["LEVEL", "LOG_FILE", "RequestLog", "Wait"]

LEVEL, LOG_FILE = "WAREHOUSE_SYNC_LOG", "WAREHOUSE_SYNC_LOG_FILE"
_logger = logging.getLogger("warehouse_sync_pulumi.requests")
_WORTH_TELLING = 0.01
"""Seconds of waiting."""


class Wait(NamedTuple):
    """What went before an attempt."""

    seconds: float
    reason: str


class RequestLog:
    """Logs each attempt, for someone who looks for the reason of a failure."""

    def __init__(self, hide: Callable[[str], str], trace: Callable[[str], None]) -> None:
        """`hide` takes secrets out of a text; `trace` is told each line as well."""
        self._hide = hide
        self._trace = trace
        _write_to(os.environ.get(LEVEL, ""), os.environ.get(LOG_FILE, ""))

    def attempt(self, request: httpx.Request, outcome: str, seconds: float, number: int, waited: Wait) -> None:
        """One attempt at a request is over. `outcome` is its status, or why there is none."""
        path = request.url.raw_path.partition(b"?")[0].decode("ascii")
        line = f"{request.method} {request.url.host}{path} {outcome} in {seconds:.3f} s, attempt {number}"
        if waited.seconds > _WORTH_TELLING:
            line += f", after {waited.seconds:.1f} s: {waited.reason}"
        line = self._hide(line)
        self._trace(line)
        _logger.debug("%s", line)


@lru_cache(maxsize=1)
def _write_to(level: str, file: str) -> None:
    """Let the log go where the environment says; called again for each change of that."""
    for handler in tuple(_logger.handlers):
        _logger.removeHandler(handler)
        handler.close()
    if level.lower() not in ("", "debug"):
        raise SettingError(f"{LEVEL} is {level!r}: it must be debug, or unset")
    if not level and not file:
        _logger.setLevel(logging.NOTSET)
        return
    added = _file_handler(file) if file else logging.StreamHandler()
    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    added.setFormatter(formatter)
    _logger.addHandler(added)
    _logger.setLevel(logging.DEBUG)


def _file_handler(path: str) -> logging.Handler:
    """Appends: the processes of one operation, and of the next ones, share the file."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            Path(path).chmod(0o600)
        return _OpenFile(os.fdopen(descriptor, "a", encoding="utf-8"))
    except OSError as error:
        raise SettingError(f"{LOG_FILE} is {path!r}, which cannot be written: {error.strerror}") from None


class _OpenFile(logging.StreamHandler):  # type: ignore[type-arg]
    def close(self) -> None:
        self.stream.close()
        super().close()
