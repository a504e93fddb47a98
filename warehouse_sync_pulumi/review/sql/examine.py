"""The rules, applied to a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .finding import Finding, SqlRule
from .grouping_rules import GROUPING_RULES
from .output_rules import OUTPUT_RULES
from .parsing import UnreadableError
from .query import Query
from .source_rules import SOURCE_RULES
from .statement_rules import STATEMENT_RULES
from .word_rules import WORD_RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .query import Check

__all__ = ["examine"]

TREE_RULES: dict[SqlRule, Check] = {**SOURCE_RULES, **OUTPUT_RULES, **GROUPING_RULES}


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
            found += _apply(WORD_RULES, query, ignored)
            found += _apply_to_tree(query, ignored, is_explained=any(finding.rule in WORD_RULES for finding in found))
    except UnreadableError as error:
        found += _not_understood(query, str(error), error.offset, ignored)
    return sorted(found, key=lambda finding: (finding.line, finding.column))


def _apply_to_tree(query: Query, ignored: frozenset[SqlRule], *, is_explained: bool) -> list[Finding]:
    if query.is_template:
        return []  # what it will say is not known
    try:
        _ = query.tree
    except UnreadableError:
        if is_explained:
            return []
        raise
    return list(_apply(TREE_RULES, query, ignored))


def _apply(rules: Mapping[SqlRule, Check], query: Query, ignored: frozenset[SqlRule]) -> Iterator[Finding]:
    for rule, check in rules.items():
        if rule in ignored:
            continue
        try:
            for offset, message in check(query):
                yield Finding(rule, message, *query.place(offset))
        except UnreadableError:
            raise
        except Exception as error:  # noqa: BLE001 - a defect in a rule that warns must stop no deployment
            why = f"a defect in this package ({type(error).__name__}) stopped the rule {rule.value}: please report it"
            yield from _not_understood(query, why, 0, ignored)


def _not_understood(query: Query, why: str, offset: int, ignored: frozenset[SqlRule]) -> Iterator[Finding]:
    if SqlRule.NOT_UNDERSTOOD not in ignored:
        yield Finding(SqlRule.NOT_UNDERSTOOD, why, *query.place(offset))
