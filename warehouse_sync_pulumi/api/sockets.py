"""The connections to the service, which bound an answer in time and in size."""

from __future__ import annotations

import json
import os
import ssl
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore

from ..errors import AnswerLostError, SettingError
from .endpoint import is_loopback
from .messages import Response

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .messages import Request

__all__ = ["LARGEST_ANSWER", "LONGEST_ANSWER", "TIMEOUT", "Sockets", "proxy_for"]

LONGEST_ANSWER = 300.0
"""Seconds from the request to the end of its answer. `TIMEOUT` bounds each read alone: without this an answer that
trickles in, headers and all, would never end."""
TIMEOUT = {"pool": LONGEST_ANSWER, "connect": 10.0, "read": 90.0, "write": 30.0}
"""Seconds. Creating a connection took 9.6 s [recorded]: a read time-out below a minute would be wrong. What fails
behind a proxy keeps its place in the pool, so that the wait for a place is bounded as well."""
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes. The largest answers are lists, with up to a few kilobytes an object."""
_CONNECTIONS = 64
_IDLE = 5.0
"""Seconds for which an idle connection is kept."""
_DEFAULT_PORTS = {b"https": 443, b"http": 80}


def proxy_for(*urls: str) -> str | None:
    """The proxy to reach addresses by, as the environment names it: `HTTPS_PROXY`, unless `NO_PROXY` exempts a host."""
    hosts = [urlsplit(url).netloc for url in urls]
    if any(map(is_loopback, urls)) or any(map(proxy_bypass, hosts)):
        return None
    named = getproxies()
    proxy = named.get("https") or named.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


class Sockets:
    """A pool of connections, shared by all threads."""

    def __init__(self, *, with_tls: bool, proxy: str | None = None) -> None:
        """`with_tls`: whether an address is https, since what that needs takes 40 ms to make."""
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trusted() if with_tls else None,
            proxy=_proxy(proxy) if proxy else None,
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_CONNECTIONS,
            keepalive_expiry=_IDLE,
            network_backend=_Backend(httpcore.SyncBackend()),
        )

    def exchange(self, request: Request) -> Response:
        """One request and its whole answer. Raises httpcore's errors, and AnswerLostError for an answer too large."""
        url = httpcore.URL(request.url)
        headers: dict[bytes | str, bytes | str] = {
            "Host": _host(url),
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # an answer that is compressed all the same stays so: it may be a bomb
            "User-Agent": "warehouse-sync-pulumi",
        }
        if request.token:
            headers["Authorization"] = f"Bearer {request.token}"
        content = b"" if request.method == "POST" else None
        if request.body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(request.body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        with self._pool.stream(
            request.method, url, headers=headers, content=content, extensions={"timeout": TIMEOUT}
        ) as answer:
            body = bytearray()
            for chunk in answer.iter_stream():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise AnswerLostError(f"the answer is larger than {LARGEST_ANSWER // 2**20} MiB")
            named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            return Response(answer.status, named, bytes(body))

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


def _host(url: httpcore.URL) -> str:
    """As a browser names it. httpcore would leave the brackets of IPv6 out."""
    host = url.host.decode()
    host = f"[{host}]" if ":" in host else host
    return host if url.port in {None, _DEFAULT_PORTS[url.scheme]} else f"{host}:{url.port}"


def _trusted() -> ssl.SSLContext:
    """The authorities that the environment names, and no other; else the public ones, and those of the system."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if not file and not folder:
        return httpcore.default_ssl_context()
    try:
        return ssl.create_default_context(cafile=file or None, capath=folder or None)
    except OSError as error:
        raise SettingError(
            f"SSL_CERT_FILE is {file!r}, which holds no certificates that can be read: {error}"
        ) from None


def _proxy(url: str) -> httpcore.Proxy:
    try:
        parts = urlsplit(url)
        if parts.scheme.startswith("socks"):
            import_module("socksio")  # httpcore asks for it when it connects
        if parts.scheme not in ("http", "https", "socks5", "socks5h") or not parts.hostname:
            raise ValueError  # noqa: TRY301 - one message for all
        user, password = unquote(parts.username or "").encode(), unquote(parts.password or "").encode()
        credentials = (user, password) if user or password else None
        return httpcore.Proxy(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}", auth=credentials)
    except (ValueError, TypeError, ImportError):  # not quoted: it may hold a password
        raise SettingError(
            "HTTPS_PROXY cannot be used: it must be a URL such as http://proxy:3128; NO_PROXY exempts a host"
        ) from None


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
