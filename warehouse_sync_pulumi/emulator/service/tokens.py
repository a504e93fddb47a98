"""The token endpoint's side: who gets a token, and which tokens are valid."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ..clock import Clock
from ..http.messages import Answer, json_answer

__all__ = ["AUDIENCE", "Tokens"]

AUDIENCE = "https://api.mparticle.com"  # [recorded] also where the API's host is another


class Tokens:
    """Issues bearer tokens that expire on the emulator's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._issued: dict[str, tuple[str, datetime]] = {}

    def issue(self, body: Any, *, seconds: int, credentials: Mapping[str, str] | None) -> Answer:
        """Answer a token request.

        The shapes of the request and of the answer are recorded; the refusals follow the identity service's
        customs and are guesses.
        """
        if not isinstance(body, dict):
            return _refusal(400, "invalid_request", "The body must be a JSON object.")
        client, secret = body.get("client_id"), body.get("client_secret")
        if body.get("grant_type") != "client_credentials":
            return _refusal(403, "unsupported_grant_type", "grant_type must be client_credentials.")
        if not (isinstance(client, str) and client and isinstance(secret, str) and secret):
            return _refusal(401, "access_denied", "client_id and client_secret are required.")
        if body.get("audience") != AUDIENCE:
            return _refusal(403, "access_denied", "The audience is unknown.")
        if credentials is not None and credentials.get(client) != secret:
            return _refusal(401, "access_denied", "Unauthorized")
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._issued[token] = (client, self._clock.now() + timedelta(seconds=seconds))
        return json_answer(200, {"access_token": token, "expires_in": seconds, "token_type": "Bearer"})

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


def _refusal(status: int, error: str, description: str) -> Answer:
    return json_answer(status, {"error": error, "error_description": description})
