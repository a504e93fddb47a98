"""The example with a stack for each environment, and the scripts of its workflows, run as GitHub would."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from stack import Stack

EXAMPLE = Path(__file__).parents[2] / "examples" / "environments"
WORKFLOWS = sorted(EXAMPLE.glob(".github/workflows/*.yml"))
SECRETS = {"snowflakePassword": "correct horse", "partnerFeedKey": "us1-key"}
SHELLS = {None: ["bash", "-e", "-c"], "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]}
"""What GitHub runs a step's script by, as the step names its shell or does not."""
CREDENTIALS = ("WAREHOUSE_SYNC_CLIENT_ID", "WAREHOUSE_SYNC_CLIENT_SECRET")


@pytest.fixture
def project(tmp_path, emulator):
    """A copy of the example, with both stacks and their secrets."""
    environment = {name: text for name, text in emulator.environment.items() if name != "WAREHOUSE_SYNC_WORKSPACE_ID"}
    project = Stack(tmp_path / "project", environment)
    shutil.copytree(EXAMPLE, project.folder, dirs_exist_ok=True)
    for stack in ("dev", "prod"):
        project.run("stack", "init", stack)
        for name, value in SECRETS.items():
            project.run("config", "set", "--stack", stack, "--secret", name, value)
    return project


@pytest.fixture
def step(project, tmp_path):
    """Run a step of a workflow that has a script, in the environment that the workflow gives it."""
    commands = tmp_path / "commands"
    commands.mkdir()
    (commands / "gh").write_text('#!/bin/sh\ncat > "$RUNNER_TEMP/posted.md"\necho "gh $*"\n')
    (commands / "gh").chmod(0o755)

    def run(workflow, name, **matrix):
        (job,) = yaml.safe_load((EXAMPLE / ".github" / "workflows" / f"{workflow}.yml").read_text())["jobs"].values()
        (found,) = (step for step in job["steps"] if step.get("name") == name)
        given = dict(found["env"])
        environment = project.environment | {"RUNNER_TEMP": str(tmp_path), "PULL_REQUEST": "the-pull-request"}
        environment["PATH"] = os.pathsep.join([str(commands), environment["PATH"]])
        environment = {key: text for key, text in environment.items() if key not in CREDENTIALS or key in given}
        environment |= {key.upper(): text for key, text in matrix.items() if key.upper() in given}
        return subprocess.run(
            [*SHELLS[found.get("shell")], found["run"]],
            cwd=project.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )

    return run


def test_a_pull_request_gets_a_comment_without_credentials_or_a_request(project, step, emulator, tmp_path):
    ran = step("preview", "Preview")
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout == "gh pr comment the-pull-request --edit-last --create-if-none --body-file -\n"
    posted = (tmp_path / "posted.md").read_text()
    assert len(emulator.journal) == 0
    assert posted.count(" 4 to create") == 2
    assert posted.index("### dev") < posted.index("1234") < posted.index("### prod") < posted.index("5678")
    assert not [secret for secret in SECRETS.values() if secret in posted]
    created = re.findall(r"^\+ {5}pulumi-python:dynamic/warehouse-sync:Pipeline: \(create\)", posted, re.MULTILINE)
    assert len(created) == 2
    assert "warning" not in posted


@pytest.mark.extended
def test_a_preview_that_fails_is_commented_and_fails_the_job(project, step, tmp_path):
    (project.folder / "customers.sql").write_text("DELETE FROM {database}.sales.customers")
    ran = step("preview", "Preview")
    assert ran.returncode == 1, ran.stdout
    assert (tmp_path / "posted.md").read_text().count("this is not a SELECT") == 2


@pytest.mark.extended
def test_both_stacks_are_deployed_each_its_own_way_and_then_show_no_drift(project, step, emulator):
    for stack, workspace, warehouse, interval, environment in (
        ("dev", 1234, "dev_wh", "daily", "development"),
        ("prod", 5678, "sync_wh", "hourly", "production"),
    ):
        ran = step("apply", "Apply", stack=stack)
        assert ran.returncode == 0, ran.stdout
        assert emulator.objects("connections", workspace)["shop-connection"]["warehouse"] == warehouse
        pipeline = emulator.objects("pipelines", workspace)["customers-pipeline"]
        assert (pipeline["schedule_interval"], pipeline["environment"]) == (interval, environment)
        assert step("drift", "Compare", stack=stack).returncode == 0
    emulator.change("pipelines", "customers-pipeline", 5678, is_active=False)
    assert step("drift", "Compare", stack="dev").returncode == 0
    drifted = step("drift", "Compare", stack="prod")
    assert drifted.returncode != 0
    assert "~ is_active: false => true" in drifted.stdout
    # What production runs on cannot be destroyed; development can.
    assert "protect" in project.destroy("--stack", "prod", fails=True).text
    assert list(emulator.objects("pipelines", 5678)) == ["customers-pipeline"]
    project.destroy("--stack", "dev")
    assert not emulator.objects("pipelines", 1234)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_is_pinned_and_has_no_rights_that_it_does_not_need(workflow):
    text = workflow.read_text()
    parsed = yaml.safe_load(text)
    used = re.findall(r"uses: (\S+)@(\S+) # v\d+\.\d+\.\d+", text)
    assert len(used) == text.count("uses:") > 0
    assert all(re.fullmatch(r"[0-9a-f]{40}", commit) for _, commit in used)
    assert set(parsed["permissions"].items()) <= {("contents", "read"), ("pull-requests", "write")}
    assert "pull_request_target" not in text
    for job in parsed["jobs"].values():
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), "a script takes what others may write from its environment"


def test_the_workflows_use_each_action_at_one_commit():
    used = [pair for workflow in WORKFLOWS for pair in re.findall(r"uses: (\S+)@(\S+)", workflow.read_text())]
    assert len(set(used)) == len({action for action, _ in used}) == 3
