"""What stands outside of texts, quoted names and comments, and Snowflake does not read there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["ODD", "Oddity", "oddities", "open_end", "readable"]


class Odd(NamedTuple):
    """A character that editors, web pages or other databases put into SQL."""

    name: str
    meant: str


ODD = {
    "\ufeff": Odd("byte-order mark", " "),
    "\u00a0": Odd("no-break space", " "),
    "\u202f": Odd("narrow no-break space", " "),
    "\u2007": Odd("figure space", " "),
    "\u2060": Odd("word joiner", " "),
    "\u200b": Odd("zero-width space", " "),
    "\u200c": Odd("zero-width non-joiner", " "),
    "\u200d": Odd("zero-width joiner", " "),
    **dict.fromkeys("\u2018\u2019\u201a\u201b", Odd("typographic quote", "'")),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", Odd("typographic quote", '"')),
    "`": Odd("backquote", '"'),
}

# {{ dbt, {% Jinja, {# its comments, ${ shells and Terraform, <% Snowflake's command line, & its older ones.
_TEMPLATE = r"\{\{|\{%|\{\#|\$\{|<%|&\{|&(?=[A-Za-z_])"
_ODDITY = rf"(?P<template>{_TEMPLATE})|(?P<character>[{''.join(ODD)}])"
_SUSPICION = re.compile(_ODDITY)
_PARTS = rf"""
      (?P<string>'[^'\\]*(?:(?:\\.|'')[^'\\]*)*(?P<string_end>'|\\?\Z))
    | (?P<dollars>\$\$.*?(?P<dollars_end>\$\$|\Z))
    | (?P<name>"[^"]*(?:""[^"]*)*(?P<name_end>"|\Z))
    | (?P<comment>/\*.*?(?P<comment_end>\*/|\Z))
    | --[^\n]* | //[^\n]*
    | {_ODDITY}
"""
_OPEN = {"string": "string", "dollars": "string", "name": "quoted name", "comment": "comment"}


class Oddity(NamedTuple):
    """A character, or the beginning of a template, that has no place in Snowflake's SQL."""

    offset: int
    text: str
    is_template: bool


def oddities(text: str) -> list[Oddity]:
    """All of them, in the order of the text."""
    if _SUSPICION.search(text) is None:
        return []
    return [
        Oddity(match.start(), match[0], match["template"] is not None)
        for match in _parts(text)
        if match["template"] or match["character"]
    ]


def readable(text: str, found: list[Oddity]) -> str:
    """The text with each odd character as it was meant; places stay what they are."""
    characters = list(text)
    for oddity in found:
        if not oddity.is_template:
            characters[oddity.offset] = ODD[oddity.text].meant
    return "".join(characters)


def _parts(text: str) -> Iterator[re.Match[str]]:
    return re.finditer(_PARTS, text, re.VERBOSE | re.DOTALL)  # compiled when it is first needed, which is seldom


def open_end(text: str) -> tuple[str, int] | None:
    """What begins in the text and does not end, and where."""
    for match in _parts(text):
        for group, what in _OPEN.items():
            if match[group] and match[f"{group}_end"] in {"", "\\"}:
                return what, match.start()
    return None
