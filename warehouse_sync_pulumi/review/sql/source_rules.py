"""The rules of what a query reads from. Like all that need the query's tree, they warn.

The parser is not Snowflake's, and what it sees may be wrong: so each rule says nothing where it is not sure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import TokenType, exp

from .finding import SqlRule
from .scopes import Within, canonical

if TYPE_CHECKING:
    from .query import Check, Hits, Query
    from .scopes import Spot

__all__ = ["SOURCE_RULES"]


def nested_with(query: Query) -> Hits:
    for node in query.all(exp.With):
        if node.parent is not query.tree:
            yield (
                query.last_before(query.offset(node), TokenType.WITH),
                "WITH in a subquery: the service supports no WITH, and may refuse it here too",
            )


def unqualified_table(query: Query) -> Hits:
    local = {canonical(cte.args["alias"].this) for cte in query.all(exp.CTE) if cte.args.get("alias")}
    for table in query.all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.args.get("catalog"):
            continue
        is_bare = not table.args.get("db")
        if is_bare and canonical(table.this) in local | {"DUAL"}:
            continue
        name = f"{table.args['db'].name}.{table.name}" if not is_bare else table.name
        yield query.offset(table), f"{name} may not be found: name the table in full, database.schema.name"


def undefined_alias(query: Query) -> Hits:
    for scope in query.scopes:
        if None in scope.visible:
            continue
        for spot in scope.columns:
            qualifier = spot.node.args.get("table")
            if not isinstance(qualifier, exp.Identifier) or canonical(qualifier) in scope.visible:
                continue
            if not _may_be_no_column(spot):
                yield query.offset(spot.node), f"{qualifier.name} is not a table or alias of the FROM clause"


def _may_be_no_column(spot: Spot) -> bool:
    """Whether it may be a sequence, or an object that a table function is given."""
    is_argument = spot.clause in {"from", "joins", "laterals"} and spot.within & Within.UNKNOWN
    return bool(is_argument) or spot.node.name.upper() == "NEXTVAL"


SOURCE_RULES: dict[SqlRule, Check] = {
    SqlRule.NESTED_WITH: nested_with,
    SqlRule.UNQUALIFIED_TABLE: unqualified_table,
    SqlRule.UNDEFINED_ALIAS: undefined_alias,
}
