"""What the tests under the real engine stand on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from warehouse_sync_pulumi.emulator import Emulator

sys.path.insert(0, str(Path(__file__).parent))

from stack import Stack


def pytest_collection_modifyitems(items):
    """Everything in this folder runs the real engine."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.engine)


@pytest.fixture
def emulator():
    """An emulator of the API, empty."""
    with Emulator() as running:
        yield running


@pytest.fixture
def stack(tmp_path, emulator):
    """A stack whose programs talk to the emulator."""
    return Stack(tmp_path / "stack", emulator.environment)
