"""The parser: how sqlglot is asked for a tree, however deep, and what is said where it has none."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from sqlglot import TokenType, exp
from sqlglot.dialects.snowflake import Snowflake
from sqlglot.errors import ParseError, TokenError

from .lexical import open_end

if TYPE_CHECKING:
    from sqlglot import Token
    from sqlglot.expressions import Expr as Node
    from sqlglot.parser import Parser

__all__ = ["UnreadableError", "parse", "tokenize"]

T = TypeVar("T")

_SNOWFLAKE = Snowflake()
_SNOWFLAKE.STRICT_JSON_PATH_SYNTAX = False  # it would log each path that it does not know, for the user to read

_LEVELS_PER_STACK = 16
"""Levels of nesting that are parsed on one stack. A level takes some 25 of Python's frames, of which it allows 1000."""
_DEEPEST = 2000
"""Levels that are read: a parenthesis is one of them, a subquery up to four."""
_ATTEMPTS = 10
"""How often, on average, a token may be looked at. The parser tries one reading after the other, and where such choices
are nested, their number doubles with each level."""

_OPEN = {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE}
_CLOSE = {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE}


class UnreadableError(Exception):
    """The parser does not know this SQL; `offset` is where it gave up, where that is known."""

    def __init__(self, why: str, offset: int = 0) -> None:
        super().__init__(f"the query is not understood{why}")
        self.offset = offset


def tokenize(text: str) -> list[Token]:
    """The words of a text. Raises UnreadableError."""
    try:
        return _SNOWFLAKE.tokenize(text)
    except TokenError:
        what, offset = open_end(text) or ("", 0)
        raise UnreadableError(f": a {what} does not end" if what else "", offset) from None


def parse(tokens: list[Token], text: str) -> Node:
    """The tree of a query. Raises UnreadableError."""
    start = tokens[0].start
    if len(tokens) > _DEEPEST and _nesting(tokens) > _DEEPEST:
        raise UnreadableError(": it is nested too deeply", start)
    try:
        tree = _parser(len(tokens)).parse(tokens, text)[0]
    except ParseError as error:
        raise _unreadable(error, text) from None
    except UnreadableError:
        raise
    except Exception:  # noqa: BLE001 - a defect of the parser, which must stop no deployment
        raise UnreadableError("", start) from None
    if not isinstance(tree, exp.Query):
        raise UnreadableError(": it is read as something other than a query", start)
    return tree


def _parser(size: int) -> Parser:
    try:
        deep = _DeepParser(dialect=_SNOWFLAKE)
    except TypeError:
        # sqlglot in its compiled form lets no class inherit, and reads queries of some hundred levels by itself.
        return _SNOWFLAKE.parser()
    deep.attempts = _ATTEMPTS * (size + 100)
    parser: Parser = deep
    return parser


_Base: Any = Snowflake.parser_class


class _DeepParser(_Base):  # type: ignore[misc]  # its class is found at run time
    """Goes on in a new thread, and so on a new stack, when it is some levels deeper.

    The parser calls itself for each level, and Python allows a thread 1000 frames. To raise that limit would raise it
    for all threads of a process that is not ours alone, and could crash it.
    """

    __slots__ = ("attempts", "level")

    def reset(self) -> None:
        super().reset()
        self.level = 0

    def _parse_unary(self) -> Any:  # all expressions pass here
        return self._one_level_deeper(super()._parse_unary)

    def _parse_select(self, *args: Any, **kwargs: Any) -> Any:  # and all queries
        return self._one_level_deeper(super()._parse_select, *args, **kwargs)

    def _parse_table(self, *args: Any, **kwargs: Any) -> Any:  # and all that they read from
        return self._one_level_deeper(super()._parse_table, *args, **kwargs)

    def _warn_unsupported(self) -> None:
        """Say nothing in a log: whoever reads a preview knows no parser."""

    def _one_level_deeper(self, parse: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        self.level += 1
        self.attempts -= 1
        if self.level > _DEEPEST:
            raise UnreadableError(": it is nested too deeply")
        if self.attempts < 0:
            raise UnreadableError(": there are too many ways to read it")
        try:
            if self.level % _LEVELS_PER_STACK:
                return parse(*args, **kwargs)
            with ThreadPoolExecutor(max_workers=1) as thread:
                return thread.submit(parse, *args, **kwargs).result()
        finally:
            self.level -= 1


def _nesting(tokens: list[Token]) -> int:
    deepest = level = 0
    for token in tokens:
        if token.token_type in _OPEN:
            level += 1
            deepest = max(deepest, level)
        elif token.token_type in _CLOSE:
            level -= 1
    return deepest


def _unreadable(error: ParseError, text: str) -> UnreadableError:
    """In our own words: the parser's speak of its inside."""
    detail: dict[str, Any] = error.errors[0] if error.errors else {}
    highlight = str(detail.get("highlight") or "")
    line, end = int(detail.get("line") or 1), int(detail.get("col") or 1)  # of the last character at fault
    before = sum(len(earlier) + 1 for earlier in text.split("\n")[: line - 1])
    expected = re.fullmatch(r"Expect(?:ing|ed) ([^\w\s])", str(detail.get("description")))
    word = highlight[:30]
    if not word.strip():
        why = ": it ends too early"
    elif expected:
        why = f" at {word!r}, where {expected[1]} is expected"
    else:
        why = f" from {word!r} on"
    return UnreadableError(why, before + max(0, end - max(1, len(highlight))))
