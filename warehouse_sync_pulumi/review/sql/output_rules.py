"""The rules of what a query results in: its columns, their number and their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import TokenType, exp

from .finding import SqlRule
from .identities import IDENTITIES
from .outputs import is_star

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot.expressions import Expr as Node

    from .query import Check, Hits, Query

__all__ = ["OUTPUT_RULES"]

_MOST_COLUMNS = 100


def no_columns(query: Query) -> Hits:
    for select in query.all(exp.Select):
        if not select.expressions:
            yield query.last_before(query.offset(select), TokenType.SELECT), "this SELECT names no column"


def load_timestamp(query: Query) -> Hits:
    wanted = query.load_timestamp
    if wanted is None or not query.outputs:
        return
    name = wanted.strip().strip('"')
    if name.upper() not in {(output.name or "").upper() for output in query.outputs}:
        yield query.offset(query.outputs[0].node), f"no column is called {name}, the load timestamp, on which to filter"


def union_width(query: Query) -> Hits:
    for operation in query.all(exp.SetOperation):
        first, second = query.results.of(operation.this), query.results.of(operation.expression)
        if operation.args.get("by_name") or not first or not second or len(first) == len(second):
            continue
        yield (
            query.offset(second[0].node),
            f"{_columns(len(second))} in this SELECT, and {len(first)} in the one above it",
        )


def position_out_of_range(query: Query) -> Hits:
    for node in query.results.queries:
        columns = query.results.of(node)
        for position, clause in _positions(node) if columns else ():
            if not 1 <= int(position.name) <= len(columns or ()):
                yield (
                    query.offset(position),
                    f"{clause} {position.name}: there is no such column among the {_columns(len(columns or ()))}",
                )


def _positions(query: Node) -> Iterator[tuple[exp.Literal, str]]:
    for key, clause in (("order", "ORDER BY"), ("group", "GROUP BY")):
        part = query.args.get(key)
        for item in part.expressions if part is not None else ():
            literal = item.this if isinstance(item, exp.Ordered) else item
            if isinstance(literal, exp.Literal) and not literal.is_string and literal.name.isdecimal():
                yield literal, clause


def _columns(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"


def select_star(query: Query) -> Hits:
    for select in query.branches:
        for node in select.expressions:
            if is_star(node) and query.results.of_star(select, node) is None:
                yield query.offset(node), "* makes a user attribute of every column, those too that are added later"


def too_many_columns(query: Query) -> Hits:
    if query.outputs is not None and len(query.outputs) > _MOST_COLUMNS:
        first = query.outputs[_MOST_COLUMNS].node
        yield query.offset(first), f"{len(query.outputs)} columns, and the service takes {_MOST_COLUMNS} at most"


def duplicate_column(query: Query) -> Hits:
    seen = set()
    for output in query.outputs or ():
        if output.name in seen:
            yield query.offset(output.node), f"a second column is called {output.name}"
        if output.name is not None:
            seen.add(output.name)


def no_identity(query: Query) -> Hits:
    if query.outputs and not any((output.name or "").lower() in IDENTITIES for output in query.outputs):
        yield query.offset(query.outputs[0].node), "no column names an identity, such as email or customer_id"


OUTPUT_RULES: dict[SqlRule, Check] = {
    SqlRule.NO_COLUMNS: no_columns,
    SqlRule.LOAD_TIMESTAMP: load_timestamp,
    SqlRule.UNION_WIDTH: union_width,
    SqlRule.POSITION_OUT_OF_RANGE: position_out_of_range,
    SqlRule.SELECT_STAR: select_star,
    SqlRule.TOO_MANY_COLUMNS: too_many_columns,
    SqlRule.DUPLICATE_COLUMN: duplicate_column,
    SqlRule.NO_IDENTITY: no_identity,
}
