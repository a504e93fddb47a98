"""OAuth 2.0 client credentials: one token a process, fetched when the first request needs it."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import httpx
from pydantic import ValidationError

from ..errors import AnswerLostError, CredentialError, StatusError, UnreachableError
from .answers import error_text, json_in
from .retry import REPEATABLE
from .shared_failure import SharedFailureLock
from .token import Token

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..redaction import Secrets
    from .endpoint import Endpoint

__all__ = ["TokenAuth"]

AUDIENCE = "https://api.mparticle.com"
"""The same for every pod [recorded]."""
_EARLY = 60.0
"""Seconds before its expiry at which a token is no longer used; of a short life, a quarter."""
_UNAUTHORIZED = 401
_ADVICE = (
    "check WAREHOUSE_SYNC_CLIENT_ID and WAREHOUSE_SYNC_CLIENT_SECRET, or `pulumi config set warehouse-sync:clientId ID`"
    " and `pulumi config set --secret warehouse-sync:clientSecret SECRET`"
)


class TokenAuth(httpx.Auth):
    """Puts a token on each request, and fetches another one once when the API no longer takes it."""

    def __init__(self, endpoint: Endpoint, http: httpx.Client, secrets: Secrets) -> None:
        """`http` sends the requests for tokens."""
        self._endpoint = endpoint
        self._http = http
        self._secrets = secrets
        self._lock = SharedFailureLock()
        self._token = ""
        self._expires = 0.0
        secrets.learn(endpoint.client_secret)

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the request with a token; after a 401, once more with a new one."""
        token = self._current(refused=None)
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == _UNAUTHORIZED:
            request.headers["Authorization"] = f"Bearer {self._current(refused=token)}"
            yield request

    def authenticate(self) -> None:
        """Fetch a token, unless there is one."""
        self._current(refused=None)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What gives access; an answer never has a use for it."""
        return (self._endpoint.client_secret, self._token)

    def _current(self, *, refused: str | None) -> str:
        with self._lock.hold():
            if self._token in ("", refused) or time.monotonic() >= self._expires:
                self._fetch()
            return self._token

    def _fetch(self) -> None:
        endpoint = self._endpoint
        asked = {
            "client_id": endpoint.client_id,
            "client_secret": endpoint.client_secret,
            "audience": AUDIENCE,
            "grant_type": "client_credentials",
        }
        doing = f"cannot get an access token from {endpoint.auth_url}"
        try:
            response = self._http.post(endpoint.auth_url, json=asked, extensions={REPEATABLE: True})
        except (AnswerLostError, UnreachableError) as error:
            # Whatever became of the token, the request that needed it was not sent.
            raise UnreachableError(f"{doing}: {error}") from None
        status = response.status_code
        if not response.is_success:
            answered = f"{doing}: it answered {status}{error_text(response, self._secrets.hide)}"
            if status in (400, _UNAUTHORIZED, 403):
                raise CredentialError(f"{answered}; {_ADVICE}", status=status)
            raise StatusError(f"{answered}; check authUrl", status=status)
        try:
            token = Token.model_validate(json_in(response))
        except ValidationError:
            raise UnreachableError(
                f"{doing}: the answer holds no access_token that can be read; check authUrl"
            ) from None
        self._token = token.access_token.get_secret_value()
        self._secrets.learn(self._token)
        self._expires = time.monotonic() + _usable_for(token.expires_in)


def _usable_for(lifetime: float | None) -> float:
    """Seconds for which a token is used. One that does not say how long it lives is used until it is refused."""
    return math.inf if lifetime is None else max(lifetime - min(_EARLY, lifetime / 4), 0.0)
