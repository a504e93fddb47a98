"""One client for each endpoint in a process: its connections and its token are shared."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .api.client import Client
    from .api.endpoint import Endpoint
    from .secrets import Secrets

__all__ = ["connect"]

_lock = threading.Lock()


def connect(endpoint: Endpoint, tell: Callable[[str], None], secrets: Secrets) -> Client:
    """The client of an endpoint. `tell` hears of waits that somebody may wonder about; `secrets` are in no message."""
    with _lock:
        return _connected(endpoint, tell, secrets)


@lru_cache
def _connected(endpoint: Endpoint, tell: Callable[[str], None], secrets: Secrets) -> Client:
    from .api.client import Client  # a preview must not pay for an HTTP library

    return Client(endpoint, notify=tell, secrets=secrets)
