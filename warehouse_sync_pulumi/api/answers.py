"""What an answer says, read loosely: a gateway may answer HTML, and a sibling API other shapes of error [recorded]."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

__all__ = ["json_in", "object_in", "said_by"]

_LONGEST = 400
"""Characters of the service's own words that a message quotes."""
_MESSAGE_KEYS = ("message", "error_description", "error")


def json_in(response: httpx.Response) -> Any:
    """The JSON value of an answer; None when there is none that can be read."""
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return None


def object_in(response: httpx.Response) -> dict[str, Any] | None:
    """The JSON object of an answer; None when there is none that can be read."""
    value = json_in(response)
    return value if isinstance(value, dict) else None


def said_by(response: httpx.Response) -> str:
    """What a refusal says, as the rest of a sentence: `: …`, on one line, or nothing."""
    value = json_in(response)
    text = response.text if value is None else "; ".join(_messages(value))
    if value is None and "<" in text:
        title = re.search(r"<title[^>]*>(.*?)</title>", text[:10_000], re.IGNORECASE | re.DOTALL)
        text = unescape(title[1]) if title else ""
    # Control characters could rewrite the terminal.
    text = " ".join("".join(c if c.isprintable() else " " for c in text[: _LONGEST * 4]).split())
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f": {text}" if text else ""


def _messages(value: Any) -> Iterator[str]:
    errors = value.get("errors", value) if isinstance(value, dict) else value
    for error in errors if isinstance(errors, list) else [errors]:
        if isinstance(error, str):
            yield error
        elif isinstance(error, dict):
            yield from (error[key] for key in _MESSAGE_KEYS if isinstance(error.get(key), str))
