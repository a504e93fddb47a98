"""The rules that need the query's tree. All of them warn: the parser is not Snowflake's, and what it sees may be wrong.

So each of them says nothing where it is not sure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import TokenType, exp

from .finding import SqlRule
from .identities import IDENTITIES
from .query import canonical, canonical_alias, is_star, outputs_of_star, sources_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeVar

    from sqlglot.expressions import Expr as Node

    from .query import Check, Hits, Query

    N = TypeVar("N", bound=Node)

__all__ = ["TREE_RULES"]

_MOST_COLUMNS = 100


def nested_with(query: Query) -> Hits:
    for node in query.all(exp.With):
        if node.parent is not query.tree:
            yield (
                query.last_before(query.offset(node), TokenType.WITH),
                "WITH in a subquery: the service supports no WITH, and may refuse it here too",
            )


def load_timestamp(query: Query) -> Hits:
    wanted = query.load_timestamp
    if wanted is None or query.outputs is None:
        return
    name = wanted.strip().strip('"')
    if name.upper() not in {(output.name or "").upper() for output in query.outputs}:
        yield query.offset(query.outputs[0].node), f"no column is called {name}, the load timestamp, on which to filter"


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
    names = {id(select): _names(select) for select in query.all(exp.Select)}
    for column in query.all(exp.Column):
        qualifier = column.args.get("table")
        if not isinstance(qualifier, exp.Identifier) or column.name.upper() == "NEXTVAL":
            continue
        known = {name for node in _above(column) for name in names.get(id(node), ())}
        if None not in known and canonical(qualifier) not in known and column.find_ancestor(exp.Lambda) is None:
            yield query.offset(column), f"{qualifier.name} is no table or alias of the FROM clause"


def _names(select: exp.Select) -> set[str | None]:
    """What a SELECT's sources are called; with None among them, where there may be names that are not seen."""
    names: set[str | None] = set()
    for source in sources_of(select):
        name = canonical_alias(source)
        if name is not None or not isinstance(source, exp.Subquery):
            names.add(name)
        if source.args.get("pivots"):
            names.add(None)
    return names | {None} if select.args.get("match") else names  # MATCH_RECOGNIZE


def _above(node: Node) -> Iterator[Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def aggregate_without_group_by(query: Query) -> Hits:
    for select in query.all(exp.Select):
        if select.args.get("group") or not any(_shown(select, exp.AggFunc, hidden_by=(exp.Window, exp.Query))):
            continue
        names = {canonical(part.args["alias"]): part for part in select.expressions if part.alias}
        for part, column in _shown(select, exp.Column, hidden_by=_NO_NEED_TO_GROUP):
            if column.table or names.get(canonical(column.this), part) is part:
                yield query.offset(column), f"{column.name} is beside an aggregate, and there is no GROUP BY"
                break


_NO_NEED_TO_GROUP = (exp.AggFunc, exp.WithinGroup, exp.Anonymous, exp.Window, exp.Query, exp.Star)
"""What a column may stand in beside an aggregate; a function that the parser does not know may be an aggregate."""


def _shown(select: exp.Select, kind: type[N], hidden_by: tuple[type[Node], ...]) -> Iterator[tuple[Node, N]]:
    """The nodes of a kind in what a SELECT shows, each with the column of the result that it is in."""
    for part in select.expressions:
        for node in part.find_all(kind):
            above = node.parent
            while above is not select and not isinstance(above, hidden_by):
                above = above.parent if above is not None else select
            if above is select:
                yield part, node


def select_star(query: Query) -> Hits:
    for select in query.branches:
        for node in select.expressions:
            if is_star(node) and outputs_of_star(select, node) is None:
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
    if query.outputs is not None and not any((output.name or "").lower() in IDENTITIES for output in query.outputs):
        yield query.offset(query.outputs[0].node), "no column names an identity, such as email or customer_id"


TREE_RULES: dict[SqlRule, Check] = {
    SqlRule.NESTED_WITH: nested_with,
    SqlRule.LOAD_TIMESTAMP: load_timestamp,
    SqlRule.UNQUALIFIED_TABLE: unqualified_table,
    SqlRule.UNDEFINED_ALIAS: undefined_alias,
    SqlRule.AGGREGATE_WITHOUT_GROUP_BY: aggregate_without_group_by,
    SqlRule.SELECT_STAR: select_star,
    SqlRule.TOO_MANY_COLUMNS: too_many_columns,
    SqlRule.DUPLICATE_COLUMN: duplicate_column,
    SqlRule.NO_IDENTITY: no_identity,
}
