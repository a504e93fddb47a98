"""The database behind connections, data models and runs."""

from __future__ import annotations

from .duckdb_warehouse import SAMPLE_ACCOUNT, Account, DuckWarehouse, open_warehouse
from .protocol import BadQueryError, Extraction, UnreachableError, Warehouse

__all__ = [
    "SAMPLE_ACCOUNT",
    "Account",
    "BadQueryError",
    "DuckWarehouse",
    "Extraction",
    "UnreachableError",
    "Warehouse",
    "open_warehouse",
]
