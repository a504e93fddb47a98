"""A query as the rules see it. The only place that knows what sqlglot calls things; the rules know its tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from sqlglot import TokenType, exp
from sqlglot.dialects.snowflake import Snowflake
from sqlglot.errors import ParseError, TokenError

if TYPE_CHECKING:
    from sqlglot import Token
    from sqlglot.expressions import Expr as Node

__all__ = [
    "Check",
    "Hits",
    "Output",
    "Query",
    "UnreadableError",
    "argument",
    "canonical",
    "canonical_alias",
    "is_star",
    "outputs_of_star",
    "sources_of",
]

N = TypeVar("N", bound="Node")
Hits = Iterator[tuple[int, str]]
"""What a rule finds: offsets into the text, each with what is the matter there."""
Check = Callable[["Query"], Hits]

_SNOWFLAKE = Snowflake()


class UnreadableError(Exception):
    """The parser does not know this SQL; `offset` is where it gave up, where that is known."""

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


class Output(NamedTuple):
    """A column of a query's result."""

    name: str | None
    """As Snowflake keeps it; None of an expression without a name of its own."""
    node: Node


class Query:
    """A query's text, its tokens and its tree, each made when it is first asked for."""

    def __init__(self, text: str, load_timestamp: str | None) -> None:
        self.text = text
        self.load_timestamp = load_timestamp

    @cached_property
    def statements(self) -> list[list[Token]]:
        """The tokens of each statement; a semicolon belongs to the one before it. Raises UnreadableError."""
        try:
            tokens = _SNOWFLAKE.tokenize(self.text)
        except TokenError:
            raise UnreadableError("a string, a quoted name or a comment in it does not end") from None
        statements: list[list[Token]] = []
        is_open = False
        for token in tokens:
            is_end = token.token_type is TokenType.SEMICOLON
            if is_open:
                statements[-1].append(token)
            elif not is_end:
                statements.append([token])
            is_open = not is_end and bool(statements)
        return statements

    @cached_property
    def head(self) -> Token:
        """The word that says what the first statement is: parentheses around it say nothing."""
        tokens = self.statements[0]
        return next((token for token in tokens if token.token_type is not TokenType.L_PAREN), tokens[0])

    @cached_property
    def tree(self) -> Node:
        """The first statement. Raises UnreadableError."""
        tokens = self.statements[0]
        if tokens[-1].token_type is TokenType.SEMICOLON:
            tokens = tokens[:-1]
        try:
            tree = _SNOWFLAKE.parser().parse(tokens, self.text)[0]
        except ParseError as error:
            raise self._unreadable(error) from None
        if not isinstance(tree, exp.Query):
            raise UnreadableError("it is read as something other than a query", self.head.start)
        return tree

    def _unreadable(self, error: ParseError) -> UnreadableError:
        detail: dict[str, Any] = error.errors[0] if error.errors else {}
        description, highlight = str(detail.get("description") or error), str(detail.get("highlight") or "")
        line, end = int(detail.get("line") or 1), int(detail.get("col") or 1)  # of the last character at fault
        before = sum(len(text) + 1 for text in self.text.split("\n")[: line - 1])
        near = f" near {highlight!r}" if highlight.strip() else ""
        return UnreadableError(f"{description.rstrip('.')}{near}", before + max(0, end - max(1, len(highlight))))

    @cached_property
    def branches(self) -> list[exp.Select]:
        """The outermost SELECTs: one, or those that a UNION and its like join."""
        return list(_branches(self.tree))

    @cached_property
    def outputs(self) -> list[Output] | None:
        """The columns of the result; None where they are not all listed by name."""
        return outputs_of(self.tree)

    def all(self, kind: type[N]) -> list[N]:
        """The nodes of a kind in the tree, in the order of the text: it is walked once for all rules."""
        return [node for node in self._nodes if isinstance(node, kind)]

    @cached_property
    def _nodes(self) -> list[Node]:
        return list(self.tree.walk(bfs=False))

    def text_of(self, token: Token) -> str:
        """A token as it is written."""
        return self.text[token.start : token.end + 1]

    def offset(self, node: Node) -> int:
        """Where a part of the tree begins in the text."""
        starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
        return min(starts, default=self.head.start)

    def last_before(self, offset: int, kind: TokenType) -> int:
        """Where the last token of a kind begins before an offset: words such as WITH have no place in the tree."""
        tokens = (token for statement in self.statements for token in statement)
        return max(
            (token.start for token in tokens if token.token_type is kind and token.start < offset), default=offset
        )

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1."""
        before = self.text[:offset]
        return before.count("\n") + 1, offset - before.rfind("\n")


def argument(node: Node, name: str) -> Any:
    """A part of a node; from version 28 on, the names of those that are Python's keywords end in an underscore."""
    return node.args.get(f"{name}_") or node.args.get(name)


def canonical(identifier: Node) -> str:
    """A name as Snowflake keeps it: in capitals unless it is quoted."""
    name = identifier.name
    return name if identifier.args.get("quoted") else name.upper()


def sources_of(select: exp.Select) -> list[Node]:
    """What a SELECT reads from: tables, subqueries, functions."""
    from_ = argument(select, "from")
    found = [from_.this] if from_ is not None else []
    found += [join.this for join in select.args.get("joins") or ()]
    found += select.args.get("laterals") or ()
    for source in list(found):
        found += [join.this for join in source.args.get("joins") or ()]
    return found


def outputs_of(tree: Node) -> list[Output] | None:
    """The columns of a query's result; None where a `*` over a table, or the like, hides them."""
    select = next(_branches(tree), None)
    if select is None:
        return None
    found: list[Output] = []
    for node in select.expressions:
        hidden = outputs_of_star(select, node) if is_star(node) else [Output(_name(node), node)]
        if hidden is None or isinstance(node, exp.Aliases):
            return None
        found += hidden
    return found


def is_star(node: Node) -> bool:
    """Whether a part of a SELECT stands for columns; older parsers read `* ILIKE '…'` as a comparison."""
    return node.is_star or (isinstance(node, exp.Binary) and is_star(node.this))


def outputs_of_star(select: exp.Select, star: Node) -> list[Output] | None:
    """What a `*` stands for where everything that it takes from is a subquery whose columns are listed by name."""
    plain = star.this if isinstance(star, exp.Column) else star
    if not isinstance(plain, exp.Star) or any(plain.args.values()):
        return None  # EXCLUDE, RENAME and their like
    if any(join.args.get("using") or join.args.get("method") for join in select.args.get("joins") or ()):
        return None  # columns are merged
    sources = sources_of(select)
    if isinstance(star, exp.Column):
        sources = [source for source in sources if canonical_alias(source) == canonical(star.args["table"])]
    found: list[Output] = []
    for source in sources:
        if not isinstance(source, exp.Subquery) or source.args.get("pivots") or source.alias_column_names:
            return None
        hidden = outputs_of(source.this)
        if hidden is None:
            return None
        found += (Output(output.name, star) for output in hidden)
    return found or None


def canonical_alias(source: Node) -> str | None:
    """What a source is called within its SELECT."""
    alias = source.args.get("alias")
    if isinstance(alias, exp.TableAlias) and isinstance(alias.this, exp.Identifier):
        return canonical(alias.this)
    if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
        return canonical(source.this)
    return None


def _branches(tree: Node) -> Iterator[exp.Select]:
    if isinstance(tree, exp.Select):
        yield tree
    elif isinstance(tree, exp.SetOperation):
        yield from _branches(tree.this)
        yield from _branches(tree.expression)
    elif isinstance(tree, (exp.Subquery, exp.Paren)):
        yield from _branches(tree.this)


def _name(node: Node) -> str | None:
    if isinstance(node, exp.Alias) and isinstance(node.args.get("alias"), exp.Identifier):
        return canonical(node.args["alias"])
    if isinstance(node, exp.Column) and isinstance(node.this, exp.Identifier):
        return canonical(node.this)
    return None
