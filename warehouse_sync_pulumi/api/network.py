"""The way to the service: proxies, certificate authorities, connections and their time-outs."""

from __future__ import annotations

import os
import ssl
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from ..errors import SettingError
from .deadline import LONGEST_ANSWER, bound_in_time
from .endpoint import is_loopback

__all__ = ["TIMEOUT", "NetworkTransport", "Proxy", "proxy_for", "trusted_authorities"]

TIMEOUT = httpx.Timeout(connect=10.0, read=90.0, write=30.0, pool=LONGEST_ANSWER)
"""Seconds. Creating a connection took 9.6 s [recorded]: a read time-out below a minute would be wrong. What fails
behind a proxy keeps its place in the pool, so that the wait for a place is bounded as well."""
LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=64, keepalive_expiry=5.0)


class Proxy(NamedTuple):
    """A proxy, and the variable of the environment that names it."""

    url: str
    variable: str

    @property
    def address(self) -> str:
        """Its host and port, without credentials; raises SettingError where it cannot be used."""
        try:
            url = httpx.URL(self.url)
        except httpx.InvalidURL:
            raise self.refused() from None
        # An @ behind the host means that the host is the beginning of a password with a /, ? or # in it.
        if not url.host or "@" in f"{url.raw_path!r}{url.fragment}":
            raise self.refused()
        return url.netloc.decode()

    def refused(self) -> SettingError:
        """That it cannot be used. It is not quoted, since it may hold a password."""
        return SettingError(
            f"{self.variable} cannot be used: it must be a URL such as http://proxy:3128, special characters of a "
            "password percent-encoded; NO_PROXY exempts a host"
        )


def proxy_for(url: str) -> Proxy | None:
    """The proxy to reach an address by, as the environment names it: `HTTPS_PROXY`, unless `NO_PROXY` exempts its host.

    As Python's own `urllib` has it, on macOS and Windows from the system's settings too: httpx asks the environment
    only for a client whose transports nothing is put around.
    """
    if is_loopback(url) or proxy_bypass(urlsplit(url).netloc):
        return None
    named = getproxies()
    for kind in ("https", "all"):
        if proxy := named.get(kind):
            return Proxy(proxy if "://" in proxy else f"http://{proxy}", f"{kind.upper()}_PROXY")
    return None


class NetworkTransport(httpx.BaseTransport):
    """Connections to the hosts of some addresses, shared by all threads."""

    def __init__(self, *urls: str) -> None:
        # What TLS needs takes 40 ms to make.
        verify = trusted_authorities() if any(urlsplit(url).scheme == "https" for url in urls) else False
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


def trusted_authorities() -> ssl.SSLContext:
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


def _transport(proxy: Proxy | None, verify: ssl.SSLContext | bool) -> httpx.HTTPTransport:  # noqa: FBT001 - httpx's own
    if proxy is None:
        return bound_in_time(httpx.HTTPTransport(verify=verify, limits=LIMITS, trust_env=False))
    _ = proxy.address
    try:
        return bound_in_time(httpx.HTTPTransport(verify=verify, proxy=proxy.url, limits=LIMITS, trust_env=False))
    except (ValueError, ImportError):  # another scheme, or one that needs a library which is not there
        raise proxy.refused() from None
