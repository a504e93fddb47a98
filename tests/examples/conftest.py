"""The examples, each in a copy of its own."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from warehouse_sync_pulumi.emulator import Emulator

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))

from stack import Stack

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def emulator():
    """An emulator with the sample warehouse, which tries each password and each query."""
    with Emulator(warehouse="sample") as running:
        yield running


@pytest.fixture
def example(tmp_path, emulator):
    """Make a stack of an example."""

    def make(name):
        folder = tmp_path / name
        shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("__pycache__", "Pulumi.*.yaml"))
        (folder / "home").mkdir()
        (folder / "state").mkdir()
        stack = Stack(folder, emulator.environment)
        stack.run("stack", "init", "test")
        return stack

    return make
