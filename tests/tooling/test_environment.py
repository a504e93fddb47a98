"""The Makefile, the locks and the scripts by which a clone becomes a development environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

REPOSITORY = Path(__file__).parents[2]
WHOLE = [REPOSITORY / "requirements-dev.txt", REPOSITORY / "requirements-lowest.txt"]
LOCKS = [*WHOLE, REPOSITORY / "tools" / "engine" / "requirements-go.txt"]


@pytest.fixture
def clone(tmp_path):
    """What the Makefile needs, under git, in a folder of its own."""
    clone = tmp_path / "a clone"
    shutil.copytree(REPOSITORY / "tools", clone / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", ".gitignore", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, clone)
    git = ["git", "-C", clone, "-c", "user.name=Test", "-c", "user.email=test@localhost"]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "--quiet", "--message=All"], check=True)
    return clone


# --- The Makefile


def test_make_alone_lists_every_target():
    makefile = (REPOSITORY / "Makefile").read_text()
    targets = {name for line in re.findall(r"^\.PHONY:(.*)", makefile, re.MULTILINE) for name in line.split()}
    listed = re.findall(r"^make (\S+) +(\S.*)$", make(REPOSITORY).stdout, re.MULTILINE)
    assert {name for name, _ in listed} == targets
    assert {"up", "preview", "down", "test", "lint", "typecheck", "format", "check", "lock", "clean"} <= targets


def test_clean_leaves_what_git_knows_and_nothing_else(clone):
    for made in (".venv/bin/python", ".engine/bin/pulumi", ".mypy_cache/x", "tools/__pycache__/x.pyc", "dist/x.whl"):
        (clone / made).parent.mkdir(parents=True)
        (clone / made).touch()
    (clone / ".dev").mkdir()
    done = make(clone, "clean")
    assert done.returncode == 0, done.stderr
    left = subprocess.check_output(["git", "-C", clone, "status", "--porcelain", "--ignored"], text=True)
    assert left == ""


def test_git_ignores_what_make_makes(clone):
    for folder in (".venv", ".engine", ".dev", "dist"):
        (clone / folder).mkdir()
        (clone / folder / "file").touch()
    assert subprocess.check_output(["git", "-C", clone, "status", "--porcelain"], text=True) == ""


# --- The search for a Python


def find_python(folder, **variables):
    return subprocess.run(
        ["/bin/sh", REPOSITORY / "tools" / "find-python.sh"],
        env={"PATH": str(folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def python(tmp_path):
    """Put something that answers like a Python on the search path."""

    def put(name, *, recent, with_venv=True):
        path = tmp_path / name
        answers = f'case "$*" in *version_info*) exit {int(not recent)};; *ensurepip*) exit {int(not with_venv)};; esac'
        path.write_text(f"#!/bin/sh\n{answers}\n")
        path.chmod(0o755)

    return put


def test_the_first_python_that_fits_is_taken(tmp_path, python):
    python("python3", recent=False)
    python("python3.13", recent=True, with_venv=False)
    python("python3.12", recent=True)
    python("python3.11", recent=True)
    assert find_python(tmp_path).stdout == "python3.12\n"


def test_a_named_python_is_taken_instead(tmp_path, python):
    python("python3", recent=True)
    python("mine", recent=True)
    assert find_python(tmp_path, PYTHON="mine").stdout == "mine\n"


def test_where_every_python_is_too_old_one_line_says_what_to_install(tmp_path, python):
    python("python3", recent=False)
    done = find_python(tmp_path)
    assert done.returncode == 1
    assert re.fullmatch(r"error: Python 3\.10 or newer is needed.*\n", done.stderr)


def test_where_python_lacks_its_venv_module_one_line_says_what_to_install(tmp_path, python):
    python("python3", recent=True, with_venv=False)
    done = find_python(tmp_path)
    assert done.returncode == 1
    assert re.fullmatch(r"error: Python lacks its venv module, tried: python3;.*python3-venv.*\n", done.stderr)


# --- The locks


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_packages_and_hashes_and_no_place_to_get_them_from(lock):
    requirement = re.compile(r"[a-z0-9-]+==\S+( ; [^/]+)? \\")
    for line in lock.read_text().splitlines():
        assert (
            line.startswith("#") or requirement.fullmatch(line) or re.match(r"    (--hash=sha256:\w{64}|# +)", line)
        ), line
    assert not re.search(r"https?:|index-url|find-links|\.(org|com|dev)\b|/\w+/", lock.read_text())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_version_has_a_hash(lock):
    for entry in re.split(r"^(?=[a-z])", lock.read_text(), flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("lock", WHOLE, ids=lambda lock: lock.name)
def test_a_lock_is_what_pyproject_asks_for(lock):
    """Offline: every requirement is answered by a locked version in its range, for each Python that is supported."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    groups = [
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
        project["build-system"]["requires"],
    ]
    asked = [Requirement(item) for group in groups for item in group if isinstance(item, str)]
    locked = [Requirement(line) for line in re.findall(r"^([a-z].*?) \\$", lock.read_text(), re.MULTILINE)]
    assert len(asked) > 10
    for python in ("3.10", "3.11", "3.12", "3.13"):
        there = {"python_full_version": f"{python}.0", "python_version": python}
        versions = {r.name: str(r.specifier)[2:] for r in locked if not r.marker or r.marker.evaluate(there)}
        for requirement in asked:
            assert requirement.specifier.contains(versions[requirement.name]), (python, str(requirement))


def make(folder, *targets):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "--no-print-directory", *targets],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
