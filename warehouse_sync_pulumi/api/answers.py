"""What an answer says, read loosely: a gateway may answer HTML, and a sibling API other shapes of error [recorded]."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from ..signatures import KEY, UNKNOWNS

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

__all__ = ["error_text", "json_in"]

_LONGEST = 400
"""Characters of the service's own words that a message quotes."""
_READ = 100_000
"""Bytes of a refusal that are looked at."""
_DEEPEST = 20
"""Levels of nesting. Pulumi's messages cannot carry more than about thirty."""
_RESERVED = frozenset({KEY, *UNKNOWNS.values()})
"""Texts with which an answer could name a file on the user's machine, or pass for a value that is not known."""


def json_in(response: httpx.Response) -> Any:
    """The JSON value of an answer; None when there is none that can be read.

    Beyond what JSON allows, or Pulumi can carry, nothing is read: no NaN, no number past all bounds, no half of a
    character, no nesting without end, no signature of Pulumi's. Better an answer that was lost than an object that
    cannot be recorded.
    """
    try:
        value = json.loads(response.content, parse_constant=_refused, parse_int=_whole, parse_float=_finite)
    except (ValueError, RecursionError):
        return None
    return value if _is_sound(value, _DEEPEST) else None


def _refused(text: str) -> Any:
    raise ValueError(text)


def _whole(text: str) -> int:
    return int(text) if len(text) <= 300 else _refused(text)  # noqa: PLR2004 - 10**300 still is a float


def _finite(text: str) -> float:
    number = float(text)
    return number if abs(number) != float("inf") else _refused(text)


def _is_sound(value: Any, levels: int) -> bool:
    if isinstance(value, str):
        return value not in _RESERVED and (value.isascii() or not re.search("[\ud800-\udfff]", value))
    if isinstance(value, dict):
        return levels > 0 and all(_is_sound(key, 1) and _is_sound(item, levels - 1) for key, item in value.items())
    if isinstance(value, list):
        return levels > 0 and all(_is_sound(item, levels - 1) for item in value)
    return True


def error_text(response: httpx.Response, hide: Callable[[str], str]) -> str:
    """What a refusal says, as the rest of a sentence: `: …`, on one line, or nothing.

    `hide` takes out the secrets: here, since a text that is cut or put on one line may hold one in another spelling.
    """
    from .models import ErrorBody  # most deployments do without the models

    value = json_in(response)
    text = (
        response.content[:_READ].decode("utf-8", "replace")
        if value is None
        else "; ".join(ErrorBody.model_validate(value).texts)
    )
    if value is None and "<" in text:
        from html import unescape  # 2 ms

        title = re.search(r"<title[^>]*>([^<]*)", text, re.IGNORECASE)
        text = unescape(title[1]) if title else ""
    text = hide(text)
    # Control characters could rewrite the terminal.
    text = " ".join("".join(c if c.isprintable() else " " for c in text[: _LONGEST * 4]).split())
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f": {text}" if text else ""
