"""What a release publishes, installed alone in a new environment, with the versions that the tests run with.

`make test` runs them with the newest versions, `make lowest` with the oldest.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from warehouse_sync_pulumi.emulator import Emulator

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))

from programs import three
from stack import Stack

from tools.docs.pages import blocks

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "warehouse_sync_pulumi"


def test_it_holds_the_package_whole_and_nothing_else(wheel):
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = (path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert held == {str(path.relative_to(REPOSITORY)) for path in files}
    assert {"warehouse_sync_pulumi/py.typed", "warehouse_sync_pulumi/emulator/warehouse/sample.sql"} <= held


README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
INSTALL = blocks(README)


PYTHONS = (str(Path(sys.executable).parent), f"{sys.base_prefix}/bin")
"""Where the Python of the tests is; uv passes over the one of an environment."""


@pytest.fixture
def follow(wheel, index, tmp_path):
    """Run the README's commands that make an environment with a tool, beside a requirements.txt."""

    def follow(tool, requirements):
        (tmp_path / "requirements.txt").write_text(requirements)
        (tmp_path / "uv.toml").write_text(f'no-index = true\nfind-links = ["{index}", "{wheel.parent}"]\n')
        (script,) = (b.text for b in INSTALL if b.text.startswith(tool))
        done = subprocess.run(
            ["bash", "-euc", f"{script}\nwarehouse-sync --version; type -p warehouse-sync"],
            cwd=tmp_path,
            env={
                "HOME": str(tmp_path),
                "PATH": os.pathsep.join([*PYTHONS, os.environ["PATH"]]),
                "PIP_NO_INDEX": "1",
                "PIP_FIND_LINKS": f"{index} {wheel.parent}",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        version, where = done.stdout.splitlines()[-2:]
        assert re.fullmatch(r"warehouse-sync, version \d+\.\d+\.\d+", version)
        assert Path(where).is_relative_to(tmp_path)

    return follow


@pytest.mark.parametrize("tool", [pytest.param("python3 -m venv", marks=pytest.mark.extended), "uv venv"])
def test_the_readmes_commands_install_it_with_what_it_needs(tool, follow):
    follow(tool, next(b.text for b in INSTALL if b.file == "requirements.txt"))


@pytest.mark.extended
@pytest.mark.parametrize("tool", ["python3 -m venv", "uv venv"])
def test_they_install_the_wheel_in_place_of_the_name(tool, follow, wheel, tmp_path):
    (line,) = re.findall(r"`make dist`[^`]*`requirements.txt`, and write `(.+)` there", README)
    shutil.copy(wheel, tmp_path)
    follow(tool, f"{line}\n")


def test_the_readme_says_how_to_install_it_unreleased_as_long_as_it_is():
    changelog = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    is_released = re.search(r"^## \[\d", changelog, re.MULTILINE) is not None
    assert ("There is no release yet" in README) is not is_released


def test_the_source_distribution_builds_the_same_wheel(sdist, wheel, environment):
    environment.install(sdist)
    installed = environment.files()
    environment.install("--reinstall", wheel)
    assert installed == environment.files()
    assert "warehouse_sync_pulumi/schema.json" in installed


def test_it_names_its_licence(wheel):
    archive = zipfile.ZipFile(wheel)
    names = archive.namelist()
    (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
    assert "License-Expression: Apache-2.0\n" in archive.read(metadata).decode()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


@pytest.mark.engine
def test_alone_it_deploys_a_program_and_its_command_says_in_one_line_what_it_lacks(wheel, environment, tmp_path):
    environment.install(wheel)
    where = environment.run("python", "-c", "import warehouse_sync_pulumi; print(warehouse_sync_pulumi.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(tmp_path), where.stderr

    for command in (["warehouse-sync"], ["python", "-m", "warehouse_sync_pulumi"]):
        refused = environment.run(*command, "emulator")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr == "warehouse-sync needs click: pip install 'warehouse-sync-pulumi[cli]'\n"

    path = os.pathsep.join([str(environment.scripts), os.environ["PATH"]])
    with Emulator() as emulator:
        settings = {**emulator.environment, "PATH": path, "PYTHONPATH": ""}
        stack = Stack(tmp_path / "stack", settings, forks=False)
        stack.program(three())
        stack.up()
        assert list(emulator.objects("pipelines")) == ["orders"]


def test_with_the_extra_cli_the_command_works_and_names_the_other_extra(wheel, environment):
    environment.install(f"{wheel}[cli]")
    assert re.fullmatch(
        r"warehouse-sync, version \d+\.\d+\.\d+\n", environment.run("warehouse-sync", "--version").stdout
    )
    refused = environment.run("warehouse-sync", "emulator", "--warehouse", "sample")
    assert refused.returncode == 1
    assert re.fullmatch(r"Error: .*'?warehouse-sync-pulumi\[(cli,)?warehouse\]'?.*\n", refused.stderr)
    help_text = environment.run("python", "-m", "warehouse_sync_pulumi", "--help")
    assert help_text.returncode == 0
    assert "emulator" in help_text.stdout
