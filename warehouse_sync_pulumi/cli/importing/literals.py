"""Values as a person would write them in Python, so that evaluating them gives exactly the same values.

The results are as `ruff format` and `black` would have them.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["literal"]

_WIDTH = 76
"""Characters of a string in a line, so that the line stays within the formatters' 88."""


def literal(value: Any, *, indent: str = "") -> str:
    """A value's text; where it takes several lines, those within parentheses are indented by `indent` and four more."""
    if not isinstance(value, str):
        return repr(value)
    if "\n" in value:
        return _triple_quoted(value)
    pieces = _pieces(value)
    if len(indent) + len(value) <= _WIDTH or len(pieces) == 1:
        return _quoted(value)
    lines = [f"{indent}    {_quoted(piece)}\n" for piece in pieces]
    return f"(\n{''.join(lines)}{indent})"


def _pieces(text: str) -> list[str]:
    """The text in lines, broken after white space."""
    pieces = [""]
    for word in re.findall(r"\S*\s*", text):
        if pieces[-1] and len(pieces[-1]) + len(word.rstrip()) > _WIDTH:
            pieces.append("")
        pieces[-1] += word
    return pieces


def _quoted(text: str) -> str:
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(f"\\{quote}" if char == quote else _escaped(char) for char in text) + quote


def _triple_quoted(text: str) -> str:
    body = "".join(char if char in "\n\t" else _escaped(char) for char in text)
    # Editors strip white space at the end of a line; here it is part of the value.
    body = re.sub(r"[ \t](?=\n|\Z)", lambda match: {" ": "\\x20", "\t": "\\t"}[match[0]], body)
    body = re.sub(r'"{3,}|"+\Z', lambda match: '\\"' * len(match[0]), body)
    return f'"""\\\n{body}"""'


def _escaped(char: str) -> str:
    """A character that can be seen as it is, any other by its number."""
    if char == "\\":
        return "\\\\"
    return char if char.isprintable() else char.encode("unicode_escape").decode()
