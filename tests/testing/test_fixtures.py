"""The fixtures that users get, as their tests see them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def outcome(pytester, monkeypatch):
    """Run a user's test module and give its result."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("WAREHOUSE_SYNC_API_VERSION", "of-the-developers-shell")
    pytester.makeconftest('pytest_plugins = ["warehouse_sync_pulumi.testing"]')

    def run(source):
        pytester.makepyfile(source)
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", "--strict-markers")

    return run


def test_the_environment_leads_to_an_emulator_while_the_test_runs(outcome):
    outcome(
        """
        import os, urllib.request

        seen = {}

        def test_during(warehouse_sync):
            set_ones = {name: value for name, value in os.environ.items() if name.startswith("WAREHOUSE_SYNC_")}
            assert set_ones == warehouse_sync.environment
            assert warehouse_sync.objects("connections") == {}
            assert b"url" in urllib.request.urlopen(warehouse_sync.url + "/_emulator").read()
            seen["url"] = warehouse_sync.url

        def test_after():
            assert os.environ["WAREHOUSE_SYNC_API_VERSION"] == "of-the-developers-shell"
            assert "WAREHOUSE_SYNC_API_URL" not in os.environ
            try:
                urllib.request.urlopen(seen["url"])
            except OSError:
                return
            assert False, "it still listens"
        """
    ).assert_outcomes(passed=2)


def test_a_mark_gives_the_emulator_other_arguments(outcome):
    outcome(
        """
        import pytest
        from warehouse_sync_pulumi.emulator import Behaviour

        @pytest.mark.warehouse_sync(workspace_id=5328, behaviour=Behaviour(duplicate_status=409))
        def test_marked(warehouse_sync):
            assert warehouse_sync.environment["WAREHOUSE_SYNC_WORKSPACE_ID"] == "5328"
            assert warehouse_sync.behaviour.duplicate_status == 409

        def test_unmarked(warehouse_sync):
            assert warehouse_sync.behaviour == Behaviour()
        """
    ).assert_outcomes(passed=2)


@pytest.mark.extended
@pytest.mark.engine
def test_the_example_of_a_tested_program_passes():
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(ROOT / "examples" / "testing")]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=300)
    assert "3 passed" in done.stdout, done.stdout + done.stderr
