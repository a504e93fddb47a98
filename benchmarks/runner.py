"""Runs the operations of all programs in turn, so that what slows the machine down slows all of them."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.plan import INSTANT, TOGETHER, resources
from benchmarks.results import Results, Sample
from benchmarks.service import emulator
from benchmarks.stack import OPERATIONS, Stack

if TYPE_CHECKING:
    from benchmarks.plan import Plan
    from benchmarks.service import Latency, Service

__all__ = ["run"]

_STORM = "storm"


def run(plan: Plan, file: Path) -> Results:
    """Measure all of a plan; what is measured so far is in the file, should something go wrong."""
    with tempfile.TemporaryDirectory() as folder, emulator() as service:
        runner = _Runner(plan, Path(folder), service)
        if plan.is_judged:
            runner.lives(1, INSTANT, rounds=1)  # Python compiles what it imports for the first time
            runner.samples.clear()
        for (size, latency), rounds in plan.rounds.items():
            runner.lives(size, latency, rounds)
            Results(runner.samples).save(file)
        if plan.together:
            runner.together()
        if plan.storm_size:
            runner.storm()
        results = Results(runner.samples)
        results.save(file)
        return results


class _Runner:
    def __init__(self, plan: Plan, folder: Path, service: Service) -> None:
        self.samples: list[Sample] = []
        self._plan = plan
        self._folder = folder
        self._service = service
        self._stacks = 0

    def lives(self, size: int, latency: Latency, rounds: int) -> None:
        """Run each program's stack through its whole life, one operation of each in turn."""
        for number in range(rounds):
            self._service.reset()
            self._service.be(latency)
            programs = self._plan.programs
            stacks = {program: self._stack(program, resources(size, self._plan.kinds)) for program in programs}
            for operation in OPERATIONS:
                # Who goes first changes, lest one program always find the machine as the same other one left it.
                for program in programs if number % 2 else reversed(programs):
                    self._measure(stacks[program], program, size, latency.name, operation)
        self._service.be(INSTANT)

    def together(self) -> None:
        """Create connections that take their time, as many at once as there are, beside the floor's."""
        size = self._plan.together
        for _ in range(3 if self._plan.is_judged else 1):
            self._service.reset()
            self._service.switch(connection_seconds=self._plan.slow_create)
            for program in (name for name in self._plan.programs if name != "plain"):
                stack = self._stack(program, {"connection": size})
                self._measure(stack, program, size, TOGETHER, "up", "--parallel", str(size))
        self._service.switch(connection_seconds=0)

    def storm(self) -> None:
        """Create data models while the service refuses what is too much for it."""
        self._service.reset()
        self._service.switch(rate_limit=self._plan.storm)
        stack = self._stack("ours", {"data_model": self._plan.storm_size})
        self._measure(stack, "ours", self._plan.storm_size, _STORM, "up")
        self._service.switch(rate_limit=None)

    def _stack(self, program: str, counts: dict[str, int]) -> Stack:
        self._stacks += 1
        return Stack(self._folder / str(self._stacks), program, counts, self._service)

    def _measure(self, stack: Stack, program: str, size: int, service: str, operation: str, *options: str) -> None:
        measured = stack.measure(operation, *options)
        self.samples.append(Sample(program, size, service, operation, measured))
        line = f"{service} {size} {operation:18} {program:8} {measured.seconds:7.2f} s {measured.requests:5} requests"
        print(line, file=sys.stderr, flush=True)
