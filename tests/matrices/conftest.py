"""What the matrices stand on: a deployed stack, made once and copied for each case."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from warehouse_sync_pulumi.emulator import Emulator

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "engine")]

from cases import CREATED, IMPATIENT, Case  # noqa: E402 - from the folder above
from hosts import DYNAMIC, parametrize, thin  # noqa: E402 - from the folder above
from processes import Command  # noqa: E402 - from the folder above
from stack import Stack  # noqa: E402 - from the folder above


def pytest_collection_modifyitems(items):
    """Everything in this folder runs the real engine."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.engine)
    thin(items)


def pytest_generate_tests(metafunc):
    """See `hosts`."""
    parametrize(metafunc)


@pytest.fixture(scope="session")
def host(request):
    """Which host a test's stacks talk to."""
    return getattr(request, "param", DYNAMIC)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory, host):
    """Folders with a stack and an emulator's state: `empty`, and with all three resources `deployed`."""
    folder = tmp_path_factory.mktemp("prepared")
    for name in ("empty", "deployed"):
        (folder / name).mkdir()
        with Emulator(state=folder / name / "api.json") as emulator:
            stack = Stack(folder / name / "stack", emulator.environment, host)
            stack.program(CREATED)
            if name == "deployed":
                stack.up()
            else:
                emulator.clear()  # writes the file
    return folder


@pytest.fixture
def case(prepared, tmp_path, host):
    """Opens a copy of what is prepared."""

    @contextmanager
    def open_copy(name, *, impatient=False):
        shutil.copytree(prepared / name, tmp_path / name)
        with Emulator(state=tmp_path / name / "api.json") as emulator:
            stack = Stack(tmp_path / name / "stack", emulator.environment, host)
            if impatient:
                stack.environment["WAREHOUSE_SYNC_RETRY_TIMEOUT"] = "1"
                stack.environment["PYTHONPATH"] = os.pathsep.join([str(IMPATIENT), stack.environment["PYTHONPATH"]])
            yield Case(stack, emulator)

    return open_copy


@pytest.fixture
def command(tmp_path):
    """Starts `pulumi up`; what is left of it in the end is ended."""
    started = []

    def start(stack, *options):
        up = ("up", "--yes", "--skip-preview", *options)
        started.append(Command(stack, tmp_path / f"up-{len(started)}.log", up))
        return started[-1]

    yield start
    for one in started:
        one.clean_up()
