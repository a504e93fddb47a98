"""The rules that see in the words of a query what Snowflake will refuse. All of them warn.

They hold for SQL that the parser does not know, and say why it does not. Each looks for what is right nowhere in
Snowflake, so that it says nothing where it is not sure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import TokenType

from .finding import SqlRule
from .lexical import ODD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import Token

    from .query import Check, Hits, Query

__all__ = ["WORD_RULES"]


def unrendered_template(query: Query) -> Hits:
    found = [oddity for oddity in query.oddities if oddity.is_template]
    if found:
        more = f", the first of {len(found)}" if len(found) > 1 else ""
        yield found[0].offset, f"{found[0].text} begins a template that was not rendered{more}"


def odd_character(query: Query) -> Hits:
    told = set()
    for oddity in query.oddities:
        if oddity.is_template or ODD[oddity.text].name in told:
            continue
        name = ODD[oddity.text].name
        told.add(name)
        if oddity.text == "\ufeff" and oddity.offset == 0:
            yield 0, 'the text begins with a byte-order mark: read its file with encoding="utf-8-sig"'
        else:
            yield oddity.offset, f"a {name} (U+{ord(oddity.text):04X}) stands outside of a text"


def unset_variable(query: Query) -> Hits:
    if not query.kinds & {TokenType.PARAMETER, TokenType.COLON, TokenType.PLACEHOLDER}:
        return
    for before, token, after in _triples(query.tokens):
        name = query.text_of(after)
        is_next = after.start == token.end + 1
        if token.token_type is TokenType.PLACEHOLDER:
            yield token.start, "no value is bound to ?"
        elif (
            (token.token_type, token.text) == (TokenType.PARAMETER, "$")
            and is_next
            and not name[0].isdigit()
            and name[0] != "{"
        ):
            yield token.start, f"no session variable ${name} is set"
        elif token.token_type is TokenType.COLON and is_next and before.token_type in _BEFORE_AN_OPERAND:
            yield token.start, f"no value is bound to :{name}"


_BEFORE_AN_OPERAND = {
    TokenType.SELECT,
    TokenType.WHERE,
    TokenType.ON,
    TokenType.HAVING,
    TokenType.AND,
    TokenType.OR,
    TokenType.NOT,
    TokenType.BETWEEN,
    TokenType.LIKE,
    TokenType.ILIKE,
    TokenType.THEN,
    TokenType.ELSE,
    TokenType.LIMIT,
    TokenType.INTO,
    TokenType.COMMA,
    TokenType.L_PAREN,
    TokenType.EQ,
    TokenType.NEQ,
    TokenType.LT,
    TokenType.LTE,
    TokenType.GT,
    TokenType.GTE,
    TokenType.PLUS,
    TokenType.DASH,
    TokenType.STAR,
    TokenType.SLASH,
    TokenType.DPIPE,
}
"""After one of these, a colon begins a variable; after anything else, it may begin a path, or the value of a key."""


def extra_comma(query: Query) -> Hits:
    before = None
    for token in query.tokens:
        if token.token_type is TokenType.COMMA and before is not None and before.token_type in _BEFORE_NO_COMMA:
            yield token.start, f"a comma comes right after {query.text_of(before)}"
        before = token


_BEFORE_NO_COMMA = {TokenType.COMMA, TokenType.L_PAREN, TokenType.SELECT, TokenType.FROM}


def other_dialect(query: Query) -> Hits:
    if not query.kinds & {TokenType.DARROW, TokenType.LIMIT, TokenType.DISTINCT, TokenType.INTO}:
        return
    for before, token, after in _triples(query.tokens):
        kinds = (before.token_type, token.token_type, after.token_type)
        if token.token_type is TokenType.DARROW:
            yield token.start, "->> is not an operator within a query: a path is written src:name"
        elif kinds == (TokenType.LIMIT, TokenType.NUMBER, TokenType.COMMA):
            yield before.start, "LIMIT takes one number: write LIMIT … OFFSET …"
        elif kinds == (TokenType.DISTINCT, TokenType.ON, TokenType.L_PAREN):
            yield before.start, "there is no DISTINCT ON: write QUALIFY ROW_NUMBER() OVER (PARTITION BY …) = 1"
        elif token.token_type is TokenType.INTO and before.text.upper() not in {"INSERT", "MERGE", "COPY", "."}:
            yield token.start, "SELECT … INTO sets variables in a procedure: leave INTO out"


def nested_statement(query: Query) -> Hits:
    if not query.kinds & _BEGIN_STATEMENTS:
        return
    for place, (before, token, after) in enumerate(_triples(query.tokens)):
        if before.token_type is not TokenType.L_PAREN:
            continue
        words = (token.text.upper(), after.text.upper())
        rest = {following.text.upper() for following in query.tokens[place + 1 : place + 8]}
        if words in _STATEMENTS or (words[0] == "UPDATE" and "SET" in rest and words[1] != "("):
            yield token.start, f"{words[0]} stands within a query, which Snowflake will refuse"


_BEGIN_STATEMENTS = {
    TokenType.DELETE,
    TokenType.INSERT,
    TokenType.UPDATE,
    TokenType.MERGE,
    TokenType.TRUNCATE,
    TokenType.CREATE,
    TokenType.ALTER,
    TokenType.DROP,
}
_STATEMENTS = {
    ("DELETE", "FROM"),
    ("INSERT", "INTO"),
    ("INSERT", "OVERWRITE"),
    ("MERGE", "INTO"),
    ("TRUNCATE", "TABLE"),
    ("CREATE", "TABLE"),
    ("ALTER", "TABLE"),
    ("DROP", "TABLE"),
}


def stage(query: Query) -> Hits:
    if TokenType.PARAMETER not in query.kinds:
        return
    for before, token, after in _triples(query.tokens):
        if (token.token_type, token.text) == (TokenType.PARAMETER, "@") and before.token_type in {
            TokenType.FROM,
            TokenType.JOIN,
        }:
            yield token.start, f"@{query.text_of(after)} is a stage, and the service reads tables"


def _is(token: Token, sign: str) -> bool:
    return token.token_type is TokenType.PARAMETER and token.text == sign


def _triples(tokens: list[Token]) -> Iterator[tuple[Token, Token, Token]]:
    """Each token, with the one before and the one after it; at the ends, the token itself."""
    return zip([*tokens[:1], *tokens], tokens, [*tokens[1:], *tokens[-1:]], strict=False)


WORD_RULES: dict[SqlRule, Check] = {
    SqlRule.UNRENDERED_TEMPLATE: unrendered_template,
    SqlRule.UNSET_VARIABLE: unset_variable,
    SqlRule.ODD_CHARACTER: odd_character,
    SqlRule.EXTRA_COMMA: extra_comma,
    SqlRule.OTHER_DIALECT: other_dialect,
    SqlRule.NESTED_STATEMENT: nested_statement,
    SqlRule.STAGE: stage,
}
