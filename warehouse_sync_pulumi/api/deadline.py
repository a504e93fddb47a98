"""A bound on the whole time of an answer.

httpx bounds each read alone, and it reads the head of an answer where no transport around its own can see it: headers
that trickle in would never end. So the bound stands at the stream that the bytes are read from. httpx hands that stream
out only once the head is there; this module alone knows where it is before. The tests of answers without end see it
when another version of httpx has it elsewhere.
"""

from __future__ import annotations

import math
import time
from typing import Any

import httpx

from .time_limit import current

__all__ = ["LONGEST_ANSWER", "bound_in_time"]

LONGEST_ANSWER = 300.0
"""Seconds from the request to the end of its answer."""


def bound_in_time(transport: httpx.HTTPTransport) -> httpx.HTTPTransport:
    """The same transport, whose answers raise `httpx.ReadTimeout` after `LONGEST_ANSWER`.

    That is sooner where the whole operation has less time left.
    """
    pool: Any = transport._pool  # noqa: SLF001 - see above
    pool._network_backend = _Backend(pool._network_backend)  # noqa: SLF001
    return transport


class _Delegate:
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Backend(_Delegate):
    """What makes connections."""

    def connect_tcp(self, *args: Any, **options: Any) -> _Stream:
        return _Stream(self._inner.connect_tcp(*args, **options))


class _Stream(_Delegate):
    """One connection; the time runs from the last byte that was sent."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner)
        self._sent_at = time.monotonic()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._sent_at + LONGEST_ANSWER - time.monotonic()
        if left <= 0:
            raise httpx.ReadTimeout(f"the answer took longer than {LONGEST_ANSWER:.0f} s")
        left = min(left, current().left, math.inf if timeout is None else timeout)
        received: bytes = self._inner.read(max_bytes, left)
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)
        self._sent_at = time.monotonic()

    def start_tls(self, *args: Any, **options: Any) -> _Stream:
        return _Stream(self._inner.start_tls(*args, **options))
