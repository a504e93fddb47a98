"""A Pulumi SDK that is too old is refused in one line."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pulumi
import pytest
from semver import VersionInfo

from warehouse_sync_pulumi.engine import requirement

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def imported_with(monkeypatch):
    """Import the check anew, beside an SDK of another version."""

    def import_with(version):
        if version is None:
            monkeypatch.setitem(sys.modules, "pulumi._version", None)  # importing it fails
        else:
            monkeypatch.setattr("pulumi._version.version", VersionInfo.parse(version))
        monkeypatch.delitem(sys.modules, requirement.__name__)
        importlib.import_module(requirement.__name__)

    return import_with


@pytest.mark.parametrize(("version", "said"), [("3.249.9", "3.249.9"), ("2.300.0", "2.300.0"), (None, "an older one")])
def test_an_old_sdk_is_refused_with_what_to_do(imported_with, version, said):
    with pytest.raises(pulumi.RunError) as error:
        imported_with(version)
    assert str(error.value) == (
        f"warehouse-sync-pulumi needs the package pulumi 3.250 or newer, and {said} is installed: "
        "pip install --upgrade pulumi"
    )


@pytest.mark.parametrize("version", ["3.250.0", "3.999.0", "4.0.0-alpha.1"])
def test_any_other_is_taken(imported_with, version):
    imported_with(version)


def test_the_lowest_version_is_that_of_the_package():
    lowest = ".".join(map(str, requirement.LOWEST))
    assert f'"pulumi>={lowest},<4"' in (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")


def test_the_package_checks_before_it_imports_anything_else():
    source = (REPOSITORY / "warehouse_sync_pulumi" / "__init__.py").read_text(encoding="utf-8")
    first = next(line for line in source.splitlines() if line.startswith(("from", "import")))
    assert first.startswith("from .engine import requirement")
