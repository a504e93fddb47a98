"""One line of `warehouse-sync doctor`."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from warehouse_sync_pulumi.redaction import hide

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Finding", "Where"]


class Where(Enum):
    """Where something is wrong; its value is the command's exit code."""

    MACHINE = 1
    SETTINGS = 2
    SERVICE = 3


class Finding(NamedTuple):
    """What was looked at, and what there is."""

    subject: str
    said: str
    advice: str = ""
    """What to do; empty where all is well."""
    fault: Where | None = None
    """Where the fault is; None for what is well, and for a mere warning."""

    def without(self, secrets: Iterable[str]) -> Finding:
        """The same without these secrets."""
        known = list(secrets)
        return self._replace(said=hide(self.said, known), advice=hide(self.advice, known))

    @property
    def mark(self) -> str:
        """In one word."""
        return "fault" if self.fault else "warning" if self.advice else "ok"
