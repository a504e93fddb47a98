"""What an editor says of a program: the type checker is run on calls that are right, and on calls that are wrong."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
CALLS = Path(__file__).with_name("typed_calls.py")


@pytest.fixture(scope="module")
def refused():
    """The lines that mypy refuses, each with its code."""
    options = ["--no-error-summary", "--hide-error-context"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(CALLS)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    pattern = rf"^{re.escape(str(CALLS.relative_to(REPOSITORY)))}:(\d+): error: .*\[([a-z-]+)\]$"
    return dict(re.findall(pattern, done.stdout, re.MULTILINE))


def expected():
    lines = CALLS.read_text(encoding="utf-8").splitlines()
    marked = ((number, re.search(r"# error: ([a-z-]+)$", line)) for number, line in enumerate(lines, 1))
    return {str(number): match[1] for number, match in marked if match}


def test_misspelt_missing_and_mistyped_are_each_refused_and_nothing_else_is(refused):
    assert len(expected()) >= 15
    assert refused == expected()
