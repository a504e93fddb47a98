"""The API's rate limit."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta

from ..clock import Clock
from ..http.messages import ApiError

__all__ = ["RateLimit"]


class RateLimit:
    """Counts each workspace's requests in a sliding window of the emulator's time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._spent: dict[int, deque[datetime]] = {}

    def spend(self, workspace: int, limit: tuple[int, float] | None) -> Mapping[str, str]:
        """Count one request, and give the headers that tell how much is used; 429 when too much is [recorded]."""
        if limit is None:
            return {}
        most, window = limit[0], timedelta(seconds=limit[1])
        with self._lock:
            now = self._clock.now()
            spent = self._spent.setdefault(workspace, deque())
            while spent and spent[0] <= now - window:
                spent.popleft()
            if len(spent) >= most:
                wait = max(1, -int(-(spent[0] + window - now).total_seconds() // 1))
                headers = {"Retry-After": str(wait), "X-mp-rate-limit-exceeded": "workspace"}
                raise ApiError(429, "The rate limit is exceeded.", headers=headers)
            spent.append(now)
            return {"X-mp-rate-limit-percentage-used": str(100 * len(spent) // most)}
