"""Which service to talk to, and as whom."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..errors import SettingError

__all__ = ["Endpoint", "checked_url", "is_loopback"]


def is_loopback(url: str) -> bool:
    """Whether a URL stays on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def checked_url(url: str, setting: str) -> str:
    """Refuse a URL that a token must not be sent to."""
    try:
        parts = urlsplit(url)
        _ = parts.port, (parts.hostname or "").encode("idna")  # what a socket will ask for
    except ValueError:
        raise SettingError(f"{setting} is not a URL") from None
    if "@" in parts.netloc:
        raise SettingError(f"{setting} carries credentials: leave them out of the URL")
    # What is refused is not quoted: it may hide a credential as well. Browsers and Python read a backslash or a control
    # character in different ways, and a lone `?` makes a query of every path.
    if parts.scheme not in ("https", "http") or not parts.hostname or not re.fullmatch(r"[!-~]+", url):
        raise SettingError(f"{setting} must be a URL that begins with https:// and names a host")
    if set(url) & set("?#;\\"):
        raise SettingError(f"{setting} must be a plain https:// URL, without ?, #, ; and \\")
    if parts.scheme == "http" and not is_loopback(url):
        raise SettingError(f"{setting} is {url!r}: http:// is accepted for loopback addresses alone; use https://")
    return url.rstrip("/")


@dataclass(frozen=True)
class Endpoint:
    """Which service to talk to, and as whom. Two equal ones share a client, its connections and its token."""

    api_url: str
    auth_url: str
    api_version: str
    client_id: str
    client_secret: str = field(repr=False)
    retry_timeout: float
    """Seconds that one request may spend waiting and trying again."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "api_url", checked_url(self.api_url, "apiUrl"))
        object.__setattr__(self, "auth_url", checked_url(self.auth_url, "authUrl"))

    @property
    def base_url(self) -> str:
        """The part of every request's URL before `Address.path`."""
        return f"{self.api_url}/platform/{self.api_version}/"
