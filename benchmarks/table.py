"""The figures as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.goals import goals, seconds
from benchmarks.plan import INSTANT, SLOW
from benchmarks.stack import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.plan import Plan
    from benchmarks.results import Results

__all__ = ["goal_table", "tables"]

_HEAD = (
    "resources",
    "operation",
    "floor, s",
    "ours, s",
    "plain, s",
    "ours / floor",
    "processor time, ours / floor",
    "requests, ours",
    "requests, plain",
    "memory, floor, MiB",
    "memory, ours, MiB",
    "memory, plain, MiB",
    "state, floor, B",
    "state, ours, B",
    "state, plain, B",
)


def goal_table(results: Results, plan: Plan) -> str:
    """Each goal beside what was measured."""
    rows = (
        (
            goal.text,
            f"{'≤ ' if goal.bound else ''}{goal.bound:g} {goal.unit}".strip(),
            _number(goal.measured, 2),
            "reached" if goal.measured <= goal.bound else "**missed**",
        )
        for goal in goals(results, plan)
        if goal.measured is not None
    )
    if not plan.is_judged:
        return _markdown(("figure", "measured"), ((text, measured) for text, _, measured, _ in rows))
    return _markdown(("figure", "goal", "measured", ""), rows)


def tables(results: Results) -> str:
    """Everything that was measured, a table for each service."""
    titles = {INSTANT: "An instant service", SLOW: "50 ms a request, 1 s a token"}
    return "\n\n".join(
        f"### {title}\n\n{_markdown(_HEAD, _rows(results, latency.name))}" for latency, title in titles.items()
    )


def _rows(results: Results, service: str) -> Iterable[tuple[str, ...]]:
    for size in results.sizes(service):
        for operation in OPERATIONS:
            where = (size, service, operation)
            yield (
                str(size),
                operation,
                *(_number(results.median(seconds, name, *where), 2) for name in ("floor", "ours", "plain")),
                _number(results.ratio(seconds, ("ours", "floor"), *where), 2),
                _number(results.ratio(lambda m: m.cpu, ("ours", "floor"), *where), 2),
                *(_number(results.median(lambda m: m.requests, name, *where), 0) for name in ("ours", "plain")),
                *(_number(results.median(lambda m: m.memory, name, *where), 0) for name in ("floor", "ours", "plain")),
                *(_number(results.median(lambda m: m.state, name, *where), 0) for name in ("floor", "ours", "plain")),
            )


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
