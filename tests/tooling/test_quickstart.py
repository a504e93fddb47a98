"""`make up` and its companions, on a copy of the example, with the real engine and a real emulator."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

CREDENTIALS = {
    "client_id": "any",
    "client_secret": "any",
    "audience": "https://api.mparticle.com",
    "grant_type": "client_credentials",
}

pytestmark = pytest.mark.engine


@pytest.fixture
def project(tmp_path):
    """A copy of what `make up` needs; what it started is stopped in the end."""
    shutil.copy(REPOSITORY / "Pulumi.yaml", tmp_path)
    for folder in ("examples", "tools"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    yield tmp_path
    dev(tmp_path, "stop")


@pytest.mark.extended
def test_up_is_repeatable_survives_its_emulator_and_previews_a_change_of_the_sql_line_by_line(project):
    said = dev(project, "up")
    assert "+ 4 created" in said
    assert 'pipeline  : "open-tickets-pipeline"' in said
    run = pipeline_run(project)
    assert run["pipeline_run_state"] == "success"
    assert run["records_extracted"] == 97, "every customer with an open ticket"

    os.kill(record(project)["pid"], 9)
    assert "4 unchanged" in dev(project, "up", "--refresh"), "another emulator holds what that one held"

    sql = project / "examples" / "quickstart" / "open-tickets.sql"
    sql.write_text(sql.read_text().replace("status = 'open'", "status = 'pending'"))
    preview = [line.strip() for line in dev(project, "preview").splitlines()]
    assert "- WHERE status = 'open'" in preview
    assert "+ WHERE status = 'pending'" in preview

    before = requests(project)
    assert "~ 1 updated" in dev(project, "up")
    assert [method for method, _ in requests(project)[len(before) :] if method not in ("GET", "POST")] == ["PUT"]

    dev(project, "down")
    assert dev(project, "down") == "Nothing is up.\n"
    assert "+ 4 to create" in dev(project, "preview")


@pytest.mark.extended
def test_a_pulumi_command_and_the_shell_work_on_the_same_stack_and_hand_the_exit_code_back(project):
    assert re.search(r"snowflakePassword +\[secret\]", dev(project, "pulumi", "config"))
    said = dev(project, "shell", "-c", "pulumi stack ls; exit 3", code=3)
    assert "dev*" in said
    (project / "examples" / "quickstart" / "__main__.py").write_text("raise SystemExit('no')")
    dev(project, "up", code=1)


def pipeline_run(project):
    """Trigger the pipeline, and give the run as it ended."""
    emulator = record(project)["url"]
    token = request("POST", f"{emulator}/oauth/token", CREDENTIALS)["access_token"]
    pipeline = f"{emulator}/platform/experimental/workspaces/1234/inputs/warehouse/pipelines/open-tickets-pipeline"
    request("POST", pipeline, token=token)
    request("POST", f"{emulator}/_emulator/clock", {"advance": 600})
    return request("GET", f"{pipeline}/status", token=token)["latest_pipeline_run"]


def dev(project, *command, code=0):
    run = subprocess.run(
        [sys.executable, "-m", "tools.dev", *command],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1", "SHELL": "/bin/sh"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == code, run.stdout
    return run.stdout


def record(project):
    return json.loads((project / ".dev" / "emulator.json").read_text())


def requests(project):
    journal = request("GET", record(project)["url"] + "/_emulator/journal")
    return [(entry["method"], entry["path"]) for entry in journal]


def request(method, url, body=None, *, token=""):
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    sent = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers, method=method)  # noqa: S310
    with urllib.request.urlopen(sent) as answer:  # noqa: S310 (it is the emulator's URL)
        return json.load(answer)
