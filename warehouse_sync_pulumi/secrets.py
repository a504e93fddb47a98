"""Keeping secrets out of what people and files get to see."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["HIDDEN", "MASK", "hide", "hide_in"]

MASK = "************"
"""What the API answers in place of a secret [recorded]."""
HIDDEN = "[secret]"
"""What stands in place of a secret that turned up elsewhere; Pulumi's own word."""


def hide(text: str, secrets: Iterable[str]) -> str:
    """A text without the secrets, in whichever spelling a service may have echoed them."""
    for secret in sorted(set(secrets), key=len, reverse=True):
        for spelling in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret, safe=""), _base64(secret)):
            text = text.replace(spelling, HIDDEN)
    return text


def hide_in(value: Any, secrets: Iterable[str]) -> Any:
    """A JSON value without the secrets and the masks of secrets, at any depth."""
    if isinstance(value, str):
        return None if value == MASK else hide(value, secrets)
    if isinstance(value, dict):
        return {hide(key, secrets): hide_in(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [hide_in(item, secrets) for item in value]
    return value


def _base64(text: str) -> str:
    return base64.b64encode(text.encode(errors="replace")).decode()
