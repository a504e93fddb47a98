"""OAuth 2.0 client credentials: one token a process, fetched when the first request needs it."""

from __future__ import annotations

import math
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import AnswerLostError, CredentialError, StatusError, UnreachableError
from .answers import object_in, said_by
from .messages import Request, Response
from .turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..secrets import Secrets
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


class TokenAuth:
    """Puts a token on each request, and fetches another one once when the API no longer takes it."""

    def __init__(self, endpoint: Endpoint, send: Callable[[Request], Response], secrets: Secrets) -> None:
        self._endpoint = endpoint
        self._send = send
        self._secrets = secrets
        self._turns = Turns()
        self._token = ""
        self._expires = 0.0
        secrets.learn(endpoint.client_secret)

    def send(self, request: Request) -> Response:
        """Send the request with a token; after a 401, once more with a new one."""
        token = self._current(refused=None)
        response = self._send(replace(request, token=token))
        if response.status == _UNAUTHORIZED:
            response = self._send(replace(request, token=self._current(refused=token)))
        return response

    @property
    def secrets(self) -> tuple[str, ...]:
        """What gives access; an answer never has a use for it."""
        return (self._endpoint.client_secret, self._token)

    def _current(self, *, refused: str | None) -> str:
        with self._turns.taken():
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
            response = self._send(Request("POST", endpoint.auth_url, asked, is_token_request=True))
        except (AnswerLostError, UnreachableError) as error:
            # Whatever became of the token, the request that needed it was not sent.
            raise UnreachableError(f"{doing}: {error}") from None
        status = response.status
        answered = f"{doing}: it answered {status}{said_by(response, self._secrets.hide)}"
        if status in (400, _UNAUTHORIZED, 403):
            raise CredentialError(f"{answered}; {_ADVICE}", status=status)
        if not response.is_success:
            raise StatusError(f"{answered}; check authUrl", status=status)
        answer = object_in(response) or {}
        token = answer.get("access_token")
        # A token travels in a header: anything but visible ASCII in it is no token.
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]+", token):
            raise UnreachableError(f"{doing}: the answer holds no access_token that can be read; check authUrl")
        self._secrets.learn(token)
        self._token, self._expires = token, time.monotonic() + _usable_for(answer.get("expires_in"))


def _usable_for(lifetime: Any) -> float:
    """Seconds for which a token is used. One that does not say how long it lives is used until it is refused."""
    try:
        seconds = float(lifetime)
    except (TypeError, ValueError, OverflowError):
        return math.inf
    return max(seconds - min(_EARLY, seconds / 4), 0.0)
