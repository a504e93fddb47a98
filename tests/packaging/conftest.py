"""The wheel, and environments in which nothing but it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
LOCK = REPOSITORY / "requirements-dev.txt"


@dataclass(frozen=True)
class Environment:
    """A virtual environment; what runs in it knows nothing of the repository."""

    folder: Path

    @property
    def scripts(self):
        return self.folder / "bin"

    def install(self, *requirements):
        """Install these and what they ask for, in the versions of the lock."""
        pip = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", self.folder]
        subprocess.run([*pip, "--constraint", LOCK, *requirements], check=True, cwd=self.folder)

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
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    (built,) = folder.iterdir()
    return built


@pytest.fixture
def environment(tmp_path):
    subprocess.run([sys.executable, "-m", "uv", "venv", "--quiet", "--python", sys.executable, tmp_path], check=True)
    made = Environment(tmp_path)
    made.install("pip")  # which the engine asks for the installed packages
    return made
