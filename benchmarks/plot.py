# ruff: noqa: RUF001 - a multiplication sign is meant
"""The plot: how many times the floor each operation takes, as an SVG for light and dark pages."""

from __future__ import annotations

from html import escape
from math import log10
from typing import TYPE_CHECKING

from benchmarks.goals import seconds
from benchmarks.plan import INSTANT, SLOW
from benchmarks.stack import OPERATIONS, PROGRAMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.results import Results

__all__ = ["plot"]

_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 760, 150, 110, 26, 64
_STYLE = """
text { font-family: system-ui, sans-serif; font-size: 13px; fill: #24292f }
.title { font-weight: 600 }
.quiet { fill: #57606a; font-size: 12px }
line { stroke: #d0d7de }
.floor { fill: #8c959f; stroke: #8c959f }
.ours { fill: #0969da; stroke: #0969da }
.packaged { fill: #8250df; stroke: #8250df }
.plain { fill: #bc4c00; stroke: #bc4c00 }
text.ours { stroke: none }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .quiet { fill: #9198a1 }
  line { stroke: #3d444d }
  .ours { fill: #4493f8; stroke: #4493f8 }
  .packaged { fill: #a371f7; stroke: #a371f7 }
  .plain { fill: #f0883e; stroke: #f0883e }
}
"""
_TICKS = (1, 2, 5, 10, 20, 50, 100, 200)


def plot(results: Results) -> str:
    """A row for each operation, a panel for each service, at the largest number of resources that both have."""
    titles = {INSTANT.name: "the service answers at once", SLOW.name: "50 ms a request, 1 s a token"}
    panels = {service: title for service, title in titles.items() if results.sizes(service)}
    size = min(max(results.sizes(service)) for service in panels)
    found = {
        (service, operation, program): ratio
        for service in panels
        for operation in OPERATIONS
        for program in PROGRAMS
        if (ratio := results.ratio(seconds, (program, "floor"), size, service, operation)) is not None
    }
    most = next((tick for tick in _TICKS[1:] if tick >= max(found.values())), _TICKS[-1])
    panel_height = _ROW * (len(OPERATIONS) + 1) + 30
    height = _TOP + panel_height * len(panels)

    def x(ratio: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * log10(max(ratio, 0.9)) / log10(most)

    def panel(top: float, service: str, title: str) -> Iterator[str]:
        yield _text(0, top, title, "title")
        bottom = top + _ROW * len(OPERATIONS) + 14
        for tick in (tick for tick in _TICKS if tick <= most):
            yield f'<line x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{top + 12}" y2="{bottom}"/>'
            yield _text(x(tick), bottom + 16, f"{tick}×", "quiet", "middle")
        for row, operation in enumerate(OPERATIONS, 1):
            y = top + row * _ROW
            yield _text(0, y + 4, operation)
            ratios = {program: found.get((service, operation, program)) for program in reversed(PROGRAMS)}
            at = {program: x(ratio) for program, ratio in ratios.items() if ratio is not None}
            yield f'<line x1="{min(at.values()):.1f}" x2="{max(at.values()):.1f}" y1="{y}" y2="{y}"/>'
            for program, place in at.items():
                yield f'<circle class="{program}" cx="{place:.1f}" cy="{y}" r="5"/>'
            if (plain := ratios["plain"]) is not None:
                yield _text(max(at.values()) + 10, y + 4, f"{plain:.1f}×", "quiet")
            if (ours := ratios["ours"]) is not None:
                yield _text(_WIDTH - 8, y + 4, f"{ours:.2f}×", "ours", "end")

    body = [
        _text(0, 16, f"Time of an operation on {size} resources, in times of the floor (logarithmic)", "title"),
        *_legend(40),
    ]
    for number, (service, title) in enumerate(panels.items()):
        body += panel(_TOP + 16 + number * panel_height, service, title)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 0 {_WIDTH + 8} {height}" role="img">'
    return "\n".join([head, f"<style>{_STYLE}</style>", *body, "</svg>"]) + "\n"


def _legend(y: int) -> Iterator[str]:
    names = {
        "floor": "nothing: the floor",
        "ours": "this provider",
        "packaged": "packaged",
        "plain": "a plain provider",
    }
    place = 5
    for program, name in names.items():
        yield f'<circle class="{program}" cx="{place}" cy="{y - 4}" r="5"/>'
        yield _text(place + 12, y, name)
        place += 32 + 7 * len(name)


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'
