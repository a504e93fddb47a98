"""One gate for all threads: after a 429 no request is sent before the time that the service named."""

from __future__ import annotations

import random
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Gate", "backoff"]

_FIRST_WAIT, _LONGEST_WAIT = 0.25, 20.0
_FEW = 4
"""Requests at once when the gate opens again."""
_FEW_FOR = 10.0
"""Seconds after it opened during which these are all. Slow answers then hold up nobody for longer."""


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row: twice as long each time, with jitter."""
    longest = min(_FIRST_WAIT * 2.0 ** min(failures, 30), _LONGEST_WAIT)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter is no secret


class Gate:
    """Closed after a 429 for as long as the service asks; then it lets in a few requests at a time, and then all.

    Without it each thread would find out for itself, and the more threads there are the longer the refusals last.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._reason = ""
        self._opens_at = float("-inf")
        self._inside = 0
        self._closings = 0
        self._refusals = 0  # in a row

    def enter(self, deadline: float, notify: Callable[[str], None]) -> int | None:
        """Wait to be let in, and take a ticket; None when that is not before the deadline (of `time.monotonic`)."""
        told = float("-inf")
        with self._changed:
            while (turn := self._next_turn()) > (now := time.monotonic()):
                if max(now, self._opens_at) >= deadline:
                    return None
                if told != self._opens_at:
                    told = self._opens_at
                    self._tell(notify, told - now)
                    continue  # the lock was not held meanwhile
                self._changed.wait(min(turn, deadline) - now)
            self._inside += 1
            return self._closings

    def leave(self, ticket: int, *, refused: bool = False, retry_after: float | None = None, reason: str = "") -> None:
        """Give the ticket back. `refused` is for a 429, `retry_after` the seconds that it asks for."""
        with self._changed:
            self._inside -= 1
            # Of those that were under way together, only the first refusal counts.
            is_first = ticket == self._closings
            if refused:
                self._closings += is_first
                self._refusals += is_first
                wait = max(retry_after or 0.0, backoff(self._refusals - 1))
                self._opens_at = max(self._opens_at, time.monotonic() + wait)
                self._reason = reason
            elif is_first:
                self._refusals = 0
            self._changed.notify_all()

    @property
    def reason(self) -> str:
        """Why it was closed last."""
        return self._reason

    def _next_turn(self) -> float:
        """When one is let in, even if none leaves before."""
        return self._opens_at if self._inside < _FEW else self._opens_at + _FEW_FOR

    def _tell(self, notify: Callable[[str], None], seconds: float) -> None:
        message = f"{self._reason}; trying again in {seconds:.1f} s" if seconds > 0 else f"{self._reason}; waiting"
        self._changed.release()
        try:
            notify(message)
        finally:
            self._changed.acquire()
