"""Tables in Markdown, and the places in a page where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["DOCS", "replaced", "table"]

DOCS = Path(__file__).parents[2] / "docs"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table."""
    cells = [head, ["---"] * len(head), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return [f"| {' | '.join(row)} |" for row in cells]


def replaced(page: str, parts: Mapping[str, Sequence[str]]) -> str:
    """The page with each part, given as lines, between its two comments."""
    for name, lines in parts.items():
        begin, end = f"<!-- {name}: written by `make reference` -->", f"<!-- end of {name} -->"
        before, found, rest = page.partition(begin)
        _, found_end, after = rest.partition(end)
        if not (found and found_end) or re.search(re.escape(begin), after):
            raise ValueError(f"the page needs one place for {name}: {begin} and {end}")
        page = "\n".join([before + begin, *lines, end]) + after
    return page
