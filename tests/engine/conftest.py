"""What the tests under the real engine stand on."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from warehouse_sync_pulumi.emulator import Emulator

sys.path.insert(0, str(Path(__file__).parent))

from hosts import DYNAMIC, parametrize
from programs import three
from stack import Stack


def pytest_collection_modifyitems(items):
    """Everything in this folder runs the real engine."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.engine)


def pytest_generate_tests(metafunc):
    """See `hosts`."""
    parametrize(metafunc)


@pytest.fixture(scope="session")
def host(request):
    """Which host a test's stacks talk to."""
    return getattr(request, "param", DYNAMIC)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory, host):
    """A stack on which `three()` is deployed, and its emulator's state: made once, to be copied."""
    folder = tmp_path_factory.mktemp("prepared")
    with Emulator(state=folder / "api.json") as emulator:
        stack = Stack(folder / "stack", emulator.environment, host)
        stack.program(three())
        stack.up()
    return folder


@pytest.fixture
def emulator():
    """An emulator of the API, empty."""
    with Emulator() as running:
        yield running


@pytest.fixture
def stack(tmp_path, emulator, host, request):
    """A stack whose programs talk to the emulator."""
    forks = request.node.get_closest_marker("unforked") is None
    return Stack(tmp_path / "stack", emulator.environment, host, forks=forks)


@pytest.fixture
def deployed(prepared, tmp_path, host):
    """A stack on which `three()` is deployed; its emulator is `deployed.emulator`."""
    shutil.copytree(prepared, tmp_path / "deployed")
    with Emulator(state=tmp_path / "deployed" / "api.json") as emulator:
        stack = Stack(tmp_path / "deployed" / "stack", emulator.environment, host)
        stack.emulator = emulator
        yield stack
