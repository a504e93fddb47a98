"""The figures as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.goals import cpu, goals, seconds
from benchmarks.plan import INSTANT, SLOW, TOGETHER
from benchmarks.stack import OPERATIONS, PROGRAMS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.plan import Plan
    from benchmarks.results import Results

__all__ = ["goal_table", "tables"]

_TIMES = (
    "resources",
    "operation",
    "floor, s",
    "ours, s",
    "packaged, s",
    "plain, s",
    "ours / floor",
    "packaged / floor",
    "processor time, ours / floor",
    "processor time, packaged / floor",
    "requests, ours",
    "requests, plain",
)
_CREATES = ("creates", *(f"{program}, s" for program in PROGRAMS))
_SIZES = (
    "resources",
    *(f"memory, {program}, MiB" for program in PROGRAMS),
    *(f"state, {program}, bytes" for program in PROGRAMS),
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


def tables(results: Results, plan: Plan) -> str:
    """Everything that was measured."""
    titles = {INSTANT: "An instant service", SLOW: "50 ms a request, 1 s a token"}
    parts = [
        f"### {title}\n\n{_markdown(_TIMES, _times(results, latency.name))}"
        for latency, title in titles.items()
        if results.sizes(latency.name)
    ]
    if results.sizes(TOGETHER):
        parts.append(f"### Creates at once, of {plan.slow_create:g} s\n\n{_markdown(_CREATES, _creates(results))}")
    return "\n\n".join([*parts, f"### Memory and state\n\n{_markdown(_SIZES, _sizes(results))}"])


def _times(results: Results, service: str) -> Iterable[tuple[str, ...]]:
    for size in results.sizes(service):
        for operation in OPERATIONS:
            where = (size, service, operation)
            yield (
                str(size),
                operation,
                *(_number(results.median(seconds, program, *where), 2) for program in PROGRAMS),
                *(_number(results.ratio(seconds, (name, "floor"), *where), 2) for name in ("ours", "packaged")),
                *(_number(results.ratio(cpu, (name, "floor"), *where), 2) for name in ("ours", "packaged")),
                *(_number(results.median(lambda m: m.requests, program, *where), 0) for program in ("ours", "plain")),
            )


def _creates(results: Results) -> Iterable[tuple[str, ...]]:
    for size in results.sizes(TOGETHER):
        yield str(size), *(_number(results.median(seconds, program, size, TOGETHER, "up"), 2) for program in PROGRAMS)


def _sizes(results: Results) -> Iterable[tuple[str, ...]]:
    """The peak of an update, which needs most; the state as an `up` leaves it."""
    for size in results.sizes(INSTANT.name):
        where = (size, INSTANT.name)
        yield (
            str(size),
            *(_number(results.median(lambda m: m.memory, program, *where, "update"), 0) for program in PROGRAMS),
            *(_number(results.median(lambda m: m.state, program, *where, "up"), 0) for program in PROGRAMS),
        )


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
