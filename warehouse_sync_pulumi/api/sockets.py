"""The connections to the service, which bound how long an answer may take in all."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from ..errors import SettingError
from .endpoint import is_loopback
from .http_library import httpcore, httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

__all__ = ["LONGEST_ANSWER", "Sockets", "proxy_for"]

LONGEST_ANSWER = 300.0
"""Seconds from the request to the end of its answer. httpx bounds each read alone: without this an answer that trickles
in, headers and all, would never end."""
_LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=64)


def proxy_for(*urls: str) -> str | None:
    """The proxy to reach addresses by, as the environment names it: `HTTPS_PROXY`, unless `NO_PROXY` exempts a host."""
    hosts = [urlsplit(url).netloc for url in urls]
    if any(map(is_loopback, urls)) or any(map(proxy_bypass, hosts)):
        return None
    named = getproxies()
    proxy = named.get("https") or named.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


class Sockets(httpx.HTTPTransport):
    """HTTP over sockets that give up an answer which takes too long."""

    def __init__(self, *, verify: bool, proxy: str | None = None) -> None:
        try:
            super().__init__(verify=verify, limits=_LIMITS, proxy=proxy)
        except (ValueError, ImportError, httpx.InvalidURL):  # not quoted: it may hold a password
            raise SettingError(
                "HTTPS_PROXY cannot be used: it must be a URL such as http://proxy:3128; NO_PROXY exempts a host"
            ) from None
        # httpx has no way in for this. Where a release moves it the bound is lost, and a test fails.
        if hasattr(self._pool, "_network_backend"):
            self._pool._network_backend = _Backend(self._pool._network_backend)  # noqa: SLF001


class _Backend(httpcore.NetworkBackend):
    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.connect_tcp(host, port, timeout, local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self._sent_at = time.monotonic()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._sent_at + LONGEST_ANSWER - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout(f"the answer took longer than {LONGEST_ANSWER:.0f} s")
        return self._inner.read(max_bytes, left if timeout is None else min(timeout, left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)
        self._sent_at = time.monotonic()

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
