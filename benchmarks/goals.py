"""The goals, and how near the measured figures come."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from benchmarks.plan import INSTANT, SLOW, TOGETHER

if TYPE_CHECKING:
    from benchmarks.plan import Plan
    from benchmarks.results import Results
    from benchmarks.stack import Measured

__all__ = ["Goal", "goals"]


class Goal(NamedTuple):
    """One goal."""

    text: str
    bound: float
    measured: float | None
    """None where this run did not measure it."""
    unit: str = ""


_FLOOR_BOUNDS = {
    "preview": 1.05,
    "preview, no change": 1.05,
    "up, no change": 1.05,
    "up": 1.15,
    "destroy": 1.15,
    "refresh": 1.10,
}


def seconds(measured: Measured) -> float:
    """Wall time."""
    return measured.seconds


def cpu(measured: Measured) -> float:
    """Processor time."""
    return measured.cpu


def goals(results: Results, plan: Plan) -> list[Goal]:
    """Every goal, for as many resources as this run has nearest to those that the goal names."""
    middle, largest, small = (_nearest(results, size) for size in (100, 500, 10))
    found = [
        Goal(
            f"{operation}, {middle} resources: time, of the floor's",
            bound,
            results.ratio(seconds, ("ours", "floor"), middle, INSTANT.name, operation),
        )
        for operation, bound in _FLOOR_BOUNDS.items()
    ]
    found += [
        Goal(
            f"{operation}: growth from {small} to {largest} resources, of the floor's",
            1.05,
            _growth(results, operation, small, largest),
        )
        for operation in ("up", "refresh", "destroy")
        if small < largest
    ]
    found += [
        Goal(
            f"{operation}, {middle} resources: requests besides {least}",
            0,
            _beyond(results, operation, middle, least),
        )
        for operation, least in (
            ("preview", 0),
            ("preview, no change", 0),
            ("up, no change", 0),
            ("up", middle + 1),
            ("update", middle + 1),
            ("destroy", middle + 1),
            ("refresh", 4),
        )
    ]
    most = results.sizes(SLOW.name)[-1:]
    found += [
        Goal(
            f"refresh, {size} resources, 50 ms a request: time, of the plain provider's",
            0.2,
            results.ratio(seconds, ("ours", "plain"), size, SLOW.name, "refresh"),
        )
        for size in most
    ]
    found.append(
        Goal(
            f"{plan.together} creates of {plan.slow_create:g} s, `--parallel {plan.together}`: time, of one round "
            "and the floor",
            1.25,
            _together(results, plan),
        )
    )
    stormed = results.median(lambda m: m.requests, "ours", plan.storm_size, "storm", "up")
    found += [
        Goal(
            f"up, {plan.storm_size} resources, in a storm of 429s: requests, of those without it",
            1.5,
            None if stormed is None else stormed / (plan.storm_size + 1),
        ),
        Goal(
            "serialised provider of a resource",
            120,
            max((s.measured.provider or 0 for s in results.samples if s.program == "ours"), default=None),
            "characters",
        ),
        Goal("peak memory of the provider's process, above the floor's", 40, _memory(results, largest), "MiB"),
    ]
    return found


def _nearest(results: Results, wanted: int) -> int:
    return min(results.sizes(INSTANT.name), key=lambda size: abs(size - wanted), default=wanted)


def _growth(results: Results, operation: str, small: int, large: int) -> float | None:
    more, less = (results.ratio(seconds, ("ours", "floor"), n, INSTANT.name, operation) for n in (large, small))
    return None if more is None or less is None else more / less


def _beyond(results: Results, operation: str, size: int, least: int) -> float | None:
    requests = results.median(lambda m: m.requests, "ours", size, INSTANT.name, operation)
    return None if requests is None else requests - least


def _together(results: Results, plan: Plan) -> float | None:
    ours, floor = (results.median(seconds, name, plan.together, TOGETHER, "up") for name in ("ours", "floor"))
    return None if ours is None or floor is None else ours / (plan.slow_create + floor)


def _memory(results: Results, size: int) -> float | None:
    ours, floor = (
        [m.memory for op in ("up", "refresh", "update") for m in results.of(name, size, INSTANT.name, op) if m.memory]
        for name in ("ours", "floor")
    )
    return max(ours) - max(floor) if ours and floor else None
