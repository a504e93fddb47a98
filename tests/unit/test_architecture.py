"""How the parts of the package may depend on one another, read from their import statements."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import warehouse_sync_pulumi

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


def test_only_the_api_side_uses_the_http_library():
    assert users_of("httpcore", MODULES) == [], "it is what httpx is built on"
    users = users_of("httpx", MODULES)
    assert users, "the check sees what it looks for"
    assert [user for user in users if not user.startswith("api/")] == []


def test_the_api_side_does_not_know_pulumi_nor_the_resources():
    assert within("api/")
    assert users_of("pulumi", within("api/")) == []
    for part in ("schema", "lifecycle", "provider", "resource", "config", "connection", "data_model", "pipeline"):
        assert users_of(f"warehouse_sync_pulumi.{part}", within("api/")) == []


def test_the_lifecycle_knows_neither_grpc_nor_http_nor_any_one_resource():
    lifecycle = within("lifecycle.py")
    assert lifecycle
    for name in ("grpc", "httpx", "pulumi.dynamic", "pulumi.runtime", "warehouse_sync_pulumi._sdk"):
        assert users_of(name, lifecycle) == []
    for part in ("connection", "data_model", "pipeline", "pipeline_run", "provider", "resource"):
        assert users_of(f"warehouse_sync_pulumi.{part}", lifecycle) == []


@pytest.mark.parametrize("module", ["run_lifecycle.py", "running.py", "patience.py"])
def test_triggering_and_waiting_know_neither_grpc_nor_http(module):
    modules = within(module)
    assert modules
    for name in ("grpc", "httpx", "pulumi", "warehouse_sync_pulumi._sdk", "warehouse_sync_pulumi.api.client"):
        assert users_of(name, modules) == []


def test_the_emulator_and_the_client_share_no_code():
    emulator = within("emulator/")
    assert emulator
    for part in ("api", "schema", "lifecycle", "secrets", "errors", "config", "connection", "data_model", "pipeline"):
        assert users_of(f"warehouse_sync_pulumi.{part}", emulator) == []
    others = [module for module in MODULES if module not in emulator]
    users = users_of("warehouse_sync_pulumi.emulator", others)
    assert [user for user in users if user not in ("testing.py", "cli/emulator.py")] == []


@pytest.mark.parametrize("library", ["httpx", "pydantic", "sqlglot", "click", "rich", "duckdb"])
def test_importing_the_package_does_not_import(library):
    program = f"import sys, warehouse_sync_pulumi; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
