"""What is run: how many resources of which kinds, against how slow a service, how often."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.service import Latency
from benchmarks.stack import PROGRAMS

__all__ = ["INSTANT", "KINDS", "SLOW", "TOGETHER", "Plan", "full", "resources", "short"]

INSTANT = Latency("instant", request=0.0, token=0.0)
SLOW = Latency("slow", request=0.05, token=1.0)
TOGETHER = "together"
"""In place of a service's name: creates that take their time, as many at once as there are."""
KINDS = ("mixed", "connection", "data_model")


class Plan(NamedTuple):
    """What one run of the benchmark measures."""

    rounds: dict[tuple[int, Latency], int]
    """How often each operation is measured, for each number of resources and each service."""
    programs: tuple[str, ...]
    """Which programs, of `PROGRAMS`."""
    kinds: str
    """Of which kinds the resources are, one of `KINDS`."""
    together: int
    """How many connections are created at once to see whether they are."""
    slow_create: float
    """Seconds that each of these takes."""
    storm: tuple[int, float]
    """A number of requests, and the seconds in which the service takes no more."""
    storm_size: int
    """How many resources are created in the storm."""
    is_judged: bool
    """Whether its times mean something."""


def full(kinds: str) -> Plan:
    """All that docs/performance.md shows."""
    rounds = {(size, INSTANT): count for size, count in ((1, 3), (10, 5), (100, 5), (500, 3))}
    rounds |= {(size, SLOW): count for size, count in ((1, 1), (10, 1), (100, 2), (500, 1))}
    return Plan(rounds, PROGRAMS, kinds, together=32, slow_create=2.0, storm=(20, 1.0), storm_size=100, is_judged=True)


def short(kinds: str) -> Plan:
    """As little as shows that all of it works."""
    rounds = {(3, INSTANT): 1, (3, SLOW): 1}
    return Plan(rounds, PROGRAMS, kinds, together=4, slow_create=0.5, storm=(4, 0.5), storm_size=10, is_judged=False)


def resources(size: int, kinds: str) -> dict[str, int]:
    """How many resources of each kind; mixed, they are a connection, and a pipeline for almost every data model."""
    if kinds != "mixed":
        return {kinds: size}
    return {"connection": 1, "data_model": size // 2, "pipeline": size - 1 - size // 2}
