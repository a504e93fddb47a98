"""A picture of a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.terminal import Piece

__all__ = ["svg"]

_WIDE, _HIGH, _MARGIN = 8, 18, 16
"""Of one character, and around all of them."""
_STYLES = {
    "red": "fill: #ff7b72",
    "green": "fill: #7ee787",
    "yellow": "fill: #e3b341",
    "blue": "fill: #79c0ff",
    "magenta": "fill: #d2a8ff",
    "cyan": "fill: #76e3ea",
    "bold": "font-weight: bold",
    "dim": "opacity: 0.6",
}


def svg(title: str, lines: Sequence[Sequence[Piece]]) -> str:
    """The lines, each piece in its place whatever font there is."""
    columns = max((piece.column + len(piece.text) for line in lines for piece in line), default=0)
    width, height = columns * _WIDE + 2 * _MARGIN, len(lines) * _HIGH + 2 * _MARGIN
    styles = "\n".join(f".{name} {{ {rule} }}" for name, rule in _STYLES.items())
    texts = "\n".join(
        _text(part, _MARGIN + (number + 0.75) * _HIGH)
        for number, line in enumerate(lines)
        for piece in line
        for part in _parts(piece)
    )
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f"""<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">
<title>{escape(title)}</title>
<style>
text {{ font: 13.3px ui-monospace, Menlo, Consolas, monospace; fill: #e6edf3 }}
{styles}
</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
{texts}
</svg>
"""


def _parts(piece: Piece) -> Iterator[Piece]:
    """What stands between blanks of more than one column, each in its own place."""
    for part in re.finditer(r"\S+(?: \S+)*", piece.text):
        yield piece._replace(column=piece.column + part.start(), text=part[0])


def _text(piece: Piece, y: float) -> str:
    style = f' class="{piece.style}"' if piece.style else ""
    place = f'x="{_MARGIN + piece.column * _WIDE}" y="{y:g}" textLength="{len(piece.text) * _WIDE}"'
    return f"<text {place}{style}>{escape(piece.text)}</text>"
