"""The queries with verdicts that a preview is held to: tests apply them, and a table of docs/ counts them.

A case is a title after `###`, its verdict after `-->`, and the query up to the next title. A verdict is `fine`, or the
rules that find something, each at line:column; or `silent` and why, of a query that cannot work and is not told. The
load timestamp is called updated_at.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

__all__ = ["BROKEN", "RULES", "VALID", "Case"]

_FOLDER = Path(__file__).parents[1] / "tests" / "review" / "sql"


class Case(NamedTuple):
    """A query, and what is to be said of it."""

    title: str
    verdict: str
    query: str

    @property
    def kind(self) -> str:
        """What several cases have in common."""
        return self.title.partition(": ")[0]

    @property
    def silence(self) -> str:
        """Why nothing is said of a query that cannot work; empty of any other."""
        return self.verdict.removeprefix("silent: ") if self.verdict.startswith("silent: ") else ""

    @property
    def rules(self) -> list[str]:
        """The rules that find something."""
        found = () if self.silence or self.verdict == "fine" else self.verdict.split(", ")
        return [place.partition(" ")[0] for place in found]


def _cases(name: str) -> list[Case]:
    _, *texts = (_FOLDER / f"{name}.queries").read_text(encoding="utf-8").split("\n### ")
    parts = [text.split("\n", 2) for text in texts]
    return [Case(title, verdict.removeprefix("--> "), query.rstrip("\n")) for title, verdict, query in parts]


RULES = _cases("rules")
"""What each rule says, right and wrong."""
VALID = _cases("valid")
"""What Snowflake runs."""
BROKEN = _cases("broken")
"""What cannot work."""
