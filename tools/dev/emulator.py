"""The emulator that runs in the background: started once, found again by every later command, stopped on demand."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

PROGRAM = (sys.executable, "-m", "warehouse_sync_pulumi", "emulator")
PORT = 8917  # of no meaning; always the same one, so that what a user noted stays true after a restart
TIMEOUT = 30  # seconds for it to start or to answer
GRACE = 10  # seconds for it to end by itself


class EmulatorError(Exception):
    """The emulator cannot be started, or does not answer; the message is one line."""


@dataclass(frozen=True)
class Running:
    """A running emulator."""

    pid: int
    url: str


class Emulator:
    """The emulator that belongs to `folder`.

    Its process holds a lock on a file there as long as it lives. So whether it runs is never guessed from a process id,
    which may be another program's by now, and two commands at once start one emulator.
    """

    def __init__(self, folder: Path, program: Sequence[str] = PROGRAM, port: int = PORT) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._program = program
        self._port = port
        self._lock = folder / "emulator.lock"
        self._record = folder / "emulator.json"
        self._memory = folder / "emulator.state"
        self.log = folder / "emulator.log"

    def start(self) -> Running:
        """Return the emulator that runs; start it first where none does.

        Raises:
            EmulatorError: it did not start, or the one that runs does not answer.
        """
        ends = time.monotonic() + TIMEOUT
        while time.monotonic() < ends:
            with self._try_lock() as lock:
                if lock:
                    return self._spawn(lock)
            running = self._read_record()
            if running and answers(running.url):
                return running
            time.sleep(0.1)
        raise EmulatorError(f"the emulator runs but does not answer: see {self.log}, and end it with `make down`")

    def stop(self) -> bool:
        """End the emulator and wait until it is gone; whether there was one."""
        if not self._is_running():
            return False
        for number, timeout in ((signal.SIGTERM, GRACE), (signal.SIGKILL, GRACE)):
            # Read each time: a process that holds the lock since a moment ago may not have been written down before.
            if running := self._read_record():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(running.pid, number)
            if _until(lambda: not self._is_running(), timeout):
                self._reap()
                return True
        raise EmulatorError(f"the emulator does not end: {self._record} names its process")

    def _reap(self) -> None:
        if self._child:
            self._child.wait()

    def _spawn(self, lock: IO[str]) -> Running:
        # 0 lets it choose: to look for a free port here and name it there would be a race.
        running = self._launch(lock, self._port) or self._launch(lock, 0)
        if not running:
            raise EmulatorError(f"the emulator did not start: {self._last_words()} (see {self.log})")
        self._write_record(running)
        return running

    def _launch(self, lock: IO[str], port: int) -> Running | None:
        self._reap()
        self._record.unlink(missing_ok=True)
        with self.log.open("w") as log:
            self._child = process = subprocess.Popen(
                [*self._program, "--port", str(port), "--state", str(self._memory), "--warehouse", "sample"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock.fileno()],  # it inherits the lock
                start_new_session=True,  # it outlives the terminal
            )
        self._write_record(Running(process.pid, ""))  # from here on `stop` finds it
        ready = False
        try:
            _until(lambda: process.poll() is not None or answers(self._announced_url()), TIMEOUT)
            ready = process.poll() is None and answers(self._announced_url())
        finally:
            if not ready:
                process.kill()
                process.wait()
        return Running(process.pid, self._announced_url()) if ready else None

    def _announced_url(self) -> str:
        match = re.search(r"http://[\w.:\[\]]+", self.log.read_text())
        return match[0] if match else ""

    def _last_words(self) -> str:
        lines = self.log.read_text().strip().splitlines()
        return lines[-1] if lines else "it said nothing"

    def _is_running(self) -> bool:
        with self._try_lock() as lock:
            return lock is None

    @contextlib.contextmanager
    def _try_lock(self) -> Iterator[IO[str] | None]:
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield None
            else:
                yield file

    def _read_record(self) -> Running | None:
        try:
            return Running(**json.loads(self._record.read_text()))
        except (FileNotFoundError, ValueError):
            return None

    def _write_record(self, running: Running) -> None:
        new = self._record.with_suffix(".new")
        new.write_text(json.dumps(asdict(running)))
        new.replace(self._record)


def answers(url: str) -> bool:
    """Whether something speaks HTTP there, whatever it says."""
    if not url:
        return False
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy does not reach our loopback
    try:
        direct.open(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _until(condition: Callable[[], bool], timeout: float) -> bool:
    ends = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True
