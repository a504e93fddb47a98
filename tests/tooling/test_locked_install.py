"""An environment from a lock, where the index has newer versions of everything.

Of a package that another one asks for with an extra, too: a resolving installer looks that one up without its pin.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from tools.steps import StepError
from tools.venv import install

sys.path.insert(0, str(Path(__file__).parents[1] / "packaging"))

import wheels

REPOSITORY = Path(__file__).parents[2]

# As pytest-cov asks for coverage[toml], and that for tomli.
PACKAGES = {
    "asks-for-an-extra": ["Requires-Dist: has-an-extra[more]>=1"],
    "has-an-extra": ["Provides-Extra: more", "Requires-Dist: of-the-extra>=1; extra == 'more'"],
    "of-the-extra": [],
}
LOCKED = {**dict.fromkeys(PACKAGES, "1.0"), "pip": metadata.version("pip")}

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "the-project"
version = "1.0"
dependencies = []

[project.optional-dependencies]
cli = []
warehouse = []

[dependency-groups]
dev = ["asks-for-an-extra"]
"""

BACKEND = """
import shutil

def build_editable(folder, *_):
    return shutil.copy("the_project-1.0-py3-none-any.whl", folder).rpartition("/")[2]
"""


@pytest.fixture
def index(tmp_path):
    """Each package in the version of the lock and in a newer one."""
    folder = tmp_path / "index"
    folder.mkdir()
    wheels.pack(folder, "pip")
    wheels.write(folder, "pip", "999.0")
    for name, fields in PACKAGES.items():
        for version in ("1.0", "1.1", "2.0"):
            wheels.write(folder, name, version, fields)
    return folder


@pytest.fixture
def clone(tmp_path, index):
    """What makes the environment, with a project and a lock of this test."""
    folder = tmp_path / "clone"
    shutil.copytree(REPOSITORY / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "Makefile", folder)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "backend.py").write_text(BACKEND)
    wheels.write(folder, "the-project", "1.0", ["Provides-Extra: cli", "Provides-Extra: warehouse"])
    lock(folder, index)
    return folder


def lock(clone, index, without=()):
    lines = []
    for name, version in LOCKED.items():
        (file,) = index.glob(f"{name.replace('-', '_')}-{version}-*.whl")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        lines += [] if name in without else [f"{name}=={version} --hash=sha256:{digest}"]
    (clone / "requirements-dev.txt").write_text("\n".join(lines))


def offline(index):
    return {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index)}


def make_environment(clone, index):
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PIP_", "PYTHON"))}
    return subprocess.run(
        ["make", "--no-print-directory", ".venv/ready"],
        cwd=clone,
        env={**ours, **offline(index), "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_was_published_since_the_lock_changes_nothing(clone, index):
    made = make_environment(clone, index)
    assert made.returncode == 0, made.stderr
    (packages,) = (clone / ".venv" / "lib").glob("*/site-packages")
    installed = {each.metadata["Name"]: each.version for each in metadata.distributions(path=[str(packages)])}
    installed.pop("setuptools", None)  # Python 3.11 and older put it into each environment
    assert installed == {**LOCKED, "the-project": "1.0"}


@pytest.mark.extended
def test_a_lock_that_lacks_what_an_extra_asks_for_is_refused_although_the_index_has_it(clone, index):
    lock(clone, index, without=["of-the-extra"])
    made = make_environment(clone, index)
    assert made.returncode != 0
    assert re.search(r"^ERROR: .*of-the-extra>=1.*\(from has-an-extra\[more\]\)", made.stderr, re.MULTILINE), (
        made.stderr
    )
    assert re.search(r"^error: .*`make lock` locks what is missing$", made.stderr, re.MULTILINE)


def test_nothing_is_built_for_want_of_a_wheel(tmp_path, monkeypatch):
    """To build one, pip would fetch what it is built with, in the newest versions and without a hash."""
    source = tmp_path / "only-source-1.0"
    source.mkdir()
    (source / "pyproject.toml").write_text(PYPROJECT.replace("the-project", "only-source"))
    (source / "backend.py").write_text(BACKEND.replace("editable", "wheel").replace("the_project", "only_source"))
    (source / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: only-source\nVersion: 1.0\n")
    wheels.write(source, "only-source", "1.0")
    archive = Path(shutil.make_archive(str(source), "gztar", tmp_path, source.name))
    lock = tmp_path / "lock.txt"
    lock.write_text(f"only-source==1.0 --hash=sha256:{hashlib.sha256(archive.read_bytes()).hexdigest()}")

    def create(folder, **_):
        """In place of a new environment, which takes seconds: the pip of this one, with a folder to install into."""
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@" --target {folder}\n')
        (folder / "bin" / "python").chmod(0o755)

    monkeypatch.setattr("venv.create", create)
    for name, value in offline(tmp_path).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StepError, match="failed with exit code 1"):
        install(tmp_path / "made", lock, "what the lock says", tmp_path / "log")
    assert "ERROR: No matching distribution found for only-source==1.0" in (tmp_path / "log").read_text()


def test_an_environment_that_is_a_link_is_not_emptied(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "kept").touch()
    (tmp_path / "linked").symlink_to(tmp_path / "other")
    command = [sys.executable, "-m", "tools.venv", "install", tmp_path / "linked", tmp_path / "lock.txt"]
    refused = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert f"linked is a link to {tmp_path / 'other'}, which would be emptied: remove the link" in refused.stderr
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["kept"]
