"""One gate for all threads: while the service asks for patience, nobody knocks."""

from __future__ import annotations

import math
import random
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Gate", "backoff"]

_FIRST_WAIT, _LONGEST_WAIT = 0.25, 20.0
_STUCK = 10.0
"""Seconds after which one that is inside no longer keeps the others out: it may be stuck."""


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures in a row: twice as long each time, with jitter."""
    longest = min(_FIRST_WAIT * 2.0 ** min(failures, 30), _LONGEST_WAIT)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter is no secret


class Gate:
    """Holds every request back after a 429, then lets in a few, and more with each that succeeds.

    Without it each thread would find out for itself, and the more threads there are the longer the storm lasts. The
    number inside follows TCP's congestion control: one to see whether the service is ready, then twice as many each
    round up to half of what was too many, then one more each round.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._reason = ""
        self._opens_at = 0.0
        self._inside = 0
        self._width = self._half = math.inf
        self._storm = 0  # how often the service asked; a request belongs to the storm before which it entered
        self._refused = 0  # of these, how many in a row
        self._moved_at = 0.0

    def enter(self, deadline: float, notify: Callable[[str], None]) -> int | None:
        """Wait for a turn, and take a ticket; None when there is no turn before the deadline (of `time.monotonic`)."""
        told = 0.0
        with self._changed:
            while True:
                now = time.monotonic()
                if now >= self._opens_at and (self._inside < self._width or now >= self._moved_at + _STUCK):
                    break
                # A turn that comes too late is not waited for.
                if max(now, self._opens_at) >= deadline:
                    return None
                if told != self._opens_at:
                    told = self._opens_at
                    self._say(notify, told - now)
                    continue  # telling took the lock off
                turn = self._opens_at if now < self._opens_at else self._moved_at + _STUCK
                self._changed.wait(min(turn, deadline) - now)
            self._inside += 1
            self._moved_at = time.monotonic()
            return self._storm

    def leave(self, ticket: int, *, refused: bool = False, asked: float | None = None, reason: str = "") -> None:
        """Give the ticket back; `refused` tells of a 429, which may have `asked` for so many seconds."""
        with self._changed:
            self._inside -= 1
            self._moved_at = now = time.monotonic()
            if refused:
                if ticket == self._storm:
                    self._half = max(1.0, (self._inside + 1) / 2)
                    self._width = 1.0
                    self._storm += 1
                    self._refused += 1
                self._opens_at = max(self._opens_at, now + max(asked or 0.0, backoff(self._refused - 1)))
                self._reason = reason
            elif ticket == self._storm:
                self._refused = 0
                self._width += 1.0 if self._width < self._half else 1.0 / self._width
            self._changed.notify_all()

    @property
    def reason(self) -> str:
        """Why it was closed last."""
        return self._reason

    def _say(self, notify: Callable[[str], None], seconds: float) -> None:
        message = f"{self._reason}; trying again in {seconds:.1f} s" if seconds > 0 else f"{self._reason}; waiting"
        self._changed.release()
        try:
            notify(message)
        finally:
            self._changed.acquire()
