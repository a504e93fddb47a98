"""One gate for all threads: while the service asks for patience, nobody knocks."""

from __future__ import annotations

import threading
import time

__all__ = ["Gate"]


class Gate:
    """Holds back every request after a 429, then lets one through alone to see whether the service is ready.

    Without it, each thread would find out for itself, and the more threads there are the longer the storm lasts.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._opens_at = 0.0
        self._closed = False
        self._trying = False

    def enter(self, deadline: float) -> bool:
        """Wait for a turn; False when there is none before the deadline (of `time.monotonic`)."""
        with self._changed:
            while self._closed:
                now = time.monotonic()
                if now >= deadline:
                    return False
                if now < self._opens_at:
                    self._changed.wait(min(self._opens_at, deadline) - now)
                elif self._trying:
                    self._changed.wait(deadline - now)
                else:
                    self._trying = True
                    break
            return True

    def close(self, seconds: float) -> None:
        """The service asked for patience."""
        with self._changed:
            self._opens_at = max(self._opens_at, time.monotonic() + seconds)
            self._closed, self._trying = True, False
            self._changed.notify_all()

    def open(self) -> None:
        """The service answered, or failed in a way that says nothing of its patience."""
        with self._changed:
            if self._closed and time.monotonic() >= self._opens_at:
                self._closed, self._trying = False, False
                self._changed.notify_all()
