"""One request, tried again where that is safe, its answer read whole within bounds.

| what happened | GET, PUT, DELETE, token | POST |
|---|---|---|
| no connection was made; 429 | tried again | tried again |
| cut off, timed out, 408, 5xx | tried again | the answer is lost: the caller looks whether it took effect |
| 505 (the warehouse could not be reached), any other status | an answer | an answer |
"""

from __future__ import annotations

import random
import time
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx

from ..errors import AnswerLostError, UnreachableError
from .gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LARGEST_ANSWER", "REPEATABLE", "TIMEOUT", "RetryTransport", "retry_after"]

TIMEOUT = httpx.Timeout(connect=10, read=90, write=30, pool=None)
"""Creating a connection took 9.6 s [recorded]: a read time-out below a minute would be wrong."""
LONGEST_ANSWER = 300.0
"""Seconds after which an answer that still trickles in is given up."""
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes. The largest answers are lists, with up to a few kilobytes an object."""
REPEATABLE = "warehouse_sync_repeatable"
"""The request extension that says that a POST may be sent twice."""

_FIRST_WAIT, _LONGEST_WAIT = 0.25, 20.0
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_TOO_MANY = 429
_PASSING = frozenset({408, 500, 502, 503, 504, 520, 521, 522, 523, 524})


def retry_after(headers: httpx.Headers) -> float | None:
    """Seconds that the service asks to wait, at least 0; None when it does not say or cannot be understood.

    The header is in seconds [recorded], one page of the vendor's spells it `RetryAfter`; HTTP allows a date as well.
    """
    value = headers.get("Retry-After", headers.get("RetryAfter", "")).strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            date = parsedate_to_datetime(value)
        except ValueError:
            return None
        date = date if date.tzinfo else date.replace(tzinfo=timezone.utc)
        seconds = (date - datetime.now(timezone.utc)).total_seconds()
    return None if seconds != seconds else max(0.0, seconds)  # noqa: PLR0124 - not a number


class _Setback(Exception):  # noqa: N818 - a turn of the loop, no failure of its own
    """An attempt that brought no answer that counts."""

    def __init__(self, reason: str, *, maybe_done: bool, response: httpx.Response | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.maybe_done = maybe_done
        self.response = response
        self.throttled = response is not None and response.status_code == _TOO_MANY
        self.asked = retry_after(response.headers) if response is not None else None


class RetryTransport(httpx.BaseTransport):
    """Tries a request again where that is safe, for a bounded time in all."""

    def __init__(self, inner: httpx.BaseTransport, *, patience: float, notify: Callable[[str], None]) -> None:
        self._inner = inner
        self._patience = patience
        self._notify = notify
        self._gate = Gate()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it; the body of the answer has been read."""
        deadline = time.monotonic() + self._patience
        longest_wait = _FIRST_WAIT
        while True:
            if not self._gate.enter(deadline):
                raise UnreachableError(f"the API asks all requests to wait longer than {self._patience:.0f} s")
            try:
                return self._attempt(request)
            except _Setback as error:
                setback = error
            if setback.maybe_done and request.method == "POST" and REPEATABLE not in request.extensions:
                raise AnswerLostError(setback.reason) from None
            pause = max(longest_wait * random.uniform(0.5, 1.0), setback.asked or 0.0)  # noqa: S311 - jitter
            if time.monotonic() + pause > deadline:
                break
            self._notify(f"{setback.reason}; trying again in {pause:.1f} s")
            if setback.throttled:
                self._gate.close(pause)
            else:
                time.sleep(pause)
            longest_wait = min(longest_wait * 2, _LONGEST_WAIT)
        if setback.response is not None:
            return setback.response
        failure = AnswerLostError if setback.maybe_done else UnreachableError
        raise failure(f"{setback.reason}; gave up after {self._patience:.0f} s")

    def _attempt(self, request: httpx.Request) -> httpx.Response:
        throttled = False
        try:
            response = self._exchange(request)
            throttled = response.status_code == _TOO_MANY
        except _NEVER_SENT as error:
            raise _Setback(f"no connection to {request.url.host}: {_said(error)}", maybe_done=False) from None
        except httpx.TransportError as error:
            raise _Setback(f"the connection to {request.url.host} broke: {_said(error)}", maybe_done=True) from None
        finally:
            if not throttled:
                self._gate.open()
        if throttled:
            limit = response.headers.get("X-mp-rate-limit-exceeded", "")
            reason = f"the API answered 429, too many requests{limit and f' of the {limit}'}"
            raise _Setback(reason, maybe_done=False, response=response)
        if response.status_code in _PASSING:
            raise _Setback(f"the API answered {response.status_code}", maybe_done=True, response=response)
        return response

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        """One request and its whole answer, as long as that stays within bounds."""
        give_up = time.monotonic() + LONGEST_ANSWER
        answer = self._inner.handle_request(request)
        body = bytearray()
        try:
            assert isinstance(answer.stream, httpx.SyncByteStream)  # noqa: S101 - for the type checker
            for chunk in answer.stream:
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise AnswerLostError(f"the answer is larger than {LARGEST_ANSWER // 2**20} MiB")
                if time.monotonic() > give_up:
                    raise AnswerLostError(f"the answer took longer than {LONGEST_ANSWER:.0f} s")
        finally:
            answer.close()
        # Requests ask for an uncompressed answer. One that is compressed all the same stays so: it may be a bomb.
        headers = [(name, value) for name, value in answer.headers.multi_items() if name != "content-encoding"]
        return httpx.Response(answer.status_code, headers=headers, content=bytes(body), request=request)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
