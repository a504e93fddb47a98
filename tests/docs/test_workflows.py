"""What the workflows may do, and what they run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tools.engine.versions import PULUMI, dotted

REPOSITORY = Path(__file__).parents[2]
WORKFLOWS = sorted(REPOSITORY.glob("**/.github/workflows/*.yml"))


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.stem)
def workflow(request):
    return request.param.read_text(encoding="utf-8")


def test_every_action_is_pinned_by_commit_with_its_version_beside_it(workflow):
    for line in re.findall(r"uses: *(.*)", workflow):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+(;.*)?", line), line


def test_what_a_workflow_runs_on_does_not_change_by_itself(workflow):
    jobs = yaml.safe_load(workflow)["jobs"].values()
    assert {job["runs-on"] for job in jobs} == {"ubuntu-24.04"}
    for step in (step for job in jobs for step in job["steps"]):
        if step.get("uses", "").startswith("pulumi/actions@"):
            assert step["with"]["pulumi-version"] == dotted(PULUMI)


def test_the_example_of_workflows_installs_this_version():
    asked = (REPOSITORY / "examples" / "environments" / "requirements.txt").read_text(encoding="utf-8")
    (version,) = re.findall(r'^version = "(.+)"$', (REPOSITORY / "pyproject.toml").read_text(), re.MULTILINE)
    assert asked == f"warehouse-sync-pulumi=={version}\n"


def test_a_workflow_may_write_nothing_but_comments_unless_a_job_says_otherwise(workflow):
    permissions = yaml.safe_load(workflow)["permissions"]
    assert {name for name, may in permissions.items() if may == "write"} <= {"pull-requests"}
    assert permissions["contents"] == "read"


def test_only_the_job_that_publishes_has_an_identity_and_no_job_has_a_stored_token():
    release = (REPOSITORY / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(release)["jobs"]
    assert [name for name, job in jobs.items() if "id-token" in job.get("permissions", {})] == ["publish"]
    assert "secrets." not in release
    assert "password:" not in release


def test_what_is_only_attached_to_a_release_is_not_published_to_the_index():
    release = (REPOSITORY / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(release)["jobs"]
    uploads = {s["with"]["name"]: s["with"]["path"] for s in jobs["build"]["steps"] if "upload-artifact" in str(s)}
    (downloaded,) = (s["with"]["name"] for s in jobs["publish"]["steps"] if "download-artifact" in str(s))
    assert uploads[downloaded] == "dist/warehouse_sync_pulumi-*"


def test_what_they_make_exists():
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    called = {t for path in WORKFLOWS for t in re.findall(r"run: make ([a-z]+)", path.read_text(encoding="utf-8"))}
    assert {"lowest", "dist", "sdk"} <= called
    for target in called:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
