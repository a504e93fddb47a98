"""The table of docs/review.md."""

from __future__ import annotations

from warehouse_sync_pulumi import SqlRule

from .tables import DOCS, replaced, table

__all__ = ["PAGE", "rewritten"]

PAGE = DOCS / "review.md"


def rewritten(page: str) -> str:
    """The page with its table as the code has it now."""
    rows = [(f"`{r.value}`", "**error**" if r.is_error else "warning", r.reason, r.source) for r in SqlRule]
    return replaced(page, {"rules": table(("rule", "finds", "why", "source"), rows)})
