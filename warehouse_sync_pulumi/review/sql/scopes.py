"""Where each part of a query stands: one walk through the tree, which all rules share and no depth can break.

sqlglot has scopes of its own. They cost half as much again as all the rest, and are less often right here: they refuse
two subqueries without aliases, and know no alias of MATCH_RECOGNIZE or PIVOT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlglot import exp

if TYPE_CHECKING:
    from sqlglot.expressions import Expr as Node

__all__ = ["Scope", "Spot", "Within", "argument", "canonical", "canonical_alias", "walk"]


_NODE: type[Node] = getattr(exp, "Expr", exp.Expression)  # its name before version 30


class Within:
    """What a part of a SELECT is wrapped in, as bits: an enum of flags takes ten times as long."""

    NOTHING = 0
    AGGREGATE = 1
    WINDOW = 2
    LAMBDA = 4
    UNKNOWN = 8
    """A function that the parser does not know, and which may be an aggregate."""


_WRAPPERS: dict[type[Node], int] = {
    exp.AggFunc: Within.AGGREGATE,
    exp.WithinGroup: Within.AGGREGATE,
    exp.Filter: Within.AGGREGATE,
    exp.Window: Within.WINDOW,
    exp.Lambda: Within.LAMBDA,
    exp.Anonymous: Within.UNKNOWN,
}
_SCALARS = {"RegrValx", "RegrValy"}
"""What sqlglot takes for aggregates, and Snowflake applies to each row."""
_LEAVES = (exp.Identifier, exp.Literal, exp.Var, exp.DataType, exp.TableAlias, exp.JSONPath)
_KEPT = (exp.Column, exp.AggFunc, exp.Table, exp.With, exp.CTE, exp.Select, exp.SetOperation)


class Spot(NamedTuple):
    """A part of the tree, and where it stands."""

    node: Node
    scope: Scope | None
    """The SELECT that it belongs to; None outside of all."""
    clause: str
    """The clause of that SELECT, as sqlglot calls it: expressions, where, group …"""
    item: Node | None
    """The item of that clause."""
    within: int
    """Bits of `Within`."""


class Scope:
    """A SELECT, with what belongs to it and to no SELECT inside it."""

    def __init__(self, select: exp.Select, parent: Scope | None, *, is_direct: bool) -> None:
        self.select = select
        self.is_correlated: bool = not is_direct or (parent is not None and parent.is_correlated)
        """Whether it may name columns of a SELECT around it."""
        self.columns: list[Spot] = []
        self.aggregates: list[Spot] = []
        self.sources = _sources(select)
        self.names = _names(select, self.sources)
        """What its sources are called; with None among them, where there may be names that are not seen."""
        self.visible: set[str | None] = self.names | parent.visible if parent else self.names
        """Those names, and the ones of the SELECTs around it."""

    def add(self, spot: Spot) -> None:
        """Take in what belongs to this SELECT."""
        if isinstance(spot.node, exp.Column):
            self.columns.append(spot)
        elif isinstance(spot.node, exp.AggFunc):
            self.aggregates.append(spot)


def walk(tree: Node) -> tuple[list[Scope], list[Spot]]:
    """All scopes of a query, and all the spots that rules look at, from the outside to the inside."""
    scopes: list[Scope] = []
    spots: list[Spot] = []
    # With each goes whether nothing but subqueries and UNIONs lies between it and the FROM around it, or the outside.
    pending: list[tuple[Node, Scope | None, str, Node | None, int, bool]] = [(tree, None, "", None, 0, True)]
    while pending:
        node, scope, clause, item, within, is_direct = pending.pop()
        kind = _KINDS[type(node)]
        if kind.is_kept:
            spots.append(spot := Spot(node, scope, clause, item, within))
            if scope is not None:
                scope.add(spot)
        select = node if isinstance(node, exp.Select) else None
        if select is not None:
            scope, within = Scope(select, scope, is_direct=is_direct), Within.NOTHING
            scopes.append(scope)
        within |= kind.wraps
        below = []
        for key, child in _children(node) if kind.has_children else ():
            if select is not None:
                clause, item = key.rstrip("_"), child
            is_open = (is_direct and kind.passes) or (kind.opens and key == "this") or isinstance(child, exp.With)
            below.append((child, scope, clause, item, within, is_open))
        pending += reversed(below)
    return scopes, spots


def _children(node: Node) -> list[tuple[str, Node]]:
    return [
        (key, child)
        for key, value in node.args.items()
        if value
        for child in (value if isinstance(value, list) else (value,))
        if not _KINDS[type(child)].is_leaf
    ]


class _Kind(NamedTuple):
    """What the walk has to know of a class."""

    is_leaf: bool
    is_kept: bool
    has_children: bool
    wraps: int
    passes: bool
    opens: bool


class _Kinds(dict[Any, _Kind]):
    def __missing__(self, kind: type) -> _Kind:
        is_scalar = kind.__name__ in _SCALARS
        wraps = (within for wrapper, within in _WRAPPERS.items() if issubclass(kind, wrapper) and not is_scalar)
        self[kind] = _Kind(
            is_leaf=not issubclass(kind, _NODE) or issubclass(kind, _LEAVES),
            is_kept=issubclass(kind, _KEPT) and not is_scalar,
            has_children=not issubclass(kind, exp.Column),
            wraps=next(wraps, Within.NOTHING),
            passes=issubclass(kind, (exp.Subquery, exp.SetOperation, exp.With, exp.CTE)),
            opens=issubclass(kind, (exp.From, exp.Join)),
        )
        return self[kind]


_KINDS = _Kinds()


def _sources(select: exp.Select) -> list[Node]:
    """What a SELECT reads from: tables, subqueries, functions; in parentheses, too."""
    from_ = argument(select, "from")
    pending: list[Node] = [from_.this] if from_ is not None else []
    pending += [join.this for join in select.args.get("joins") or ()]
    pending += select.args.get("laterals") or ()
    found: list[Node] = []
    while pending:
        source = pending.pop(0)
        if _is_parenthesis(source):
            pending.append(source.this)
        else:
            found.append(source)
        pending += [join.this for join in source.args.get("joins") or ()]
    return found


def _is_parenthesis(source: Node) -> bool:
    """Whether a source is another one, or a join, in parentheses, and no query."""
    return (
        isinstance(source, exp.Subquery)
        and not isinstance(source.this, (exp.Select, exp.SetOperation))
        and not source.args.get("alias")
        and not source.args.get("pivots")
    )


def _names(select: exp.Select, sources: list[Node]) -> set[str | None]:
    names: set[str | None] = set()
    for source in sources:
        name = canonical_alias(source)
        if name is not None or not isinstance(source, exp.Subquery):
            names.add(name)
        if source.args.get("pivots"):
            names.add(None)
    return names | {None} if select.args.get("match") else names  # MATCH_RECOGNIZE


def argument(node: Node, name: str) -> Node | None:
    """A part of a node; from version 28 on, the names of those that are Python's keywords end in an underscore."""
    found: Node | None = node.args.get(f"{name}_") or node.args.get(name)
    return found


def canonical(identifier: Node) -> str:
    """A name as Snowflake keeps it: in capitals unless it is quoted."""
    name: str = identifier.this
    return name if identifier.args.get("quoted") else name.upper()


def canonical_alias(source: Node) -> str | None:
    """What a source is called within its SELECT."""
    alias = source.args.get("alias")
    if isinstance(alias, exp.TableAlias) and isinstance(alias.this, exp.Identifier):
        return canonical(alias.this)
    if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
        return canonical(source.this)
    return None
