"""A `pulumi` command that is killed on the way, with the processes below it. Only these are ever signalled."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path


def command_line(pid):
    """What a process runs; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def children(pid):
    """The processes below one, to any depth."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found, level = [], [pid]
    while level:
        level = [child for child, parent in parents.items() if parent in level]
        found += level
    return found


def environment_of(stack):
    """That of a stack's commands, but that their Python processes are their own: who is killed is killed at once."""
    return {name: value for name, value in stack.environment.items() if name != "FORKING_SERVER"}


class Command:
    """A `pulumi` command, running."""

    def __init__(self, stack, log: Path, arguments, **environment) -> None:
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                ["pulumi", *arguments, "--non-interactive", "--color=never"],
                cwd=stack.folder,
                env=environment_of(stack) | environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._known = {}

    @property
    def is_running(self):
        return self._process.poll() is None

    @property
    def output(self):
        return self._log.read_text(errors="replace")

    def look(self):
        """Note which processes there are: one whose parent is killed has no parent to be found by."""
        self._known.update((pid, command_line(pid)) for pid in children(self._process.pid))

    def providers(self):
        """The processes that serve the provider."""
        self.look()
        found = [
            pid
            for pid, line in self._known.items()
            if any(name in line for name in ("pulumi.dynamic", "resource-pulumi-py", "resource-warehouse-sync"))
        ]
        assert found, self._known
        return found

    def kill(self, victim):
        """kill -9 of the `cli`, of the `provider`, or of `both` at once."""
        providers = self.providers()
        for pid in [self._process.pid] * (victim != "provider") + providers * (victim != "cli"):
            os.kill(pid, signal.SIGKILL)
        return self.wait()

    def signal(self, number):
        self.look()
        os.kill(self._process.pid, number)

    def wait(self, timeout=120):
        return self._process.wait(timeout)

    def says(self, text, timeout=60):
        """Block until this was printed."""
        until = time.monotonic() + timeout
        while text not in self.output:
            assert time.monotonic() < until, self.output
            time.sleep(0.02)

    def clean_up(self):
        """End what is left of it."""
        for pid, line in [(self._process.pid, command_line(self._process.pid)), *self._known.items()]:
            if line and command_line(pid) == line:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
        self._process.wait(10)
