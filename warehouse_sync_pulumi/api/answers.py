"""What an answer says, read loosely: a gateway may answer HTML, and a sibling API other shapes of error [recorded]."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

from .models import ErrorBody

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
_SIGNATURES = {
    "Key": "4dabf18193072939515e22adb298388d",
    "UnknownBoolValue": "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "UnknownNumberValue": "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "UnknownStringValue": "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "UnknownArrayValue": "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "UnknownAssetValue": "030794c1-ac77-496b-92df-f27374a8bd58",
    "UnknownArchiveValue": "e48ece36-62e2-4504-bad9-02848725956a",
    "UnknownObjectValue": "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
}
"""Texts that mean something else to Pulumi, by their names in its SDK (go/common/resource/sig): the key of a file on
the user's machine, and values that are not known."""
_RESERVED = frozenset(_SIGNATURES.values())


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
    value = json_in(response)
    text = (
        response.content[:_READ].decode("utf-8", "replace")
        if value is None
        else "; ".join(ErrorBody.model_validate(value).texts)
    )
    if value is None and "<" in text:
        title = re.search(r"<title[^>]*>([^<]*)", text, re.IGNORECASE)
        text = unescape(title[1]) if title else ""
    text = hide(text)
    # Control characters could rewrite the terminal.
    text = " ".join("".join(c if c.isprintable() else " " for c in text[: _LONGEST * 4]).split())
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f": {text}" if text else ""
