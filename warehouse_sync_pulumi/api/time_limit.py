"""A bound on the time of a whole operation, such as a resource's `custom_timeouts`: over all of its requests and waits.

It holds for the thread that set it. Whatever waits asks here how long it may.
"""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["TimeLimit", "current", "time_limit"]


@dataclass(frozen=True)
class TimeLimit:
    """How long an operation may take in all."""

    seconds: float = math.inf
    ends: float = math.inf
    """In the time of `time.monotonic`."""

    @property
    def left(self) -> float:
        """Seconds that are left, 0 when it is over."""
        return max(self.ends - time.monotonic(), 0.0)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return self.left == 0

    def __str__(self) -> str:
        return f"timed out after the {self.seconds:g} s of its custom_timeouts; run `pulumi up` again to go on"


_UNLIMITED = TimeLimit()
_current: ContextVar[TimeLimit] = ContextVar("time_limit", default=_UNLIMITED)


def current() -> TimeLimit:
    """The limit of the operation that is at work here."""
    return _current.get()


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Bound all that is asked of the API within; 0 and None, as the engine sends where nobody said, bound nothing."""
    limit = TimeLimit(seconds, time.monotonic() + seconds) if seconds else _UNLIMITED
    token = _current.set(limit)
    try:
        yield
    finally:
        _current.reset(token)
