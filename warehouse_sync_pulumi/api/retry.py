"""One request, tried again where that is safe.

| what happened | GET, PUT, DELETE, token | POST |
|---|---|---|
| no connection was made; 429 | tried again | tried again |
| cut off, timed out, 408, 5xx | tried again | the answer is lost: the caller looks whether it took effect |
| 505 (the warehouse could not be reached), any other status | an answer | an answer |
"""

from __future__ import annotations

import math
import re
import time
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx

from ..errors import AnswerLostError, UnreachableError
from .gate import Gate, backoff
from .request_log import Wait
from .time_limit import TimeLimit, current

if TYPE_CHECKING:
    from collections.abc import Callable

    from .request_log import RequestLog

__all__ = ["REPEATABLE", "RetryTransport", "retry_after"]

REPEATABLE = "repeatable"
"""The extension of a POST that may take effect twice, as one for a token."""

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_BROKEN = (httpx.NetworkError, httpx.TimeoutException, httpx.ProtocolError)
_TOO_MANY = 429
_PASSING = frozenset({408, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_LONG = 0.05
"""Seconds of waiting after which the engine may be gone."""
_LIMITED = "x-mp-rate-limit-exceeded"


def retry_after(headers: httpx.Headers) -> float | None:
    """Seconds that the service asks to wait, at least 0; None when it does not say or cannot be understood.

    The header is in seconds [recorded], one page of the vendor's spells it `RetryAfter`; HTTP allows a date as well.
    """
    for value in map(str.strip, (*headers.get_list("retry-after"), *headers.get_list("retryafter"))):
        if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", value):
            return max(0.0, float(value))
        try:
            date = parsedate_to_datetime(value)
            date = date if date.tzinfo else date.replace(tzinfo=timezone.utc)
            return max(0.0, (date - datetime.now(timezone.utc)).total_seconds())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue  # it is for the server to write a date that can be read
    return None


class _FailedAttempt(Exception):  # noqa: N818 - what the loop below goes on from, no failure of the whole
    """An attempt that brought no answer that counts."""

    def __init__(self, reason: str, *, maybe_done: bool, response: httpx.Response | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.maybe_done = maybe_done
        self.response = response
        self.throttled = response is not None and response.status_code == _TOO_MANY
        self.retry_after = retry_after(response.headers) if response is not None else None


class RetryTransport(httpx.BaseTransport):
    """Tries a request again where that is safe, for a bounded time in all."""

    def __init__(
        self, inner: httpx.BaseTransport, *, timeout: float, notify: Callable[[str], None], log: RequestLog
    ) -> None:
        """`inner` makes one attempt, which `log` notes. `timeout` is in seconds, and for one request.

        `notify` is told of waits, and that they are over; it raises where nobody waits for the answer any more.
        """
        self._inner = inner
        self._timeout = timeout
        self._notify = notify
        self._log = log
        self._gate = Gate()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, as often as it takes; raises UnreachableError or AnswerLostError when no answer came."""
        limit = current()
        if limit.is_over:
            raise UnreachableError(str(limit))
        deadline = min(time.monotonic() + self._timeout, limit.ends)
        failed: _FailedAttempt | None = None
        attempts = number = 0
        free_at = time.monotonic()
        while (ticket := self._gate.enter(deadline, self._notify)) is not None:
            number += 1
            waited = Wait(time.monotonic() - free_at, self._gate.reason if failed is None else failed.reason)
            self._confirm(waited, ticket)
            try:
                return self._logged_attempt(request, ticket, number, waited)
            except _FailedAttempt as error:
                failed = error
            free_at = time.monotonic()
            if failed.throttled:
                continue  # the gate makes it wait
            if failed.maybe_done and request.method == "POST" and not request.extensions.get(REPEATABLE):
                raise AnswerLostError(f"{failed.reason}; {limit}" if limit.is_over else failed.reason) from None
            pause = max(backoff(attempts), failed.retry_after or 0.0)
            attempts += 1
            if time.monotonic() + pause > deadline:
                break
            self._notify(f"{failed.reason}; trying again in {pause:.1f} s")
            time.sleep(pause)
        failure = AnswerLostError if failed is not None and failed.maybe_done else UnreachableError
        if deadline == limit.ends:  # or so near to it that nothing more can be done
            raise failure(f"{self._gate.reason if failed is None else failed.reason}; {limit}")
        if failed is None:
            raise UnreachableError(
                f"{self._gate.reason}; it would have to wait longer than the {self._timeout:.0f} s that "
                "warehouse-sync:retryTimeout allows"
            )
        if failed.response is not None:
            return failed.response
        raise failure(f"{failed.reason}; gave up after {attempts} attempts in {self._timeout:.0f} s")

    def close(self) -> None:
        """Close the transport below."""
        self._inner.close()

    def _confirm(self, waited: Wait, ticket: int) -> None:
        """Tell that a wait is over; nothing is sent where that raises."""
        try:
            if waited.seconds > _LONG:
                self._notify(f"{waited.reason}; trying again")
        except BaseException:
            self._gate.leave(ticket)
            raise

    def _logged_attempt(self, request: httpx.Request, ticket: int, number: int, waited: Wait) -> httpx.Response:
        began = time.monotonic()
        outcome = "no answer that can be read"
        try:
            response = self._attempt(request, ticket)
            outcome = str(response.status_code)
        except _FailedAttempt as error:
            outcome = error.reason if error.response is None else str(error.response.status_code)
            raise
        finally:
            self._log.attempt(request, outcome, time.monotonic() - began, number, waited)
        return response

    def _attempt(self, request: httpx.Request, ticket: int) -> httpx.Response:
        """One request. A 429 closes the gate, anything else shows that it may be open."""
        failed: _FailedAttempt | None = None
        try:
            response = self._inner.handle_request(_within(current(), request))
            if response.status_code == _TOO_MANY:
                limit = re.fullmatch("[a-z]{1,20}", response.headers.get(_LIMITED, ""))
                reason = f"the API answered 429, too many requests{f' of the {limit[0]}' if limit else ''}"
                failed = _FailedAttempt(reason, maybe_done=False, response=response)
            elif response.status_code in _PASSING:
                reason = f"the API answered {response.status_code}"
                failed = _FailedAttempt(reason, maybe_done=True, response=response)
        except _NEVER_SENT as error:
            failed = _FailedAttempt(f"no connection to {request.url.host}: {_reason(error)}", maybe_done=False)
        except _BROKEN as error:
            failed = _FailedAttempt(f"the connection to {request.url.host} broke: {_reason(error)}", maybe_done=True)
        finally:
            if failed is not None and failed.throttled:
                self._gate.leave(ticket, refused=True, retry_after=failed.retry_after, reason=failed.reason)
            else:
                self._gate.leave(ticket)
        if failed is not None:
            raise failed
        return response


def _within(limit: TimeLimit, request: httpx.Request) -> httpx.Request:
    """The request, whose steps take no longer than the operation may."""
    timeouts = request.extensions.get("timeout", {})
    if limit.ends != math.inf:
        request.extensions["timeout"] = {step: min(seconds, limit.left) for step, seconds in timeouts.items()}
    return request


def _reason(error: Exception) -> str:
    """What went wrong, as the operating system says it. HTTP's own errors quote the peer: what it sent is not shown."""
    if isinstance(error, httpx.ProtocolError) and not str(error).startswith("Server disconnected"):
        return "the answer is not HTTP"
    return str(error) or type(error).__name__
