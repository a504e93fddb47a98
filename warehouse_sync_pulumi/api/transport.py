"""One request, tried again where that is safe.

| what happened | GET, PUT, DELETE, token | POST |
|---|---|---|
| no connection was made; 429 | tried again | tried again |
| cut off, timed out, 408, 5xx | tried again | the answer is lost: the caller looks whether it took effect |
| 505 (the warehouse could not be reached), any other status | an answer | an answer |
"""

from __future__ import annotations

import re
import time
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpcore

from ..errors import AnswerLostError, UnreachableError
from .gate import Gate, backoff

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .messages import Request, Response

__all__ = ["RetryTransport", "retry_after"]

_NEVER_SENT = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.PoolTimeout,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)
_BROKEN = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)
_TOO_MANY = 429
_PASSING = frozenset({408, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_LIMITED = "x-mp-rate-limit-exceeded"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the service asks to wait, at least 0; None when it does not say or cannot be understood.

    The header is in seconds [recorded], one page of the vendor's spells it `RetryAfter`; HTTP allows a date as well.
    """
    for name in ("retry-after", "retryafter"):
        value = headers.get(name, "").strip()
        if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", value):
            return max(0.0, float(value))
        try:
            date = parsedate_to_datetime(value)
            date = date if date.tzinfo else date.replace(tzinfo=timezone.utc)
            return max(0.0, (date - datetime.now(timezone.utc)).total_seconds())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue  # it is for the server to write a date that can be read
    return None


class _Setback(Exception):  # noqa: N818 - a turn of the loop, no failure of its own
    """An attempt that brought no answer that counts."""

    def __init__(self, reason: str, *, maybe_done: bool, response: Response | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.maybe_done = maybe_done
        self.response = response
        self.throttled = response is not None and response.status == _TOO_MANY
        self.asked = retry_after(response.headers) if response is not None else None


class RetryTransport:
    """Tries a request again where that is safe, for a bounded time in all."""

    def __init__(
        self, exchange: Callable[[Request], Response], *, patience: float, notify: Callable[[str], None]
    ) -> None:
        """`exchange` makes one attempt. `patience` is in seconds, and for one request; `notify` is told of waits."""
        self._exchange = exchange
        self._patience = patience
        self._notify = notify
        self._gate = Gate()

    def send(self, request: Request) -> Response:
        """Send it, and wait for its answer."""
        deadline = time.monotonic() + self._patience
        setback: _Setback | None = None
        failures = 0
        while (ticket := self._gate.enter(deadline, self._notify)) is not None:
            try:
                return self._attempt(request, ticket)
            except _Setback as error:
                setback = error
            if setback.throttled:
                continue  # the gate makes it wait
            if setback.maybe_done and not request.is_repeatable:
                raise AnswerLostError(setback.reason) from None
            pause = max(backoff(failures), setback.asked or 0.0)
            failures += 1
            if time.monotonic() + pause > deadline:
                break
            self._notify(f"{setback.reason}; trying again in {pause:.1f} s")
            time.sleep(pause)
        if setback is None:
            raise UnreachableError(
                f"{self._gate.reason}; it would have to wait longer than the {self._patience:.0f} s that "
                "warehouse-sync:retryTimeout allows"
            )
        if setback.response is not None:
            return setback.response
        failure = AnswerLostError if setback.maybe_done else UnreachableError
        raise failure(f"{setback.reason}; gave up after {failures} attempts in {self._patience:.0f} s")

    def _attempt(self, request: Request, ticket: int) -> Response:
        """One request. A 429 closes the gate, anything else shows that it may be open."""
        setback: _Setback | None = None
        try:
            response = self._exchange(request)
            if response.status == _TOO_MANY:
                limit = re.fullmatch("[a-z]{1,20}", response.headers.get(_LIMITED, ""))
                reason = f"the API answered 429, too many requests{f' of the {limit[0]}' if limit else ''}"
                setback = _Setback(reason, maybe_done=False, response=response)
            elif response.status in _PASSING:
                setback = _Setback(f"the API answered {response.status}", maybe_done=True, response=response)
        except _NEVER_SENT as error:
            setback = _Setback(f"no connection to {request.host}: {_said(error)}", maybe_done=False)
        except _BROKEN as error:
            setback = _Setback(f"the connection to {request.host} broke: {_said(error)}", maybe_done=True)
        finally:
            if setback is not None and setback.throttled:
                self._gate.leave(ticket, refused=True, asked=setback.asked, reason=setback.reason)
            else:
                self._gate.leave(ticket)
        if setback is not None:
            raise setback
        return response


def _said(error: Exception) -> str:
    """What went wrong, as the operating system says it. HTTP's own errors quote the peer: what it sent is not shown."""
    if isinstance(error, httpcore.ProtocolError) and not str(error).startswith("Server disconnected"):
        return "the answer is no HTTP"
    return str(error) or type(error).__name__
