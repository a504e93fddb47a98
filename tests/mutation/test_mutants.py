"""The quick tests notice small mistakes in the code below them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from judged import JUDGED

SAMPLE = 130
"""As many as two cores try in five minutes. `python tests/mutation/running.py 1000` tries all."""


@pytest.mark.extended
def test_no_mutant_survives_but_those_that_are_judged(record_property, tmp_path):
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("running.py")), str(SAMPLE)],
        env={**os.environ, "PYTEST_DEBUG_TEMPROOT": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    tried, survived = ({tuple(mutant) for mutant in answer[key]} for key in ("tried", "survived"))
    for mutant in tried:
        record_property("counted", f"mutants, {'survivors' if mutant in survived else 'killed'}")
    judged = {(module, name) for module, reasons in JUDGED.items() for name in reasons}
    assert sorted(survived - judged) == [], "write a test that fails on it, or judge it in judged.py"
    assert sorted(judged & tried - survived) == [], "a test kills it now: take it out of judged.py"


def test_nothing_is_said_of_mutants_where_the_tests_fail_without_any(tmp_path):
    failing = tmp_path / "test_failing.py"
    failing.write_text("def test_fails():\n    assert False\n")
    program = f"import running; running.TESTS = [{str(failing)!r}]; running.main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "1"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent), "PYTEST_DEBUG_TEMPROOT": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "the tests fail without any mutant" in done.stdout
    assert done.returncode != 0


def test_every_judgement_has_its_reason():
    assert [name for reasons in JUDGED.values() for name, reason in reasons.items() if len(reason) < 20] == []
