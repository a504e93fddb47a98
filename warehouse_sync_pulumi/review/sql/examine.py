"""The rules, applied to a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .finding import Finding, SqlRule
from .query import Query, UnreadableError
from .statement_rules import STATEMENT_RULES
from .tree_rules import TREE_RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .query import Check

__all__ = ["examine"]


def examine(text: str, load_timestamp: str | None, ignored: frozenset[SqlRule]) -> Iterable[Finding]:
    """All that is found in a query, in the order of its text: errors alone, where there are any."""
    query = Query(text, load_timestamp)
    found: list[Finding] = []
    try:
        found += _apply(STATEMENT_RULES, query, ignored)
        errors = [finding for finding in found if finding.rule.is_error]
        if errors:
            found = errors
        elif query.statements:
            found += _apply(TREE_RULES, query, ignored)
    except UnreadableError as error:
        found += _not_understood(query, str(error), error.offset, ignored)
    except Exception as error:  # noqa: BLE001 - a defect in the parser, or in a rule that warns, must stop no deployment
        found += _not_understood(query, f"{type(error).__name__} while it was examined", 0, ignored)
    return sorted(found, key=lambda finding: (finding.line, finding.column))


def _not_understood(query: Query, why: str, offset: int, ignored: frozenset[SqlRule]) -> Iterator[Finding]:
    if SqlRule.NOT_UNDERSTOOD not in ignored:
        yield Finding(SqlRule.NOT_UNDERSTOOD, f"the query is not understood: {why}", *query.place(offset))


def _apply(rules: Mapping[SqlRule, Check], query: Query, ignored: frozenset[SqlRule]) -> Iterator[Finding]:
    for rule, check in rules.items():
        if rule not in ignored:
            for offset, message in check(query):
                yield Finding(rule, message, *query.place(offset))
