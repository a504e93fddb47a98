"""`warehouse-sync emulator`, as a user runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from emulator_calls import CONNECTION, CREDENTIALS

from warehouse_sync_pulumi.cli import group

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
MODULE = [sys.executable, "-m", "warehouse_sync_pulumi"]


@contextmanager
def running(*options, ends_with=signal.SIGTERM):
    """The command in a process of its own, and the URL that it prints."""
    process = subprocess.Popen([*MODULE, "emulator", *options], stdout=subprocess.PIPE, env=ENVIRONMENT, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(ends_with)
        assert process.wait(timeout=10) == 0
        process.stdout.close()


def run(*arguments):
    return CliRunner().invoke(group, ["emulator", *arguments])


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_its_url_when_it_listens_and_ends_on_a_signal(end):
    with running("--port", "0", ends_with=end) as url:
        assert url.startswith("http://127.0.0.1:")
        assert httpx.post(f"{url}/oauth/token", json=CREDENTIALS).status_code == 200


def test_its_options_reach_the_emulator(tmp_path):
    state = tmp_path / "state.json"
    options = [
        *("--workspace", "7", "--client-id", "me", "--client-secret", "mine", "--state", str(state)),
        *("--set", "duplicate_status=409", "--speed", "0", "--warehouse", "sample"),
    ]
    with running(*options) as url:
        assert httpx.post(f"{url}/oauth/token", json=CREDENTIALS).status_code == 401
        token = httpx.post(
            f"{url}/oauth/token", json={**CREDENTIALS, "client_id": "me", "client_secret": "mine"}
        ).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        base = f"{url}/platform/experimental/workspaces/{{}}/inputs/warehouse/connections"
        assert httpx.get(base.format(8), headers=headers).status_code == 404
        body = {**CONNECTION, "workspace_id": 7}
        assert httpx.post(base.format(7), headers=headers, json={**body, "password": "wrong"}).status_code == 505
        statuses = [httpx.post(base.format(7), headers=headers, json=body).status_code for _ in range(2)]
        assert statuses == [200, 409]
        assert httpx.get(f"{url}/_emulator").json()["warehouse"] == "DuckWarehouse"
    assert CONNECTION["id"] in state.read_text()


def test_its_help_says_how_to_use_it():
    for arguments in (["--help"], ["-h"]):
        text = run(*arguments).output
        for word in ("WAREHOUSE_SYNC_API_URL", "--port", "--state", "--workspace", "--warehouse", "--explain"):
            assert word in text


def test_it_explains_every_route_and_switch_with_its_source():
    text = run("--explain").output
    assert "pipelines/{id}/status/runs/{run}" in text
    assert "duplicate_status = 400  [guess]" in text
    assert "POST   faults" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "nothing=1"], "There is no switch nothing."),
        (["--set", "duplicate_status=500"], "500 is not a value of duplicate_status."),
        (["--set", "duplicate_status"], " is not a value of duplicate_status."),
        (["--client-id", "x"], "--client-id and --client-secret go together."),
        (["--port", "70000"], "70000"),
        (["--warehouse", "/nothing.sql"], "No such file"),
    ],
)
def test_a_mistake_is_one_line_and_no_trace(arguments, said):
    result = run(*arguments)
    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_taken_port_is_one_line():
    with running() as url:
        port = url.rpartition(":")[2]
        result = run("--port", port)
        assert (result.exit_code, result.output) == (
            1,
            f"Error: Cannot listen on port {port}: Address already in use.\n",
        )


def test_without_click_the_command_says_what_to_install():
    code = "import sys; sys.modules['click'] = None; from warehouse_sync_pulumi.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "warehouse-sync needs click: pip install 'warehouse-sync-pulumi[cli]'\n"


def test_without_duckdb_the_warehouse_says_what_to_install():
    code = (
        "import sys; sys.modules['duckdb'] = None; sys.argv = ['x', 'emulator', '--warehouse', 'sample']; "
        "from warehouse_sync_pulumi.__main__ import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "Error: A warehouse needs duckdb: pip install 'warehouse-sync-pulumi[warehouse]'\n"


def test_help_loads_no_subcommand():
    code = (
        "import sys; from warehouse_sync_pulumi.cli import group; group(['--help'], standalone_mode=False); "
        "assert 'warehouse_sync_pulumi.cli.emulator' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, check=True, capture_output=True)
