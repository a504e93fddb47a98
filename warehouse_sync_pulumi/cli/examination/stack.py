"""The stack whose settings count, and what to do when they cannot be read."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from warehouse_sync_pulumi.cli.pulumi_cli import find_stack
from warehouse_sync_pulumi.cli.settings import settings_with
from warehouse_sync_pulumi.config import NAMESPACE, Settings
from warehouse_sync_pulumi.errors import WarehouseSyncError

from .finding import Finding, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from warehouse_sync_pulumi.cli.pulumi_cli import ConfigValue

__all__ = ["Chosen", "chosen"]


class Chosen(NamedTuple):
    """The stack that counts, its settings, and those of them that are secret."""

    finding: Finding
    settings: Settings
    secrets: frozenset[str] = frozenset()


def chosen(name: str | None) -> Chosen:
    """The named stack, or the one selected in this folder's project, or none."""
    try:
        stack = find_stack(name)
        config = {} if stack is None else stack.config()
    except WarehouseSyncError as error:
        said = str(error).strip().splitlines()[0]
        return Chosen(
            Finding("stack", said, "`pulumi stack ls` names those that there are", Where.SETTINGS), Settings()
        )
    found = "none selected: the environment alone counts" if stack is None else name or "the selected one"
    return Chosen(Finding("stack", found), settings_with(config), frozenset(_secrets(config)))


def _secrets(config: Mapping[str, ConfigValue]) -> Iterator[str]:
    """The values that were stored as secrets, in every spelling in which a finding may show them."""
    for key, (text, is_secret) in config.items():
        if is_secret and key.startswith(f"{NAMESPACE}:"):
            yield from (text, text.rstrip("/"))
            with suppress(ValueError):
                yield urlsplit(text).hostname or ""
                yield str(int(text))
