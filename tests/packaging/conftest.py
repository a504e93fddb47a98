"""The wheel, and environments in which nothing but it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import wheels

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Environment:
    """A virtual environment; what runs in it knows nothing of the repository."""

    folder: Path
    index: Path

    @property
    def scripts(self):
        return self.folder / "bin"

    def install(self, *requirements):
        pip = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-cache", "--python", self.folder]
        subprocess.run([*pip, "--no-index", "--find-links", self.index, *requirements], check=True, cwd=self.folder)

    def files(self):
        """The package's files that are installed, each with its content."""
        (packages,) = self.folder.glob("lib/python*/site-packages")
        found = (path for path in (packages / "warehouse_sync_pulumi").rglob("*") if "__pycache__" not in path.parts)
        return {str(path.relative_to(packages)): path.read_bytes() for path in found if path.is_file()}

    def run(self, command, *arguments):
        path = os.pathsep.join([str(self.scripts), os.environ["PATH"]])
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return subprocess.run(
            [self.scripts / command, *arguments],
            cwd=self.folder,
            env={**environment, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The folder of what `make dist` builds."""
    folder = tmp_path_factory.mktemp("dist")
    build = ["-m", "hatchling", "build"]
    assert f"@$(PY) {' '.join(build)}\n" in (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    command = [sys.executable, *build, "--directory", folder]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def wheel(built):
    (file,) = built.glob("*.whl")
    return file


@pytest.fixture(scope="session")
def sdist(built):
    (file,) = built.glob("*.tar.gz")
    return file


@pytest.fixture(scope="session")
def index(tmp_path_factory):
    """What the package needs to be built and to run, in the versions installed here, so that nothing is downloaded."""
    folder = tmp_path_factory.mktemp("index")
    needed = wheels.needed("warehouse-sync-pulumi", "cli") | wheels.needed("hatchling", "")
    for name in needed | {"hatchling", "pip"}:
        wheels.pack(folder, name)
    return folder


@pytest.fixture
def environment(tmp_path, index):
    subprocess.run([sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, tmp_path], check=True)
    made = Environment(tmp_path, index)
    made.install("pip")  # which the engine asks for the installed packages
    return made
