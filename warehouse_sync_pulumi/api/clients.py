"""One client for each endpoint in a process: its connections and its token are shared."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING

from ..garbage import garbage_collection_paused, importing_for_good
from ..redaction import Secrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from .client import Client
    from .endpoint import Endpoint

__all__ = ["connect", "secrets"]

secrets = Secrets()
"""What this process has learnt, and no message may hold."""
_lock = threading.Lock()


def _ignore(_line: str) -> None:
    pass


def connect(endpoint: Endpoint, tell: Callable[[str], None], trace: Callable[[str], None] = _ignore) -> Client:
    """The client of an endpoint. `tell` is told of waits, `trace` of each request."""
    with _lock:
        return _connected(endpoint, tell, trace)


@cache
def _connected(endpoint: Endpoint, tell: Callable[[str], None], trace: Callable[[str], None]) -> Client:
    client_class = _client_class()
    with garbage_collection_paused():  # the first client imports more of httpx
        return client_class(endpoint, notify=tell, trace=trace, secrets=secrets)


@cache
def _client_class() -> type[Client]:
    with importing_for_good():
        from .client import Client  # a preview must not pay for an HTTP library
    return Client
