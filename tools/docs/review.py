"""The tables of docs/review.md."""

from __future__ import annotations

from collections.abc import Iterator

from tools.queries import BROKEN, VALID
from warehouse_sync_pulumi import SqlRule

from .tables import DOCS, replaced, table

__all__ = ["PAGE", "rewritten"]

PAGE = DOCS / "review.md"


def rewritten(page: str) -> str:
    """The page with its tables as the code and the queries have them now."""
    rows = [(f"`{r.value}`", "**error**" if r.is_error else "warning", r.reason, r.source) for r in SqlRule]
    rules = table(("rule", "finds", "why", "source"), rows)
    return replaced(page, {"rules": rules, "broken queries": list(_broken())})


def _broken() -> Iterator[str]:
    told = sum(not case.silence for case in BROKEN)
    yield f"Of {len(BROKEN)} queries that cannot work, the rules find {told}."
    yield f"Of {len(VALID)} that Snowflake runs, they refuse none, and say of none that it does not run."
    yield ""
    kinds = dict.fromkeys(case.kind for case in BROKEN)
    yield from table(("what is wrong", "found", "by", "not found, and why"), [_row(kind) for kind in kinds])


def _row(kind: str) -> tuple[str, str, str, str]:
    cases = [case for case in BROKEN if case.kind == kind]
    told = [case for case in cases if not case.silence]
    rules = dict.fromkeys(f"`{rule}`" for case in told for rule in case.rules)
    silent = (
        f"{case.title.partition(': ')[2]} ({case.silence})" if ": " in case.title else case.silence
        for case in cases
        if case.silence
    )
    return kind, f"{len(told)} of {len(cases)}", ", ".join(rules), "; ".join(silent)
