from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

SUITE = """
import pytest

@pytest.mark.engine
def test_one(): pass

@pytest.mark.engine
def test_two(): assert False

@pytest.mark.engine
@pytest.mark.skip(reason="to see that it does not count")
def test_skipped(): pass

def test_without_engine(): pass
"""


MARKING = """
import pytest

def pytest_collection_modifyitems(items):
    for item in items:
        if "test_in_a_folder" in item.nodeid:
            item.add_marker(pytest.mark.engine)
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_the_summary_counts_what_ran_under_the_engine(tmp_path, fake_engine, workers):
    said = summary(tmp_path, SUITE, *workers, first_on_path=fake_engine("v3.300.0"), marked="def test_three(): pass")
    assert "engine: 3 tests ran under pulumi v3.300.0" in said


def test_the_summary_says_so_when_nothing_ran_under_the_engine(tmp_path):
    said = summary(tmp_path, "def test_without_engine(): pass", first_on_path=tmp_path)
    assert "engine: 0 tests ran under the real engine" in said


def summary(folder, suite, *options, first_on_path, marked=""):
    (folder / "conftest.py").write_text((REPOSITORY / "tests" / "conftest.py").read_text())
    (folder / "test_suite.py").write_text(suite)
    (folder / "marked").mkdir()
    (folder / "marked" / "conftest.py").write_text(MARKING)
    (folder / "marked" / "test_in_a_folder.py").write_text(marked)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = engine\n")
    path = f"{first_on_path}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout
