"""CONTRIBUTING's example of a new resource, followed to the letter in a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from tools.docs.pages import REPOSITORY, blocks

PAGE = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLE = [block for block in blocks(PAGE) if block.language in ("python", "diff")]


def lines_with(signs, text):
    return "".join(f"{line[1:]}\n" for line in text.splitlines() if (line[:1] or " ") in signs)


@pytest.fixture
def copy(tmp_path):
    """The repository with the example in it."""
    for name in ("warehouse_sync_pulumi", "tests", "tools", "docs"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(REPOSITORY / name, tmp_path)
    for _, file, text in EXAMPLE:
        path = tmp_path / file
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            continue
        before, after = lines_with(" -", text), lines_with(" +", text)
        old = path.read_text(encoding="utf-8")
        assert old.count(before) == 1, f"{file} has no longer, or more than once:\n{before}"
        path.write_text(old.replace(before, after), encoding="utf-8")
    return tmp_path


def run(copy, *command):
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.engine
@pytest.mark.extended
def test_the_example_passes_the_checks_that_a_contribution_has_to_pass(copy):
    files = {file for _, file, _ in EXAMPLE}
    python = sorted(file for file in files if file.endswith(".py"))
    run(copy, "tools.docs")
    run(copy, "ruff", "check", *python)
    run(copy, "ruff", "format", "--check", *python)
    cache = f"--cache-dir={REPOSITORY / '.mypy_cache'}"  # what it knows of the libraries
    run(copy, "mypy", cache, *(file for file in python if not file.startswith("tests/")))
    assert "| `email` | `str` | Who is notified. |" in (copy / "docs" / "notification.md").read_text(encoding="utf-8")
    assert "| `POST notifications` |" in (copy / "docs" / "emulator.md").read_text(encoding="utf-8")
    tests = ["tests/engine/test_notification.py", "tests/docs/test_classes.py", "tests/package/test_architecture.py"]
    assert " passed" in run(copy, "pytest", "-q", "-p", "no:cacheprovider", *tests)


def test_the_page_tells_what_each_room_is_for():
    (table,) = re.findall(r"\| room \| what it does \|\n(.*?)\n\n", PAGE, re.DOTALL)
    named = {name for row in table.splitlines() for name in re.findall(r"`([^`]+)`", row.split("|")[1])}
    package = [path for path in (REPOSITORY / "warehouse_sync_pulumi").iterdir() if not path.name.startswith("__")]
    rooms = {f"{path.name}/" if path.is_dir() else path.name for path in package if path.suffix in ("", ".py")}
    assert named == rooms


def test_the_number_of_files_and_lines_that_the_page_names_is_true():
    lines = 0
    for language, _, text in EXAMPLE:
        lines += sum(1 for line in text.splitlines() if (language == "python" and line) or line.startswith("+"))
    files = len({file for _, file, _ in EXAMPLE})
    (said,) = re.findall(r"<!-- count -->(.*)<!-- end of count -->", PAGE)
    assert said == f"{files} files are touched, with {lines} lines"
