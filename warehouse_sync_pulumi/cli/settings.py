"""The settings that a command works with: those of the program's stack, where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse_sync_pulumi.config import NAMESPACE, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse_sync_pulumi.cli.pulumi_cli import ConfigValue, Stack

__all__ = ["settings_of", "settings_with"]


def settings_of(stack: Stack | None) -> Settings:
    """The settings that the provider would find in a stack."""
    return settings_with({} if stack is None else stack.config())


def settings_with(config: Mapping[str, ConfigValue]) -> Settings:
    """The settings that the provider would find in a stack of this configuration."""

    def configured(key: str) -> str | None:
        value = config.get(f"{NAMESPACE}:{key}")
        return None if value is None else value.text

    return Settings(configured)
