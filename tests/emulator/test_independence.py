"""The emulator and the client are two readings of one paper, so neither knows the other's code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import warehouse_sync_pulumi

PACKAGE = Path(warehouse_sync_pulumi.__file__).parent
EMULATOR = PACKAGE / "emulator"
# What starts an emulator for its user; nothing of the client's.
MAY_USE_THE_EMULATOR = {PACKAGE / "testing.py", PACKAGE / "cli" / "emulator.py"}


def imports_of(path, source=None):
    """The absolute names of what a module imports."""
    parents = path.relative_to(PACKAGE.parent).parts[:-1]
    for node in ast.walk(ast.parse(source or path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(parents[: len(parents) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def of_package(path):
    return {name for name in imports_of(path) if name.split(".")[0] == "warehouse_sync_pulumi"}


def is_in(name, module):
    return name == module or name.startswith(f"{module}.")


@pytest.mark.parametrize("path", sorted(EMULATOR.rglob("*.py")), ids=lambda path: path.name)
def test_the_emulator_imports_nothing_of_the_rest(path):
    outside = {name for name in of_package(path) if not is_in(name, "warehouse_sync_pulumi.emulator")}
    assert outside <= {"warehouse_sync_pulumi"}
    assert not {name for name in imports_of(path) if is_in(name, "httpcore") or is_in(name, "pulumi")}


@pytest.mark.parametrize("path", sorted(set(PACKAGE.rglob("*.py")) - MAY_USE_THE_EMULATOR), ids=lambda path: path.name)
def test_the_rest_imports_nothing_of_the_emulator(path):
    if EMULATOR not in path.parents:
        assert not {name for name in of_package(path) if is_in(name, "warehouse_sync_pulumi.emulator")}


@pytest.mark.parametrize(
    "source", ["from ..api import client", "from .. import api", "import warehouse_sync_pulumi.api.client"]
)
def test_the_check_sees_every_form_of_import(source):
    found = imports_of(EMULATOR / "imagined.py", source)
    assert any(is_in(name, "warehouse_sync_pulumi.api") for name in found)
