"""The queries of the tables beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

__all__ = ["Case", "cases"]


class Case(NamedTuple):
    title: str
    verdict: str
    query: str


def cases(table: str) -> list[Case]:
    """A table's cases, in order."""
    _, *texts = (Path(__file__).parent / f"{table}.queries").read_text().split("\n### ")
    found = []
    for text in texts:
        title, verdict, query = text.split("\n", 2)
        found.append(Case(title, verdict.removeprefix("--> "), query.rstrip("\n")))
    return found
