"""The engine that calls a packaged provider."""

from __future__ import annotations

import threading
import traceback
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc

from ...api.clients import secrets
from ...errors import WarehouseSyncError, shows_tracebacks
from ...redaction import each_text
from .. import wire
from ..spelling import camel_in, snake
from .values import received, sent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

__all__ = ["Engine"]


@dataclass
class _Call:
    """One request of the engine."""

    request: Any
    context: Any
    message: str = ""
    """The failure to be shown, where there is one."""
    secret: AbstractSet[str] = frozenset()
    """The outputs that are secret."""


_call: ContextVar[_Call] = ContextVar("call")


class Engine:
    """Pulumi's engine, for a packaged provider's managers."""

    def __init__(self, address: str | None, names: AbstractSet[str]) -> None:
        """`names` are those that messages may speak of, and a program spells otherwise than this package."""
        self.address = address
        self._names = names
        self._cancelled = threading.Event()

    def attach(self, address: str) -> None:
        """Answer another engine from now on: nobody has interrupted that one."""
        self.address = address
        self._cancelled = threading.Event()

    @contextmanager
    def calls(self, request: Any, context: Any) -> Iterator[None]:
        """Answer a request; a failure is told in one line."""
        call = _Call(request, context)
        token = _call.set(call)
        try:
            yield
        except Exception as error:
            self._answer_failure(call, error)
            raise
        finally:
            _call.reset(token)

    def _answer_failure(self, call: _Call, error: Exception) -> None:
        """End the call, by an exception of gRPC's own."""
        expected = isinstance(error, WarehouseSyncError) and not shows_tracebacks()
        text = call.message or (self.spelled(str(error)) if expected else secrets.hide(traceback.format_exc()))
        call.context.abort(grpc.StatusCode.UNKNOWN, text)

    def keeps_secret(self, names: AbstractSet[str]) -> None:
        """The outputs of the resource at work that are secret, for one that will be kept although it failed."""
        _call.get().secret = names

    def engine_address(self) -> str | None:
        """See `Host`."""
        return self.address

    def urn(self) -> str | None:
        """See `Host`."""
        call = _call.get(None)
        return getattr(call.request, "urn", None) or None if call else None

    def log(self, message: str, *, severity: str = "INFO") -> None:
        """See `Host`."""
        wire.log(self.address, self.urn(), self.spelled(message), severity=severity)

    def tell(self, message: str) -> None:
        """See `Host`."""
        wire.tell(self.address, self.urn(), self.spelled(message))

    def debug(self, message: str) -> None:
        """See `Host`."""
        if self.address:
            wire.debug(self.address, self.urn(), self.spelled(message))

    def timeout(self) -> float | None:
        """See `Host`."""
        call = _call.get(None)
        return getattr(call.request, "timeout", None) or None if call else None

    def ignored(self) -> frozenset[str]:
        """See `Host`."""
        call = _call.get(None)
        return frozenset(map(snake, getattr(call.request, "ignoreChanges", ()) if call else ()))

    def answer_error(self, message: str) -> None:
        """See `Host`."""
        _call.get().message = self.spelled(message)

    def answer_incomplete(self, message: str, *, id_: str, outputs: Mapping[str, Any]) -> None:
        """See `Host`."""
        self.answer_error(message)
        call = _call.get()
        inputs = call.request.news if hasattr(call.request, "news") else call.request.properties
        status = wire.incomplete(call.message, id_=id_, outputs=sent(outputs, call.secret), inputs=inputs)
        call.context.set_trailing_metadata(((wire.DETAILS, status),))

    def cancellation(self) -> threading.Event:
        """See `Host`."""
        return self._cancelled

    def spelled(self, message: str) -> str:
        """A message, with the names of arguments as a program spells them, and without secrets."""
        call = _call.get(None)
        return camel_in(secrets.hide(message), self._names, _texts_in(call.request) if call else "")


def _texts_in(request: Any) -> str:
    """All text that a program gives in a request."""
    texts: list[str] = []
    for part in ("news", "properties", "args"):
        if (struct := getattr(request, part, None)) is not None:
            # What is hidden is this package's own, and names arguments.
            each_text([v for name, v in received(struct).values.items() if not name.startswith("_")], texts.append)
            texts += struct.fields if part == "args" else ()
    return "\n".join(texts)
