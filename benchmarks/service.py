"""The emulator in a process of its own, as far from the provider as the real service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.request import Request, urlopen

from benchmarks.processes import cpu_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Latency", "Service", "emulator"]


class Latency(NamedTuple):
    """How slow the service is."""

    name: str
    request: float
    """Seconds that it takes to answer a request."""
    token: float
    """Seconds that it takes to issue a token, instead."""


class Service:
    """An emulator that runs, and its controls."""

    def __init__(self, url: str, pid: int) -> None:
        self.url = url
        self._pid = pid

    def environment(self, workspace_id: int) -> dict[str, str]:
        """What sends a provider to a workspace there."""
        return {
            "WAREHOUSE_SYNC_API_URL": self.url,
            "WAREHOUSE_SYNC_AUTH_URL": f"{self.url}/oauth/token",
            "WAREHOUSE_SYNC_CLIENT_ID": "bench",
            "WAREHOUSE_SYNC_CLIENT_SECRET": "bench-secret",
            "WAREHOUSE_SYNC_WORKSPACE_ID": str(workspace_id),
        }

    def reset(self) -> None:
        """Forget all objects, requests and faults."""
        self._control("DELETE", "")

    def forget_requests(self) -> None:
        """Start counting anew."""
        self._control("DELETE", "journal")

    def requests(self) -> tuple[int, int]:
        """How many requests it got, and how many of these were for a token."""
        entries = self._control("GET", "journal")
        return len(entries), sum(entry["path"] == "oauth/token" for entry in entries)

    def be(self, latency: Latency) -> None:
        """Answer as slowly as this."""
        self._control("DELETE", "faults")
        self.switch(token_delay_seconds=latency.token)
        if latency.request:
            delay = {"kind": "delay", "path": "^(?!oauth/)", "seconds": latency.request, "times": None}
            self._control("POST", "faults", delay)

    def switch(self, **switches: Any) -> None:
        """Set switches of its behaviour."""
        self._control("PATCH", "behaviour", switches)

    def cpu_seconds(self) -> float:
        """Processor time that it took so far."""
        return cpu_seconds(self._pid)

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/_emulator/{path}", data, method=method)  # noqa: S310 - loopback
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - likewise
            return json.load(answer)


@contextmanager
def emulator() -> Iterator[Service]:
    """Run an emulator for as long as the block lasts."""
    command = [sys.executable, "-m", "warehouse_sync_pulumi", "emulator"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
    try:
        assert process.stdout is not None  # noqa: S101 - for the type checker
        url = process.stdout.readline().strip()
        if not url:
            raise RuntimeError("the emulator did not start")
        yield Service(url, process.pid)
    finally:
        process.terminate()
        process.communicate()
