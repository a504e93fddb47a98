"""What a warehouse does for the emulator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

__all__ = ["BadQueryError", "Extraction", "UnreachableError", "Warehouse"]


class UnreachableError(Exception):
    """The warehouse account could not be reached with what a connection says: the API's 505 [page]."""


class BadQueryError(Exception):
    """The warehouse refuses a query; the message is the database's own."""


@dataclass(frozen=True)
class Extraction:
    """What a run extracted: a number of rows, or the reason why it failed."""

    records: int | None = None
    failure: str | None = None


class Warehouse(Protocol):
    """A warehouse; every method may be called from several threads at once."""

    def check(self, connection: Mapping[str, Any]) -> None:
        """Log in as a connection would; raises UnreachableError."""

    def columns(self, data_model: Mapping[str, Any]) -> list[str]:
        """Prepare a data model's query and name its columns; raises BadQueryError."""

    def count(self, data_model: Mapping[str, Any], start: datetime, end: datetime) -> int:
        """Extract the rows whose load timestamp lies in an interval; raises BadQueryError."""

    def close(self) -> None:
        """Let go of the database."""
