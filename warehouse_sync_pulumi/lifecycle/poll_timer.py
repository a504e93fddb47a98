"""Waiting for something that takes its time, a bounded one, with ever longer pauses between two polls."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CancelledError", "PollEndedError", "PollTimer", "TimedOutError"]

_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 0.5, 15.0, 1.5
"""Seconds: a short run is noticed at once, and a long one costs four requests a minute."""


class PollEndedError(Exception):
    """The wait ended before what it was for; the text completes the sentence `… is not over`."""


class TimedOutError(PollEndedError):
    """The time is up."""


class CancelledError(PollEndedError):
    """Somebody asked to stop."""


class Flag(Protocol):
    """What `threading.Event` is to a wait."""

    def wait(self, timeout: float) -> bool:
        """Wait for the flag to be raised, so many seconds at most; whether it is."""


class PollTimer:
    """One wait, shared by all of its steps."""

    def __init__(
        self,
        seconds: float,
        cancelled: Flag,
        tell: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.seconds = seconds
        self._cancelled = cancelled
        self._tell = tell
        self._told = ""
        self._clock = clock
        self._ends = clock() + seconds
        self._next = _FIRST_PAUSE

    def pause(self) -> None:
        """Wait before the next poll; raises TimedOutError when the time is up, and CancelledError when asked to."""
        left = self._ends - self._clock()
        if left <= 0:
            raise TimedOutError(f"after {self.seconds:.0f} s")
        pause, self._next = min(self._next, left), min(self._next * _GROWTH, _LONGEST_PAUSE)
        if self._cancelled.wait(pause):
            raise CancelledError("and the wait was interrupted")

    def tell(self, message: str) -> None:
        """Let whoever waits know where it stands, when that is news."""
        if message != self._told:
            self._told = message
            self._tell(message)

    def renew(self) -> None:
        """Poll often again: something new begins."""
        self._next = _FIRST_PAUSE
