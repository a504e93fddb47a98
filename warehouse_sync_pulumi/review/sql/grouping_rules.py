"""The rules of aggregates and of GROUP BY."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import TokenType, exp

from .finding import SqlRule
from .scopes import Within, canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlglot.expressions import Expr as Node

    from .query import Check, Hits, Query
    from .scopes import Scope, Spot

__all__ = ["GROUPING_RULES"]

_NO_COLUMNS = {"NEXTVAL", "LEVEL", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "CURRENT_USER", "LOCALTIME"}
"""What looks like a column and is none, for the parser or for older ones."""
_PARTS_OF_DATES = {"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"}


def aggregate_without_group_by(query: Query) -> Hits:
    for scope in query.scopes:
        if scope.select.args.get("group") or not _aggregates(scope, "expressions"):
            continue
        names = _aliases(scope.select)
        for spot in _bare_columns(scope):
            if names.get(canonical(spot.node.this), spot.item) is spot.item or spot.node.args.get("table"):
                yield (
                    query.offset(spot.node),
                    f"{spot.node.name} is beside an aggregate, and there is no GROUP BY",
                )
                break


def not_grouped(query: Query) -> Hits:
    for scope in query.scopes:
        grouped = _grouped(query, scope)
        if grouped is None:
            continue
        names, items = grouped
        aliases = _aliases(scope.select)
        for spot in _bare_columns(scope):
            name = canonical(spot.node.this)
            if name not in names and id(spot.item) not in items and aliases.get(name, spot.item) is spot.item:
                yield query.offset(spot.node), f"{spot.node.name} is neither grouped by nor in an aggregate"
                break


def _grouped(query: Query, scope: Scope) -> tuple[set[str], set[int]] | None:
    """What a SELECT is grouped by: the names of columns, and items of its own; None where that is not all seen."""
    select = scope.select
    group = select.args.get("group")
    if group is None or group.args.get("all") or query.results.of(select) is None:
        return None
    items: set[int] = set()
    for part in group.expressions:
        if isinstance(part, exp.Literal):
            if not part.name.isdecimal() or not 1 <= int(part.name) <= len(select.expressions):
                return None
            items.add(id(select.expressions[int(part.name) - 1]))
        elif not isinstance(part, exp.Column) and part.find(exp.Query, exp.Parameter, exp.Placeholder, exp.Star):
            return None
    aliases = _aliases(select)
    names = _names(scope, lambda spot: spot.clause == "group")
    items |= {id(aliases[name]) for name in names & aliases.keys()}
    return names | _names(scope, lambda spot: id(spot.item) in items), items


def _names(scope: Scope, is_wanted: Callable[[Spot], bool]) -> set[str]:
    return {
        canonical(spot.node.this)
        for spot in scope.columns
        if is_wanted(spot) and isinstance(spot.node.this, exp.Identifier)
    }


def _aliases(select: exp.Select) -> dict[str, Node]:
    """The names that a SELECT gives to what it shows: elsewhere in it, they may stand for that."""
    return {
        canonical(item.args["alias"]): item
        for item in select.expressions
        if isinstance(item.args.get("alias"), exp.Identifier)
    }


def _aggregates(scope: Scope, clause: str) -> list[Spot]:
    return [spot for spot in scope.aggregates if spot.clause == clause and not spot.within & Within.WINDOW]


def _bare_columns(scope: Scope) -> Iterator[Spot]:
    """The columns that a SELECT shows as they are in its source: what may be an aggregate or no column is left out."""
    for spot in scope.columns:
        column = spot.node
        if spot.clause != "expressions" or spot.within or not isinstance(column.this, exp.Identifier):
            continue
        qualifier = column.args.get("table")
        name = column.name.upper()
        if name in _NO_COLUMNS or (qualifier is None and name in _PARTS_OF_DATES):
            continue
        # In a subquery, a column may be of the SELECT around it, and so the same in all rows.
        if not scope.is_correlated or (qualifier is not None and canonical(qualifier) in scope.names):
            yield spot


def aggregate_in_where(query: Query) -> Hits:
    for scope in query.scopes:
        if scope.is_correlated:  # it may aggregate columns of the SELECT around it
            continue
        wrapped = Within.LAMBDA | Within.UNKNOWN
        if any(not spot.within & wrapped for spot in _aggregates(scope, "where")):
            where = query.last_before(query.offset(scope.select.args["where"]), TokenType.WHERE)
            yield where, "an aggregate in WHERE: use HAVING"


GROUPING_RULES: dict[SqlRule, Check] = {
    SqlRule.AGGREGATE_WITHOUT_GROUP_BY: aggregate_without_group_by,
    SqlRule.NOT_GROUPED: not_grouped,
    SqlRule.AGGREGATE_IN_WHERE: aggregate_in_where,
}
