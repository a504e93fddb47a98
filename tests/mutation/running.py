"""Runs the quick tests against mutants: `python running.py NUMBER`.

The tests are collected once. Then a process is forked for each mutant, which changes one function and runs them, the
quick ones first, until one fails.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

# This checkout's package, whichever one is installed.
sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from judged import JUDGED
from mutating import PACKAGE, Mutant, mutants

REPOSITORY = Path(__file__).parents[2]
TESTS = ("tests/lifecycle", "tests/hosts")
SLOW = ("test_properties.py", "test_switches.py")
AT_ONCE = 2
CPU_SECONDS = 60
WALL_SECONDS = 180


class Mutation:
    """A pytest plugin that runs the collected tests once as they are, and once for each mutant."""

    def __init__(self, chosen: Sequence[Mutant]) -> None:
        self.chosen = chosen
        self.survivors: list[Mutant] = []
        self.is_child = False
        self._running: dict[int, Mutant | None] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """In each child, nothing: pytest's own loop goes on. In the parent, all."""
        for mutant in (None, *self.chosen):
            while len(self._running) >= AT_ONCE:
                self._wait()
            pid = os.fork()
            if pid == 0:
                self._become(mutant, session)
                return None
            self._running[pid] = mutant
            if mutant is None:
                self._wait()
        while self._running:
            self._wait()
        return True

    def _become(self, mutant: Mutant | None, session: pytest.Session) -> None:
        self.is_child = True
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        signal.alarm(WALL_SECONDS)
        if mutant is None:
            return
        topic = Path(mutant.module).stem.removesuffix("s")
        session.items.sort(key=lambda item: (item.path.name in SLOW, topic not in item.path.name))
        if mutant.name in JUDGED.get(mutant.module, {}):
            session.items[:] = [item for item in session.items if item.path.name not in SLOW]
        mutant.apply()

    def _wait(self) -> None:
        pid, status = os.waitpid(-1, 0)
        mutant = self._running.pop(pid)
        passed = os.waitstatus_to_exitcode(status) == 0
        if mutant is None and not passed:
            raise RuntimeError("the tests fail without any mutant")
        if mutant is not None and passed:
            self.survivors.append(mutant)
            print(f"{mutant.module}:{mutant.line} survives: {mutant.name}", file=sys.stderr)  # noqa: T201 - it takes long


def sample(number: int) -> list[Mutant]:
    """So many mutants, always the same of the same code."""
    paths = [path for room in ("lifecycle", "engine") for path in sorted((PACKAGE / room).glob("*.py"))]
    every = [mutant for path in paths if path.name != "sdk.py" for mutant in mutants(path)]
    return sorted(every, key=lambda mutant: mutant.rank)[:number]


def main() -> None:
    """Print what became of the mutants, as JSON."""
    chosen = sample(int(sys.argv[1]))
    plugin = Mutation(chosen)
    os.chdir(REPOSITORY)
    options = ["-x", "-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist"]
    code = pytest.main([*options, *TESTS], plugins=[plugin])
    if plugin.is_child:
        os._exit(code)
    if code == pytest.ExitCode.INTERNAL_ERROR:  # the tests fail without any mutant: nothing is known of the mutants
        sys.exit(code)
    answer = {"tried": chosen, "survived": plugin.survivors}
    print(json.dumps({key: [(m.module, m.name) for m in found] for key, found in answer.items()}))  # noqa: T201


if __name__ == "__main__":
    main()
