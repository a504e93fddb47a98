"""Keeping secrets out of what people and files get to see."""

from __future__ import annotations

import base64
import json
import re
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["HIDDEN", "MASK", "SHORTEST", "Secrets", "each_text", "hide", "hide_in", "hiding"]

MASK = "************"
"""What the API answers in place of a secret [recorded]."""
SHORTEST = 12
"""Characters from which on a credential is looked for in what objects hold. A shorter one is none of a real account's,
and would be found in ordinary words: the object would be changed by being read."""
HIDDEN = "[secret]"
"""What stands in place of a secret that turned up elsewhere; Pulumi's own word."""
_SPECIAL_IN_HTML = frozenset("&<>\"'")


def hide(text: str, secrets: Iterable[str]) -> str:
    """A text without the secrets, in whichever spelling a service may have echoed them."""
    return hiding(secrets)(text)


def hiding(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that hides these secrets in any text: prepared once for many texts."""
    known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
    spellings = [(secret, _spellings(secret)) for secret in known]

    def hide_known(text: str) -> str:
        for secret, spelled in spellings:
            if any(spelling in text for spelling in spelled):
                text = _pattern(secret).sub(HIDDEN, text)
        return text

    return hide_known


@lru_cache(maxsize=1024)
def _spellings(secret: str) -> tuple[str, ...]:
    """How a service may spell a secret, the longest first."""
    spellings = {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
        base64.b64encode(secret.encode(errors="replace")).decode(),
    }
    if not _SPECIAL_IN_HTML.isdisjoint(secret):
        import html  # 2 ms that most can spare

        spellings.add(html.escape(secret))
    return tuple(sorted(spellings, key=len, reverse=True))


@lru_cache(maxsize=1024)
def _pattern(secret: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _spellings(secret))))


def hide_in(value: Any, secrets: Iterable[str]) -> Any:
    """A JSON value without the secrets and the masks of secrets, at any depth."""
    hide_known = hiding(secrets)
    return each_text(value, lambda text: None if text == MASK else hide_known(text))


def each_text(value: Any, change: Callable[[str], Any]) -> Any:
    """A JSON value with every text in it changed. A key that is changed to nothing keeps its place, empty."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(key) or "": each_text(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [each_text(item, change) for item in value]
    return value


class Secrets:
    """The secrets that a process has met: what one object's request carries may turn up in another one's answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: frozenset[str] = frozenset()

    def learn(self, *secrets: str) -> None:
        """Remember secrets."""
        with self._lock:
            if not self._known.issuperset(secrets):
                self._known |= {secret for secret in secrets if secret}

    def hide(self, text: str) -> str:
        """A text without them."""
        return hide(text, self._known)
