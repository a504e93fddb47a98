"""How the parts of the package may depend on one another, read from their import statements."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import warehouse_sync_pulumi

NAME = "warehouse_sync_pulumi"
PACKAGE = Path(warehouse_sync_pulumi.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))


def imports(module: Path) -> set[str]:
    """The absolute names of everything that a module imports, at its top or anywhere else."""
    package = ["warehouse_sync_pulumi", *module.relative_to(PACKAGE).parts[:-1]]
    found = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *filter(None, [node.module])])
            found |= {source} | {f"{source}.{alias.name}" for alias in node.names}
    return found


def within(part: str) -> list[Path]:
    return [module for module in MODULES if module.relative_to(PACKAGE).as_posix().startswith(part)]


def users_of(name: str, modules: list[Path]) -> list[str]:
    return [
        module.relative_to(PACKAGE).as_posix()
        for module in modules
        if any(imported == name or imported.startswith(f"{name}.") for imported in imports(module))
    ]


ROOMS = {
    "errors": set(),
    "redaction": set(),
    "garbage": set(),
    "signatures": set(),
    "api": {"errors", "redaction", "signatures", "garbage"},
    "schema": {"api", "redaction"},
    "review": {"schema", "garbage"},
    "lifecycle": {"schema", "api", "errors", "redaction"},
    "config": {"schema", "api", "errors"},
    "engine": {"lifecycle", "config", "schema", "api", "errors", "redaction", "signatures"},
    "connection": {"engine", "schema"},
    "data_model": {"engine", "review", "schema"},
    "pipeline": {"engine", "review", "schema"},
    "pipeline_run": {"engine", "lifecycle", "schema"},
    "queries": {"connection", "data_model", "pipeline", "schema", "api"},
    "functions": {"queries", "engine", "config", "schema", "api", "errors"},
    "emulator": set(),
    "testing": {"emulator"},
}
"""Each part of the package, and the parts above it in this table that it may import. What is in none of these is the
package's front: its public names, and the command."""


def module_named(name: str) -> Path | None:
    """The file of a module of the package; None for a name within one."""
    path = PACKAGE.joinpath(*name.split(".")[1:])
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file in MODULES), None)


def modules_for(module: Path) -> set[Path]:
    """The modules of the package that a module imports; `from .room import module` is no import of the whole room."""
    names = {name for name in imports(module) if name.startswith(f"{NAME}.") and module_named(name)}
    whole = {name for name in names if not any(other.startswith(f"{name}.") for other in names)}
    return {file for name in whole if (file := module_named(name)) and file != module}


def test_no_two_modules_import_each_other():
    graph = {module: modules_for(module) for module in MODULES}
    assert sum(map(len, graph.values())) > len(MODULES), "the check sees what it looks for"
    tuple(TopologicalSorter(graph).static_order())


def test_imports_run_one_way():
    above = set()
    for room, allowed in ROOMS.items():
        assert allowed <= above, f"{room} stands above what it imports"
        above.add(room)
        modules = [module for module in MODULES if module.relative_to(PACKAGE).with_suffix("").parts[0] == room]
        assert modules, room
        used = {name.split(".")[1] for module in modules for name in imports(module) if name.startswith(f"{NAME}.")}
        assert used - {room} <= allowed, f"{room} imports what is not below it"
        if allowed:
            assert used - {room}, "the check sees what it looks for"


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("httpx", {"api"}),
        ("httpcore", set()),
        ("pydantic", {"api", "emulator"}),
        ("grpc", {"engine"}),
        ("pulumi.dynamic", {"engine"}),
        ("pulumi.runtime", {"engine"}),
        ("sqlglot", {"review", "emulator"}),
        ("duckdb", {"emulator"}),
        ("click", {"cli"}),
        ("rich", {"cli"}),
        ("yaml", {"cli"}),
    ],
)
def test_a_library_is_used_in_its_room_alone(library, rooms):
    users = {Path(user).with_suffix("").parts[0] for user in users_of(library, MODULES)}
    assert users == rooms


def test_the_api_does_not_know_pulumi():
    assert users_of("pulumi", within("api/")) == []


def test_the_emulator_is_used_by_the_command_and_the_fixtures_alone():
    others = [module for module in MODULES if module not in within("emulator/")]
    assert users_of(f"{NAME}.emulator", others) == ["cli/emulator.py", "testing.py"]


@pytest.mark.parametrize("library", ["httpx", "pydantic", "sqlglot", "click", "rich", "duckdb"])
def test_importing_the_package_does_not_import(library):
    program = f"import sys, warehouse_sync_pulumi; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
