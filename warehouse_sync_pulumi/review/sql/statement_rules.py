"""The rules that the words of a query decide. They hold for SQL that the parser does not know, so errors are safe here.

What is an error is what every reader of SQL can see: nothing there, a second statement, another first word than SELECT.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import TokenType

from .finding import SqlRule

if TYPE_CHECKING:
    from .query import Check, Hits, Query

__all__ = ["STATEMENT_RULES"]


def empty(query: Query) -> Hits:
    if not query.statements:
        yield 0, "the query is empty"


def several_statements(query: Query) -> Hits:
    for statement in query.statements[1:2]:
        yield statement[0].start, f"there are {len(query.statements)} statements, and there may be one"


def not_a_select(query: Query) -> Hits:
    if query.statements and query.head.token_type not in (TokenType.SELECT, TokenType.WITH):
        start = query.head.start
        template = next((odd.text for odd in query.oddities if odd.is_template and odd.offset == start), None)
        begins = f"{template}, a template that was not rendered" if template else query.text_of(query.head)
        yield start, f"this is not a SELECT: it begins with {begins}"


def with_(query: Query) -> Hits:
    if query.statements and query.head.token_type is TokenType.WITH:
        yield query.head.start, "the query begins with WITH, which the service does not support: use a subquery in FROM"


def trailing_semicolon(query: Query) -> Hits:
    for statement in query.statements[:1]:
        if statement[-1].token_type is TokenType.SEMICOLON:
            yield (
                statement[-1].start,
                "a semicolon at the end breaks the query that the service wraps around this",
            )


def trailing_comment(query: Query) -> Hits:
    if not query.statements:
        return
    end = query.statements[-1][-1].end + 1
    rest = re.sub(r"/\*.*?\*/", lambda comment: " " * len(comment[0]), query.text[end:], flags=re.DOTALL)
    comment = re.search(r"(--|//)[^\n]*\Z", rest)
    if comment is not None:
        yield end + comment.start(), "a comment on the last line hides what the service puts after the query"


STATEMENT_RULES: dict[SqlRule, Check] = {
    SqlRule.EMPTY: empty,
    SqlRule.SEVERAL_STATEMENTS: several_statements,
    SqlRule.NOT_A_SELECT: not_a_select,
    SqlRule.WITH: with_,
    SqlRule.TRAILING_SEMICOLON: trailing_semicolon,
    SqlRule.TRAILING_COMMENT: trailing_comment,
}
