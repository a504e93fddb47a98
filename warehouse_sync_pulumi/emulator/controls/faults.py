"""Faults on demand: any request can fail, chosen by method, path and count."""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from ..http.messages import Response, error_response

__all__ = ["ArmedFault", "Fault", "FaultKind", "Faults"]

FaultKind = Literal[
    "delay",
    "hold",
    "reset",
    "cut_before",
    "cut_after",
    "cut_body",
    "stall",
    "status",
    "redirect",
    "garbage",
    "nested",
    "huge",
    "bomb",
    "echo",
    "echo_field",
]

_HTML = "<html><head><title>{status}</title></head><body><h1>{status} from the gateway</h1></body></html>"


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Fault:
    """What goes wrong, and with which request.

    | kind | what happens |
    |---|---|
    | `delay` | nothing but a wait of `seconds` |
    | `hold` | the request waits until it is released |
    | `reset` | the connection is reset; no effect, no answer |
    | `cut_before` | the connection is closed before the request took effect |
    | `cut_after` | … after it took effect, without an answer |
    | `cut_body` | … in the middle of the answer's body |
    | `stall` | half of the answer's body, then silence until it is released |
    | `status` | an answer of `status`, `headers` and `body` |
    | `redirect` | 307 to `location` (or `status`, when that is a 3xx) |
    | `garbage` | 200 with `body`, or with something that is not JSON |
    | `nested` | 200 with a list nested 100,000 deep |
    | `huge` | 200 with a JSON string of `size` bytes |
    | `bomb` | 200 with a small gzip body that unpacks to `size` bytes |
    | `echo` | 400 whose message repeats the request's secrets |
    | `echo_field` | the true answer, with the request's secrets in a field `note` of their own |
    """

    kind: FaultKind
    method: str = "*"
    path: str = "*"
    """A glob over the path without its base (`connections/*`, `oauth/token`); with a leading `^`, a regular
    expression."""
    at: int = 1
    """The first matching request that fails, counted from 1."""
    times: int | None = 1
    """How many matching requests fail from there on; None: all."""
    after_effect: bool = False
    """Let the request take effect first (for `hold`, `delay` and every kind that replaces the answer)."""
    seconds: float = 0.0
    """A wait before the fault, for any kind."""
    emulator_time: bool = False
    """Whether `seconds` are the emulator's or real ones."""
    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    """Added to the answer as they are; for instance `{"Retry-After": "1.5"}` in any form, or `RetryAfter`."""
    format: Literal["json", "html", "empty"] = "json"
    """The body of a `status` answer that brings none of its own."""
    body: str | None = None
    location: str = ""
    size: int = 64 * 1024 * 1024

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is of the chosen ones."""
        if self.method not in ("*", method):
            return False
        return bool(re.search(self.path, path)) if self.path.startswith("^") else fnmatchcase(path, self.path)

    @property
    def takes_effect(self) -> bool:
        """Whether the service handles the request all the same."""
        if self.kind in ("delay", "hold", "cut_after", "cut_body", "stall", "echo_field"):
            return True
        return self.after_effect and self.kind not in ("reset", "cut_before")

    def response(self, true_response: Response | None, secrets: list[str]) -> Response:  # noqa: PLR0911 - one per kind
        """The answer in place of the true one, which is None when the service did not handle the request."""
        json_type = {"Content-Type": "application/json", **self.headers}
        if self.kind in ("reset", "cut_before", "cut_after"):
            return Response(0, ending="reset" if self.kind == "reset" else "close")
        if self.kind == "status":
            return self._status_response()
        if self.kind == "redirect":
            status = self.status if 300 <= self.status < 400 else 307  # noqa: PLR2004 - HTTP's own numbers
            return Response(status, b"", {"Location": self.location, **self.headers})
        if self.kind == "garbage":
            return Response(200, (self.body or "\x00<<not json>>{").encode(), json_type)
        if self.kind == "nested":
            return Response(200, b"[" * 100_000 + b"]" * 100_000, json_type)
        if self.kind == "huge":
            return Response(200, b'"' + b"x" * (self.size - 2) + b'"', json_type)
        if self.kind == "bomb":
            return Response(200, _bomb(self.size), {**json_type, "Content-Encoding": "gzip"})
        if self.kind == "echo":
            return error_response(400, f"The value {' '.join(secrets)} is not allowed.", headers=self.headers)
        return self._changed(true_response or Response(200), secrets)

    def _status_response(self) -> Response:
        if self.body is not None:
            return Response(self.status, self.body.encode(), {"Content-Type": "application/json", **self.headers})
        if self.format == "html":
            body = _HTML.format(status=self.status).encode()
            return Response(self.status, body, {"Content-Type": "text/html", **self.headers})
        if self.format == "empty":
            return Response(self.status, b"", self.headers)
        return error_response(self.status, f"A fault of the emulator answers {self.status}.", headers=self.headers)

    def _changed(self, response: Response, secrets: list[str]) -> Response:
        if self.kind in ("cut_body", "stall"):
            return replace(response, ending="stall" if self.kind == "stall" else "cut_body")
        if self.kind == "echo_field" and response.body.startswith(b"{"):
            note = ", ".join(secrets).replace("\\", "\\\\").replace('"', '\\"')
            return replace(response, body=response.body[:-1] + f', "note": "{note}"}}'.encode())
        return response


class ArmedFault:
    """A fault that was added: counts its requests, and releases those that it holds."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.seen = 0
        self.struck = 0
        self._released = threading.Event()
        self._holding = threading.Semaphore(0)

    def wait_until_held(self, timeout: float = 10.0) -> None:
        """Block until one more request is held.

        Raises:
            TimeoutError: after `timeout` real seconds.
        """
        if not self._holding.acquire(timeout=timeout):
            raise TimeoutError("No request is held.")

    def release(self) -> None:
        """Let every request go that it holds or would hold."""
        self._released.set()

    def hold(self) -> None:
        """Block the calling request until it is released."""
        self._holding.release()
        self._released.wait()

    def as_json(self) -> dict[str, Any]:
        """Its choice of requests, and its counts."""
        return {
            "kind": self.fault.kind,
            "method": self.fault.method,
            "path": self.fault.path,
            "seen": self.seen,
            "struck": self.struck,
        }


class Faults:
    """The faults that were added. Where two match one request, the one added first is taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[ArmedFault] = []

    def add(self, fault: Fault) -> ArmedFault:
        """Add a fault."""
        armed = ArmedFault(fault)
        with self._lock:
            self._armed.append(armed)
        return armed

    def clear(self) -> None:
        """Remove all faults, and release what they hold."""
        with self._lock:
            gone, self._armed = self._armed, []
        for armed in gone:
            armed.release()

    def release(self) -> None:
        """Release every held request; the faults stay."""
        for armed in list(self):
            armed.release()

    def take(self, method: str, path: str) -> ArmedFault | None:
        """The fault of this request; every one that matches counts it."""
        chosen = None
        with self._lock:
            for armed in self._armed:
                fault = armed.fault
                if not fault.matches(method, path):
                    continue
                armed.seen += 1
                due = armed.seen >= fault.at and (fault.times is None or armed.struck < fault.times)
                if due and chosen is None:
                    chosen = armed
                    armed.struck += 1
        return chosen

    def __iter__(self) -> Iterator[ArmedFault]:
        with self._lock:
            return iter(list(self._armed))

    def __len__(self) -> int:
        with self._lock:
            return len(self._armed)


def _bomb(size: int) -> bytes:
    """Gzip of a JSON string of so many bytes, packed in pieces so that no memory holds the whole."""
    pack = zlib.compressobj(9, wbits=31)  # 31: with gzip's header
    piece = b"0" * (1024 * 1024)
    packed = [pack.compress(b'"'), *(pack.compress(piece) for _ in range(size // len(piece))), pack.compress(b'"')]
    return b"".join([*packed, pack.flush()])
