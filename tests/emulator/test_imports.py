"""The emulator and the client are two readings of one reference, and the emulator's rooms depend one way.

Read from the import statements: importing a subpackage runs its parents, so what is loaded tells nothing.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import warehouse_sync_pulumi

PACKAGE = Path(warehouse_sync_pulumi.__file__).parent
EMULATOR = PACKAGE / "emulator"
# What starts an emulator for its user; nothing of the client's.
USERS = {"warehouse_sync_pulumi.testing", "warehouse_sync_pulumi.cli.emulator"}
ROOMS = [
    {"emulator"},
    {"app"},
    {"controls"},
    {"service"},
    {"http", "warehouse", "behaviour", "clock"},
]
"""From the top down. A room imports from itself and from those below its floor, and nothing else of this package."""


def name_of(path):
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path, source=None):
    """The absolute names that a file imports, at its top or anywhere else."""
    parents = path.relative_to(PACKAGE.parent).parts[:-1]
    for node in ast.walk(ast.parse(source or path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(parents[: len(parents) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            yield from (f"{module}.{alias.name}" for alias in node.names)


def is_in(name, module):
    return name == module or name.startswith(f"{module}.")


@pytest.fixture(scope="module")
def imports():
    """Every file of the package, and what it imports."""
    return {path: set(imports_of(path)) for path in sorted(PACKAGE.rglob("*.py"))}


def test_the_emulator_imports_nothing_of_the_rest(imports):
    found = {(name_of(path), name) for path, names in imports.items() if EMULATOR in path.parents for name in names}
    own = {pair for pair in found if is_in(pair[1], "warehouse_sync_pulumi.emulator")}
    assert len(own) > 50
    assert {pair for pair in found - own if is_in(pair[1], "warehouse_sync_pulumi")} == set()
    foreign = ("pulumi", "httpx", "httpcore")
    assert {pair for pair in found if any(is_in(pair[1], library) for library in foreign)} == set()


def test_the_rest_imports_nothing_of_the_emulator(imports):
    users = {
        name_of(path)
        for path, names in imports.items()
        if EMULATOR not in path.parents and any(is_in(name, "warehouse_sync_pulumi.emulator") for name in names)
    }
    assert users == USERS


def room_of(name):
    return name.removeprefix("warehouse_sync_pulumi.emulator.").partition(".")[0]


def test_every_room_of_the_emulator_has_its_floor():
    there = {path.stem for path in EMULATOR.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert there - {"__init__"} == set().union(*ROOMS)


@pytest.mark.parametrize("floor", range(len(ROOMS)), ids=lambda floor: "+".join(sorted(ROOMS[floor])))
def test_a_room_imports_from_those_below_it(imports, floor):
    below = set().union(*ROOMS[floor + 1 :])
    modules = {path: room_of(name_of(path)) for path in imports if EMULATOR in path.parents}
    modules = {path: room for path, room in modules.items() if room in ROOMS[floor]}
    assert modules
    up = {
        (name_of(path), name)
        for path, room in modules.items()
        for name in imports[path]
        if is_in(name, "warehouse_sync_pulumi.emulator") and room_of(name) not in below | {room}
    }
    assert up == set()


def test_no_module_of_the_emulator_imports_itself_by_way_of_others(imports):
    modules = {name_of(path): names for path, names in imports.items() if EMULATOR in path.parents}
    # A name is a module's own, or is defined in the module that it is imported from.
    arrows = {
        module: {known for name in names for known in (name, name.rpartition(".")[0]) if known in modules}
        for module, names in modules.items()
    }
    while leaves := {module for module, others in arrows.items() if not others}:
        arrows = {module: others - leaves for module, others in arrows.items() if module not in leaves}
    assert arrows == {}


@pytest.mark.parametrize(
    "source", ["from ..api import client", "from .. import api", "import warehouse_sync_pulumi.api.client"]
)
def test_every_form_of_import_is_seen(source):
    found = imports_of(EMULATOR / "imagined.py", source)
    assert any(is_in(name, "warehouse_sync_pulumi.api") for name in found)
