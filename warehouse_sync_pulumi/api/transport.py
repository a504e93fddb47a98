"""One request, tried again where that is safe, its answer read whole within bounds.

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

from ..errors import AnswerLostError, UnreachableError
from .gate import Gate, backoff
from .http_library import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LARGEST_ANSWER", "REPEATABLE", "TIMEOUT", "RetryTransport", "retry_after"]

TIMEOUT = httpx.Timeout(connect=10, read=90, write=30, pool=None)
"""Creating a connection took 9.6 s [recorded]: a read time-out below a minute would be wrong."""
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes. The largest answers are lists, with up to a few kilobytes an object."""
REPEATABLE = "warehouse_sync_repeatable"
"""The request extension that says that a POST may be sent twice."""

_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_TOO_MANY = 429
_PASSING = frozenset({408, 500, 502, 503, 504, 520, 521, 522, 523, 524})
_LIMITED = "X-mp-rate-limit-exceeded"


def retry_after(headers: httpx.Headers) -> float | None:
    """Seconds that the service asks to wait, at least 0; None when it does not say or cannot be understood.

    The header is in seconds [recorded], one page of the vendor's spells it `RetryAfter`; HTTP allows a date as well.
    """
    for name in ("Retry-After", "RetryAfter"):
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
        """`patience` is in seconds, and for one request; `notify` is told what is waited for."""
        self._inner = inner
        self._patience = patience
        self._notify = notify
        self._gate = Gate()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send it; the body of the answer has been read."""
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
            if setback.maybe_done and request.method == "POST" and REPEATABLE not in request.extensions:
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

    def _attempt(self, request: httpx.Request, ticket: int) -> httpx.Response:
        """One request. A 429 closes the gate, anything else shows that it may be open."""
        setback: _Setback | None = None
        try:
            response = self._exchange(request)
            if response.status_code == _TOO_MANY:
                limit = re.fullmatch("[a-z]{1,20}", response.headers.get(_LIMITED, ""))
                reason = f"the API answered 429, too many requests{f' of the {limit[0]}' if limit else ''}"
                setback = _Setback(reason, maybe_done=False, response=response)
            elif response.status_code in _PASSING:
                setback = _Setback(f"the API answered {response.status_code}", maybe_done=True, response=response)
        except _NEVER_SENT as error:
            setback = _Setback(f"no connection to {request.url.host}: {_said(error)}", maybe_done=False)
        except httpx.TransportError as error:
            setback = _Setback(f"the connection to {request.url.host} broke: {_said(error)}", maybe_done=True)
        finally:
            if setback is not None and setback.throttled:
                self._gate.leave(ticket, refused=True, asked=setback.asked, reason=setback.reason)
            else:
                self._gate.leave(ticket)
        if setback is not None:
            raise setback
        return response

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        """One request and its whole answer, as long as that stays within bounds."""
        answer = self._inner.handle_request(request)
        body = bytearray()
        try:
            assert isinstance(answer.stream, httpx.SyncByteStream)  # noqa: S101 - for the type checker
            for chunk in answer.stream:
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise AnswerLostError(f"the answer is larger than {LARGEST_ANSWER // 2**20} MiB")
        finally:
            answer.close()
        # Requests ask for an uncompressed answer. One that is compressed all the same stays so: it may be a bomb.
        headers = [(name, value) for name, value in answer.headers.multi_items() if name != "content-encoding"]
        return httpx.Response(answer.status_code, headers=headers, content=bytes(body), request=request)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def _said(error: Exception) -> str:
    """What went wrong, as the operating system says it. HTTP's own errors quote the peer: what it sent is not shown."""
    if isinstance(error, httpx.ProtocolError) and not str(error).startswith("Server disconnected"):
        return "the answer is no HTTP"
    return str(error) or type(error).__name__
