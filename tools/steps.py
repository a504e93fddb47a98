"""Runs a command that takes a while, and says what is going on and for how long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

QUIET = 60  # seconds between two lines where no terminal shows the clock tick


class StepError(Exception):
    """A step came to no good end; the message is one line that a person can act on."""


def run(  # noqa: PLR0913 (all but the first two are named)
    title: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    limit: float,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run `command` with its output in `log`, telling on stderr what is going on and for how long.

    Raises:
        StepError: it did not end well, or not within `limit` seconds.
    """
    began = time.monotonic()
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # so that its children can be ended with it
        )
        try:
            _watch(process, title, began, limit)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    if process.returncode:
        raise StepError(f"{title}: failed with exit code {process.returncode} (see {log})")


def _watch(process: subprocess.Popen[bytes], title: str, began: float, limit: float) -> None:
    terminal = sys.stderr.isatty()
    next_line = 0.0
    while True:
        elapsed = time.monotonic() - began
        if elapsed >= next_line or terminal:
            _say(f"{title} … {_clock(elapsed)}", end="\r" if terminal else "\n")
            next_line = elapsed + QUIET
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if elapsed > limit:
                raise StepError(f"{title}: not done after {limit / 60:.0f} minutes") from None
        else:
            break
    _say(f"{title} … ended after {_clock(time.monotonic() - began)}")


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _say(line: str, end: str = "\n") -> None:
    print(line, end=end, file=sys.stderr, flush=True)
