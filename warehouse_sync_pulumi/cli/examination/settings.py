"""What is configured, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse_sync_pulumi.api.endpoint import checked_url
from warehouse_sync_pulumi.config import SETTINGS, Settings
from warehouse_sync_pulumi.errors import SettingError

from .finding import Finding, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["configured"]

_NEEDED = ("workspaceId", "clientId", "clientSecret")
_TAKES_OVER = "unset it after this run: equal objects of others are taken over"


def configured(settings: Settings) -> Iterator[Finding]:
    """Each setting; a secret is only said to be there."""
    for key, setting in SETTINGS.items():
        value, source = settings.find(key)
        try:
            if value is None and key in _NEEDED:
                settings.require(key)
            elif value is not None:
                shown = "given" if setting.secret else checked_url(value, key) if key.endswith("Url") else value
                advice = _TAKES_OVER if key == "adopt" and settings.adopts_equal else ""
                yield Finding(key, f"{shown}, from {source}", advice)
        except SettingError as error:  # a URL that is refused may hold a password, and is not shown
            said, _, advice = str(error).partition(": ")
            yield Finding(key, said, advice or f"correct {source}", Where.SETTINGS)
