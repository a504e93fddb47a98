"""OAuth 2.0 client credentials: one token a process, fetched when the first request needs it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import httpx

from ..errors import AnswerLostError, CredentialError, StatusError
from .answers import object_in, said_by
from .transport import REPEATABLE, TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from .endpoint import Endpoint

__all__ = ["TokenAuth"]

AUDIENCE = "https://api.mparticle.com"
"""The same for every pod [recorded]."""
_EARLY = 60.0
"""Seconds before its expiry at which a token is no longer used."""
_UNAUTHORIZED = 401
_ADVICE = (
    "check WAREHOUSE_SYNC_CLIENT_ID and WAREHOUSE_SYNC_CLIENT_SECRET, or `pulumi config set warehouse-sync:clientId ID`"
    " and `pulumi config set --secret warehouse-sync:clientSecret SECRET`"
)


class TokenAuth(httpx.Auth):
    """Puts a token on each request, and fetches another one once when the API no longer takes it."""

    def __init__(self, endpoint: Endpoint, send: Callable[[httpx.Request], httpx.Response]) -> None:
        self._endpoint = endpoint
        self._send = send
        self._lock = threading.Lock()
        self._token = ""
        self._expires = 0.0

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the request with a token; after a 401, once more with a new one."""
        token = self._current(refused=None)
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == _UNAUTHORIZED:
            request.headers["Authorization"] = f"Bearer {self._current(refused=token)}"
            yield request

    def hide(self, text: str) -> str:
        """The text without the token and the client's secret."""
        for secret in filter(None, (self._token, self._endpoint.client_secret)):
            text = text.replace(secret, "[secret]")
        return text

    def _current(self, *, refused: str | None) -> str:
        with self._lock:
            if self._token in ("", refused) or time.monotonic() >= self._expires:
                self._fetch()
            return self._token

    def _fetch(self) -> None:
        endpoint = self._endpoint
        request = httpx.Request(
            "POST",
            endpoint.auth_url,
            json={
                "client_id": endpoint.client_id,
                "client_secret": endpoint.client_secret,
                "audience": AUDIENCE,
                "grant_type": "client_credentials",
            },
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            extensions={REPEATABLE: True, "timeout": TIMEOUT.as_dict()},
        )
        doing = f"cannot get an access token from {endpoint.auth_url}"
        response = self._send(request)
        status = response.status_code
        answered = self.hide(f"{doing}: it answered {status}{said_by(response)}")
        if status in (400, _UNAUTHORIZED, 403):
            raise CredentialError(f"{answered}; {_ADVICE}", status=status)
        if not response.is_success:
            raise StatusError(answered, status=status)
        answer = object_in(response)
        token = None if answer is None else answer.get("access_token")
        # A token travels in a header: anything but visible ASCII in it is no token.
        if (
            answer is None
            or not isinstance(token, str)
            or not token.isascii()
            or not token.isprintable()
            or " " in token
        ):
            raise AnswerLostError(f"{doing}: the answer holds no access_token that can be read; check authUrl")
        lifetime = answer.get("expires_in")
        seconds = float(lifetime) if isinstance(lifetime, (int, float)) else 0.0
        self._token, self._expires = token, time.monotonic() + max(seconds - _EARLY, 0.0)
