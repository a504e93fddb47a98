"""Registers the fixtures `warehouse_sync` and `warehouse_sync_stack`."""

from __future__ import annotations

pytest_plugins = ["warehouse_sync_pulumi.testing"]
