"""The columns of a query's result, and of each query within it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from .scopes import canonical, canonical_alias

if TYPE_CHECKING:
    from sqlglot.expressions import Expr as Node

    from .scopes import Scope, Spot

__all__ = ["Output", "Outputs", "is_star", "unwrapped"]


class Output(NamedTuple):
    """A column of a query's result."""

    name: str | None
    """As Snowflake keeps it; None of an expression without a name of its own."""
    node: Node


class Outputs:
    """The columns of each SELECT and each UNION: None where they are not all listed by name."""

    def __init__(self, scopes: list[Scope], spots: list[Spot]) -> None:
        self._sources = {id(scope.select): scope.sources for scope in scopes}
        self._known: dict[int, list[Output] | None] = {}
        self.queries = [spot.node for spot in spots if isinstance(spot.node, (exp.Select, exp.SetOperation))]
        """All SELECTs and UNIONs, from the outside to the inside."""
        for query in reversed(self.queries):  # whatever a query reads is known by then
            is_select = isinstance(query, exp.Select)
            self._known[id(query)] = self._of_select(query) if is_select else self._of_set_operation(query)

    def of(self, query: Node | None) -> list[Output] | None:
        """The columns of a query, whatever parentheses are around it."""
        return self._known.get(id(unwrapped(query)))

    def of_star(self, select: Node, star: Node) -> list[Output] | None:
        """What a `*` stands for where everything that it takes from is a subquery whose columns are listed by name."""
        plain = star.this if isinstance(star, exp.Column) else star
        if not isinstance(plain, exp.Star) or any(plain.args.values()) or select.args.get("exclude"):
            return None  # EXCLUDE, RENAME and their like
        if any(join.args.get("using") or join.args.get("method") for join in select.args.get("joins") or ()):
            return None  # columns are merged
        sources = self._sources[id(select)]
        if isinstance(star, exp.Column):
            sources = [source for source in sources if canonical_alias(source) == canonical(star.args["table"])]
        found: list[Output] = []
        for source in sources:
            if not isinstance(source, exp.Subquery) or source.args.get("pivots") or source.alias_column_names:
                return None
            hidden = self.of(source.this)
            if hidden is None:
                return None
            found += (Output(output.name, star) for output in hidden)
        return None if select.args.get("match") else found or None

    def _of_select(self, select: Node) -> list[Output] | None:
        found: list[Output] = []
        for node in select.expressions:
            hidden = self.of_star(select, node) if is_star(node) else [Output(_name(node), node)]
            if hidden is None or isinstance(node, exp.Aliases):
                return None
            found += hidden
        return found

    def _of_set_operation(self, operation: Node) -> list[Output] | None:
        first, second = self.of(operation.this), self.of(operation.expression)
        if first is None or not operation.args.get("by_name"):
            return first
        if second is None or any(output.name is None for output in first + second):
            return None
        names = {output.name for output in first}
        return first + [output for output in second if output.name not in names]


def unwrapped(query: Node | None) -> Node | None:
    """A query without the parentheses around it."""
    while isinstance(query, (exp.Subquery, exp.Paren)):
        query = query.this
    return query


def is_star(node: Node) -> bool:
    """Whether a part of a SELECT stands for columns; older parsers read `* ILIKE '…'` as a comparison."""
    while isinstance(node, exp.Binary):
        node = node.this
    return isinstance(node, exp.Star) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star))


def _name(node: Node) -> str | None:
    if isinstance(node, exp.Alias) and isinstance(node.args.get("alias"), exp.Identifier):
        return canonical(node.args["alias"])
    if isinstance(node, exp.Column) and isinstance(node.this, exp.Identifier):
        return canonical(node.this)
    return None
