"""The token endpoint's side: who gets a token, and which tokens are valid."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from ..clock import Clock
from ..http.messages import Response, json_response

__all__ = ["TokenRequest", "Tokens"]


class TokenRequest(BaseModel):
    """What a client sends for a token [recorded]. Its fields stand in the order in which they are refused."""

    model_config = ConfigDict(strict=True, hide_input_in_errors=True)

    grant_type: Literal["client_credentials"]
    client_id: Annotated[str, Field(min_length=1)]
    client_secret: Annotated[SecretStr, Field(min_length=1)]
    audience: Literal["https://api.mparticle.com"]  # also where the API's host is another


_NO_OBJECT = (400, "invalid_request", "The body must be a JSON object.")
_ERRORS = {
    "grant_type": (403, "unsupported_grant_type", "grant_type must be client_credentials."),
    "client_id": (401, "access_denied", "client_id and client_secret are required."),
    "client_secret": (401, "access_denied", "client_id and client_secret are required."),
    "audience": (403, "access_denied", "The audience is unknown."),
}


class Tokens:
    """Issues bearer tokens that expire on the emulator's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._issued: dict[str, tuple[str, datetime]] = {}

    def issue(self, body: Any, *, seconds: int, credentials: Mapping[str, str] | None) -> Response:
        """Answer a token request.

        The shapes of the request and of the answer are recorded; the refusals follow the identity service's
        customs and are guesses.
        """
        try:
            request = TokenRequest.model_validate(body)
        except ValidationError as error:
            place = error.errors(include_input=False)[0]["loc"]
            return _error_response(*_ERRORS[str(place[0])]) if place else _error_response(*_NO_OBJECT)
        client, secret = request.client_id, request.client_secret.get_secret_value()
        if credentials is not None and credentials.get(client) != secret:
            return _error_response(401, "access_denied", "Unauthorized")
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._issued[token] = (client, self._clock.now() + timedelta(seconds=seconds))
        return json_response(200, {"access_token": token, "expires_in": seconds, "token_type": "Bearer"})

    def client_of(self, authorization: str) -> str | None:
        """The client whose valid token this `Authorization` header carries."""
        scheme, _, token = authorization.partition(" ")
        with self._lock:
            client, until = self._issued.get(token, ("", None))
        if scheme.lower() != "bearer" or until is None or self._clock.now() >= until:
            return None
        return client

    def revoke_all(self) -> None:
        """Forget every token, as if all had expired."""
        with self._lock:
            self._issued.clear()


def _error_response(status: int, error: str, description: str) -> Response:
    return json_response(status, {"error": error, "error_description": description})
