"""The way to the service: proxies, certificate authorities, connections and their time-outs."""

from __future__ import annotations

import os
import ssl
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from ..errors import SettingError
from .deadline import LONGEST_ANSWER, bound_in_time
from .endpoint import is_loopback

__all__ = ["TIMEOUT", "NetworkTransport", "proxy_for"]

TIMEOUT = httpx.Timeout(connect=10.0, read=90.0, write=30.0, pool=LONGEST_ANSWER)
"""Seconds. Creating a connection took 9.6 s [recorded]: a read time-out below a minute would be wrong. What fails
behind a proxy keeps its place in the pool, so that the wait for a place is bounded as well."""
LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=64, keepalive_expiry=5.0)


def proxy_for(url: str) -> str | None:
    """The proxy to reach an address by, as the environment names it: `HTTPS_PROXY`, unless `NO_PROXY` exempts its host.

    As Python's own `urllib` has it, on macOS and Windows from the system's settings too: httpx asks the environment
    only for a client whose transports nothing is put around.
    """
    if is_loopback(url) or proxy_bypass(urlsplit(url).netloc):
        return None
    named = getproxies()
    proxy = named.get("https") or named.get("all")
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


class NetworkTransport(httpx.BaseTransport):
    """Connections to the hosts of some addresses, shared by all threads."""

    def __init__(self, *urls: str) -> None:
        # What TLS needs takes 40 ms to make.
        verify = _trusted_authorities() if any(urlsplit(url).scheme == "https" for url in urls) else False
        proxies = {httpx.URL(url).host: proxy_for(url) for url in urls}
        by_proxy = {proxy: _transport(proxy, verify) for proxy in set(proxies.values())}
        self._by_host = {host: by_proxy[proxy] for host, proxy in proxies.items()}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer is yet to be read."""
        return self._by_host[request.url.host].handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        for transport in self._by_host.values():
            transport.close()


def _trusted_authorities() -> ssl.SSLContext:
    """The authorities that the environment names, and no other; else the public ones, and those of the system."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if not file and not folder:
        context = httpx.create_ssl_context()
        context.load_default_certs()
        return context
    try:
        return ssl.create_default_context(cafile=file or None, capath=folder or None)
    except OSError as error:
        raise SettingError(
            f"SSL_CERT_FILE is {file!r}, which holds no certificates that can be read: {error}"
        ) from None


def _transport(proxy: str | None, verify: ssl.SSLContext | bool) -> httpx.HTTPTransport:  # noqa: FBT001 - httpx's own
    try:
        if proxy and not httpx.URL(proxy).host:
            raise ValueError  # noqa: TRY301 - one message for all
        return bound_in_time(httpx.HTTPTransport(verify=verify, proxy=proxy, limits=LIMITS, trust_env=False))
    except (ValueError, ImportError, httpx.InvalidURL):  # not quoted: it may hold a password
        raise SettingError(
            "HTTPS_PROXY cannot be used: it must be a URL such as http://proxy:3128; NO_PROXY exempts a host"
        ) from None
