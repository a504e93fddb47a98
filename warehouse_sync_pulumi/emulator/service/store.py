"""What the emulator holds, in memory and, on request, in a file."""

from __future__ import annotations

import copy
import json
import os
import threading
from pathlib import Path
from typing import Any

from .models import KINDS

__all__ = ["Store"]

Key = tuple[int, str]
"""Workspace and id."""


class Store:
    """Objects and runs. Hold `lock` over everything that must happen as one.

    Args:
        path: a file that keeps the state. It holds secrets in clear and gets mode 0600.

    Raises:
        ValueError: when the file is not one that an emulator wrote.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self._path = path
        self._objects: dict[str, dict[Key, dict[str, Any]]] = {kind: {} for kind in KINDS}
        self._runs: dict[Key, dict[str, Any]] = {}
        self._next_run = 1
        if path is not None and path.exists():
            self._load(path)

    def get(self, kind: str, workspace: int, object_id: str) -> dict[str, Any] | None:
        """The stored object itself, true secret included."""
        with self.lock:
            return self._objects[kind].get((workspace, object_id))

    def all(self, kind: str, workspace: int) -> dict[str, dict[str, Any]]:
        """A workspace's objects by id, in the order of their creation."""
        with self.lock:
            return {key[1]: value for key, value in self._objects[kind].items() if key[0] == workspace}

    def copy_of(self, kind: str, workspace: int) -> dict[str, dict[str, Any]]:
        """The same, as copies that stay as they are."""
        with self.lock:
            return copy.deepcopy(self.all(kind, workspace))

    def workspaces(self) -> list[int]:
        """The workspaces that hold something."""
        with self.lock:
            return sorted({key[0] for held in self._objects.values() for key in held})

    def put(self, kind: str, workspace: int, object_id: str, value: dict[str, Any]) -> None:
        """Store an object in place of the one with its id, if there is one."""
        with self.lock:
            self._objects[kind][workspace, object_id] = value
            self.save()

    def remove(self, kind: str, workspace: int, object_id: str) -> bool:
        """Remove an object, and with a pipeline its runs; tell whether it was there."""
        with self.lock:
            gone = self._objects[kind].pop((workspace, object_id), None) is not None
            if gone and kind == "pipelines":
                self._runs.pop((workspace, object_id), None)
            if gone:
                self.save()
            return gone

    def users_of(self, field: str, workspace: int, object_id: str) -> list[str]:
        """The pipelines whose `connection_id` or `data_model_id` names this object."""
        with self.lock:
            return [name for name, pipeline in self.all("pipelines", workspace).items() if pipeline[field] == object_id]

    def history(self, workspace: int, pipeline_id: str) -> dict[str, Any]:
        """A pipeline's runs and how far its schedule was followed; changed in place, under `lock`."""
        with self.lock:
            return self._runs.setdefault((workspace, pipeline_id), _new_history())

    def next_run_id(self) -> int:
        """A number that no run had before."""
        with self.lock:
            number, self._next_run = self._next_run, self._next_run + 1
            return number

    def clear(self) -> None:
        """Forget everything."""
        with self.lock:
            for held in self._objects.values():
                held.clear()
            self._runs.clear()
            self.save()

    def save(self) -> None:
        """Write the file, if there is one; a reader sees the old state or the new one, never half."""
        if self._path is None:
            return
        with self.lock:
            state = {
                "emulator_state": 1,
                "next_run": self._next_run,
                "objects": {kind: _listed(held) for kind, held in self._objects.items()},
                "runs": _listed(self._runs),
            }
            half = self._path.with_name(self._path.name + ".new")
            descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(state, file, indent=1)
            half.replace(self._path)

    def _load(self, path: Path) -> None:
        try:
            state = json.loads(path.read_text(encoding="utf-8"))
            self._next_run = int(state["next_run"])
            for kind, held in self._objects.items():
                held.update(_keyed(state["objects"][kind]))
            for key, history in _keyed(state["runs"]).items():
                self._runs[key] = {**_new_history(), **history}
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} holds no state of an emulator.") from error


def _new_history() -> dict[str, Any]:
    """A pipeline's runs, since when its schedule is to be followed, and the schedules before it not yet followed."""
    return {"since": None, "past": [], "runs": []}


def _listed(held: dict[Key, dict[str, Any]]) -> list[list[Any]]:
    return [[*key, value] for key, value in held.items()]


def _keyed(listed: list[list[Any]]) -> dict[Key, dict[str, Any]]:
    return {(int(workspace), str(name)): value for workspace, name, value in listed}
