"""The emulator's own time: a test moves it instead of sleeping."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone

__all__ = ["Clock"]


class Clock:
    """A clock that runs at a chosen speed and can be moved forward.

    Args:
        start: the first instant it shows; by default the present.
        speed: emulator seconds per real second; 0 stands still until it is moved, 60 shows a minute each second.
    """

    def __init__(self, start: datetime | None = None, *, speed: float = 1.0) -> None:
        if speed < 0:
            raise ValueError("A clock runs forward: speed must be 0 or more.")
        self.speed = speed
        self._changed = threading.Condition()
        self._base = (start or datetime.now(timezone.utc)).astimezone(timezone.utc)
        self._since = time.monotonic()

    def now(self) -> datetime:
        """The emulator's present, in UTC."""
        with self._changed:
            return self._now()

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> datetime:
        """Move the clock forward, wake whatever waits for it, and return the new present.

        Raises:
            ValueError: when the sum is negative.
        """
        step = timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
        if step < timedelta():
            raise ValueError("The clock runs forward only.")
        return self.set(self.now() + step)

    def set(self, moment: datetime) -> datetime:
        """Jump to an instant, forward only.

        Raises:
            ValueError: when the instant is in the clock's past.
        """
        with self._changed:
            moment = moment.astimezone(timezone.utc)
            if moment < self._base:
                raise ValueError("The clock runs forward only.")
            self._base, self._since = moment, time.monotonic()
            self._changed.notify_all()
            return moment

    def run_at(self, speed: float) -> None:
        """Run at another speed; raises ValueError when it is negative."""
        if speed < 0:
            raise ValueError("A clock runs forward: speed must be 0 or more.")
        with self._changed:
            self._base, self._since, self.speed = self._now(), time.monotonic(), speed
            self._changed.notify_all()

    def wait(self, seconds: float, stopping: threading.Event) -> None:
        """Block the calling request for this many emulator seconds, or until the emulator stops."""
        if seconds <= 0:
            return
        with self._changed:
            until = self._now() + timedelta(seconds=seconds)
            while not stopping.is_set() and (left := (until - self._now()).total_seconds()) > 0:
                self._changed.wait(left / self.speed if self.speed else None)

    def wake(self) -> None:
        """Let every waiting request look again whether the emulator stops."""
        with self._changed:
            self._changed.notify_all()

    def _now(self) -> datetime:
        return self._base + timedelta(seconds=(time.monotonic() - self._since) * self.speed)
