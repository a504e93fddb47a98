"""Secrets, kept out of what the journal shows."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

from ..http.messages import Request

__all__ = ["SECRET", "Redactor", "secrets_of"]

SECRET = "[secret]"  # noqa: S105 - what is shown in a secret's place
_SENT_KEYS = ("password", "partner_feed_key", "service_account_key", "client_secret")
_SECRET_KEYS = frozenset({*_SENT_KEYS, "access_token"})
_SHORTEST = 6  # characters; a shorter secret is hidden in its own field, and not searched for elsewhere


class Redactor:
    """Hides secrets where they are expected, and known ones everywhere else."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: set[str] = set()

    def learn(self, value: object) -> None:
        """Remember a secret's value."""
        if isinstance(value, str) and len(value) >= _SHORTEST and set(value) != {"*"}:
            with self._lock:
                self._known.add(value)

    def clean(self, value: Any) -> Any:
        """Return a copy of a JSON value without secrets."""
        try:
            strings: list[str] = []
            self._gather(value, strings)
            everything = "\0".join(strings)
            with self._lock:  # of thousands of secrets, few or none are in one request
                present = [secret for secret in self._known if secret in everything]
            # The longest first: one secret may be the beginning of another.
            return _hidden(value, sorted(present, key=len, reverse=True))
        except RecursionError:
            return "[nested too deep]"

    def learn_from(self, value: Any) -> None:
        """Remember every secret of a JSON value."""
        with contextlib.suppress(RecursionError):
            self._gather(value, [])

    def _gather(self, value: object, strings: list[str]) -> None:
        """Learn the secrets of a value, and list all of its strings."""
        if isinstance(value, dict):
            for key, inner in value.items():
                strings.append(key)
                if key in _SECRET_KEYS:
                    self.learn(inner)
                self._gather(inner, strings)
        elif isinstance(value, list):
            for inner in value:
                self._gather(inner, strings)
        elif isinstance(value, str):
            strings.append(value)


def _hidden(value: Any, secrets: list[str]) -> Any:
    if isinstance(value, dict):
        return {
            key if key in _SECRET_KEYS else _hidden(key, secrets): (
                SECRET if key in _SECRET_KEYS and inner is not None else _hidden(inner, secrets)
            )
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_hidden(inner, secrets) for inner in value]
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, SECRET)
    return value


def secrets_of(request: Request) -> list[str]:
    """Every secret that a request carries: what a careless server could repeat."""
    body = request.content
    found = [body[key] for key in _SENT_KEYS if isinstance(body, dict) and isinstance(body.get(key), str)]
    token = request.headers.get("authorization", "").partition(" ")[2]
    return [*found, token] if token else found
