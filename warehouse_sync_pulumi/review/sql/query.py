"""A query as the rules see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from sqlglot import TokenType, exp

from .lexical import oddities, readable
from .outputs import Outputs, unwrapped
from .parsing import parse, tokenize
from .scopes import walk

if TYPE_CHECKING:
    from sqlglot import Token
    from sqlglot.expressions import Expr as Node

    from .outputs import Output
    from .scopes import Scope, Spot

__all__ = ["Check", "Hits", "Query"]

N = TypeVar("N", bound="Node")
Hits = Iterator[tuple[int, str]]
"""What a rule finds: offsets into the text, each with what is the matter there."""
Check = Callable[["Query"], Hits]


class Query:
    """A query's text, its tokens, its tree and what follows from it, each made when it is first asked for."""

    def __init__(self, text: str, load_timestamp: str | None) -> None:
        self.load_timestamp = load_timestamp
        self.oddities = oddities(text)
        self.text = readable(text, self.oddities) if self.oddities else text

    @property
    def is_template(self) -> bool:
        """Whether what Snowflake gets is not in the text."""
        return any(oddity.is_template for oddity in self.oddities)

    @cached_property
    def tokens(self) -> list[Token]:
        """The words of all statements. Raises UnreadableError."""
        return tokenize(self.text)

    @cached_property
    def kinds(self) -> set[TokenType]:
        """The kinds of words that there are."""
        return {token.token_type for token in self.tokens}

    @cached_property
    def statements(self) -> list[list[Token]]:
        """The tokens of each statement; a semicolon belongs to the one before it. Raises UnreadableError."""
        statements: list[list[Token]] = []
        is_open = False
        for token in self.tokens:
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
        return parse(tokens[:-1] if tokens[-1].token_type is TokenType.SEMICOLON else tokens, self.text)

    @cached_property
    def _walked(self) -> tuple[list[Scope], list[Spot]]:
        return walk(self.tree)

    @property
    def scopes(self) -> list[Scope]:
        """Every SELECT, from the outside to the inside."""
        return self._walked[0]

    def all(self, kind: type[N]) -> list[N]:
        """The nodes of one of the kinds that rules look at, from the outside to the inside."""
        return [spot.node for spot in self._walked[1] if isinstance(spot.node, kind)]

    @cached_property
    def results(self) -> Outputs:
        """The columns of every query within this one."""
        return Outputs(*self._walked)

    @cached_property
    def outputs(self) -> list[Output] | None:
        """The columns of the result; None where they are not all listed by name."""
        return self.results.of(self.tree)

    @cached_property
    def branches(self) -> list[exp.Select]:
        """The outermost SELECTs: one, or those that a UNION and its like join."""
        found: list[exp.Select] = []
        pending = [self.tree]
        while pending:
            query = unwrapped(pending.pop())
            if isinstance(query, exp.Select):
                found.append(query)
            elif isinstance(query, exp.SetOperation):
                pending += [query.expression, query.this]
        return found

    def text_of(self, token: Token) -> str:
        """A token as it is written."""
        return self.text[token.start : token.end + 1]

    def offset(self, node: Node) -> int:
        """Where a part of the tree begins in the text."""
        starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
        return min(starts, default=self.head.start)

    def last_before(self, offset: int, kind: TokenType) -> int:
        """Where the last token of a kind begins before an offset: words such as WITH have no place in the tree."""
        starts = (token.start for token in self.tokens if token.token_type is kind and token.start < offset)
        return max(starts, default=offset)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1."""
        before = self.text[:offset]
        return before.count("\n") + 1, offset - before.rfind("\n")
