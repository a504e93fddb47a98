"""Work that several threads need at the same time, and one of them does."""

from __future__ import annotations

import math
import threading
import time
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING

from ..errors import ApiError, UnreachableError
from .time_limit import current

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SharedFailureLock"]


class SharedFailureLock:
    """A lock whose holder's failure is the failure of all who waited for it.

    Otherwise each would try after the other, and wait as long as the one before: an hour for a few dozen threads.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failure: ApiError | None = None
        self._failed_at = 0.0

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Wait for the lock and hold it; raises the failure of a holder that was waited for."""
        asked_at, limit = time.monotonic(), current()
        if not self._lock.acquire(timeout=min(limit.left, threading.TIMEOUT_MAX)):
            raise UnreachableError(str(limit))
        try:
            if self._failure is not None and self._failed_at >= asked_at:
                raise copy(self._failure)
            try:
                yield
            except ApiError as error:
                if limit.ends == math.inf:  # else others may have more time
                    self._failure, self._failed_at = error, time.monotonic()
                raise
        finally:
            self._lock.release()
