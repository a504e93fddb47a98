"""The settings that a command works with: those of the program's stack, where there is one."""

from __future__ import annotations

from warehouse_sync_pulumi.cli.pulumi_cli import Stack
from warehouse_sync_pulumi.config import NAMESPACE, Settings

__all__ = ["settings_of"]


def settings_of(stack: Stack | None) -> Settings:
    """The settings that the provider would find in a stack."""
    if stack is None:
        return Settings()
    config = stack.config()
    return Settings(lambda key: config.get(f"{NAMESPACE}:{key}"))
