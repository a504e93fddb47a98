"""Pages of Markdown, taken apart."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).parents[2]


class Block(NamedTuple):
    """A block of code in a page."""

    language: str
    file: str
    """The file that the line above names; that of the block before, where there is none between them."""
    text: str


def blocks(page: str) -> list[Block]:
    """The blocks of a page, in order."""
    found, file, at = [], "", 0
    for match in re.finditer(r"^```(\w*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        names = re.findall(r"^`([^`\n]+)`:$", page[at : match.start()], re.MULTILINE)
        file, at = (names[-1] if names else file), match.end()
        found.append(Block(match[1], file, match[2]))
    return found
