"""pytest fixtures that run a Pulumi program against an emulator of the Warehouse Sync API.

Register them in a `conftest.py`:

    pytest_plugins = ["warehouse_sync_pulumi.testing"]

`warehouse_sync` starts an emulator on a free port and sends the provider there; `warehouse_sync_stack` deploys a
program to it with a real Pulumi engine. `@pytest.mark.warehouse_sync(...)` on a test gives `Emulator` other arguments.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from pulumi import automation

from .emulator import Emulator

__all__ = ["StackFactory", "pytest_configure", "warehouse_sync", "warehouse_sync_stack"]

_MARK = "warehouse_sync"


class StackFactory(Protocol):
    """Makes a stack of a program."""

    def __call__(self, program: Callable[[], None] | Path | str, **config: str) -> automation.Stack:
        """Make a stack.

        Args:
            program: a function, or the folder of a program with its `Pulumi.yaml`.
            **config: the stack's config in the namespace `warehouse-sync`, such as `workspaceId="1234"`.
        """


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", f"{_MARK}(**arguments): arguments of the Emulator behind `warehouse_sync`")


@pytest.fixture
def warehouse_sync(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulator, empty at first, to which every `WAREHOUSE_SYNC_*` variable points while the test runs."""
    mark = request.node.get_closest_marker(_MARK)
    with Emulator(**(mark.kwargs if mark else {})) as emulator:
        for name in [name for name in os.environ if name.startswith("WAREHOUSE_SYNC_")]:
            monkeypatch.delenv(name)  # a variable of the developer's shell must not reach a test
        for name, value in emulator.environment.items():
            monkeypatch.setenv(name, value)
        yield emulator


@pytest.fixture
def warehouse_sync_stack(warehouse_sync: Emulator, tmp_path: Path) -> StackFactory:
    """Deploy a program to the emulator, with `pulumi` from PATH and its state in the test's own folder."""
    home, state = tmp_path / "pulumi-home", tmp_path / "pulumi-state"
    home.mkdir()
    state.mkdir()
    options = automation.LocalWorkspaceOptions(
        env_vars={
            **warehouse_sync.environment,
            # The engine starts the provider with the python that it finds first.
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
            "PULUMI_BACKEND_URL": f"file://{state}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_HOME": str(home),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        },
    )

    def make(program: Callable[[], None] | Path | str, **config: str) -> automation.Stack:
        if callable(program):
            stack = automation.create_or_select_stack("test", "test-project", program, opts=options)
        else:
            stack = automation.create_or_select_stack("test", work_dir=str(program), opts=options)
        for name, value in config.items():
            stack.set_config(f"warehouse-sync:{name}", automation.ConfigValue(value, secret=name == "clientSecret"))
        return stack

    return make
