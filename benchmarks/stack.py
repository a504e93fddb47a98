"""One program's stack in a folder of its own, and one operation on it, measured."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.processes import watched_provider
from tools.engine import OFFLINE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.service import Service

__all__ = ["OPERATIONS", "PROGRAMS", "Measured", "Stack"]

_ROOT = Path(__file__).parent.parent
_PROGRAMS = Path(__file__).parent / "programs"
_TYPES = ("pulumi-python:dynamic/", "warehouse-sync:index:")
_YES = ("--yes", "--skip-preview")
_WORKSPACES = {"floor": 1, "ours": 2, "packaged": 3, "plain": 4}
PROGRAMS = tuple(_WORKSPACES)
_PACKAGED = f"plugins:\n  providers:\n    - {{name: warehouse-sync, path: {Path(sys.executable).parent}}}\n"
OPERATIONS: dict[str, tuple[str, ...]] = {
    "preview": ("preview",),
    "up": ("up", *_YES),
    "preview, no change": ("preview",),
    "up, no change": ("up", *_YES),
    "refresh": ("refresh", *_YES),
    "update": ("up", *_YES),
    "destroy": ("destroy", *_YES),
}
"""Each operation and its command, in the order of a stack's life."""


@dataclass(frozen=True)
class Measured:
    """What one operation took."""

    seconds: float
    cpu: float
    """Processor seconds of the CLI and all that it started: engine, program and provider."""
    provider_cpu: float
    """Of these, the provider's process; seen ten times a second, so a little less than it is."""
    service_cpu: float
    """Processor seconds of the emulator, which are in none of the others."""
    requests: int
    """Requests, those for tokens included."""
    tokens: int
    memory: float | None
    """The provider process's peak, in MiB; None where the kernel does not tell or no such process was seen."""
    state: float | None
    """Bytes that the state holds of each resource."""
    provider: int | None
    """Characters of the longest serialised provider in the state."""


class Stack:
    """A program's stack."""

    def __init__(self, folder: Path, program: str, resources: Mapping[str, int], service: Service) -> None:
        """`resources` is how many there are of each kind."""
        self._folder = folder
        self._service = service
        (folder / "home").mkdir(parents=True)
        (folder / "state").mkdir()
        plugins = _PACKAGED if program == "packaged" else ""
        (folder / "Pulumi.yaml").write_text(f"name: bench\nruntime: python\n{plugins}")
        shutil.copy(_PROGRAMS / f"{program}.py", folder / "__main__.py")
        self._environment = {
            "HOME": str(folder / "home"),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": str(_ROOT),
            "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "bench",
            "PULUMI_HOME": str(folder / "home"),
            **OFFLINE,
            "BENCH_RESOURCES": ",".join(f"{kind}={count}" for kind, count in resources.items()),
            # A workspace of its own: another program's objects bear the same ids.
            **service.environment(_WORKSPACES[program]),
        }
        self._run(["stack", "init", "bench"])

    def measure(self, operation: str, *options: str) -> Measured:
        """Run one operation."""
        revision = "2" if operation == "update" else "1"
        self._service.forget_requests()
        service_cpu, cpu = self._service.cpu_seconds(), _cpu_of_children()
        with watched_provider(self._folder) as provider:
            started = time.perf_counter()
            self._run([*OPERATIONS[operation], *options], BENCH_REVISION=revision)
            seconds = time.perf_counter() - started
        cpu, service_cpu = _cpu_of_children() - cpu, self._service.cpu_seconds() - service_cpu
        requests, tokens = self._service.requests()
        resources = self._resources()
        return Measured(
            seconds=seconds,
            cpu=cpu,
            provider_cpu=provider.cpu,
            service_cpu=service_cpu,
            requests=requests,
            tokens=tokens,
            memory=provider.peak,
            state=sum(map(_size, resources)) / len(resources) if resources else None,
            provider=max((len(_serialised(resource)) for resource in resources), default=None),
        )

    def _run(self, arguments: list[str], **environment: str) -> None:
        ran = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color=never"],
            cwd=self._folder,
            env=self._environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if ran.returncode:
            raise RuntimeError(f"pulumi {' '.join(arguments)} failed:\n{ran.stdout}")

    def _resources(self) -> list[dict[str, Any]]:
        state = json.loads((self._folder / "state/.pulumi/stacks/bench/bench.json").read_text())
        resources = (state["checkpoint"].get("latest") or {}).get("resources") or []
        return [resource for resource in resources if resource["type"].startswith(_TYPES)]


def _size(resource: dict[str, Any]) -> int:
    return len(json.dumps(resource, separators=(",", ":")))


def _serialised(resource: dict[str, Any]) -> str:
    provider = resource["inputs"].get("__provider", "")
    return provider if isinstance(provider, str) else json.dumps(provider)


def _cpu_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system
