"""What the workflows may do, and what they run."""

from __future__ import annotations

import os
import re
import subprocess
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


@pytest.fixture
def release():
    return yaml.safe_load((REPOSITORY / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))


@pytest.fixture
def documented():
    """CONTRIBUTING's section on releases, and what its table says of each job."""
    page = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("\n## Release\n")[2]
    return page, dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE))


def text_of(job):
    """What a job runs and uses, and with what."""
    return yaml.safe_dump(job, width=1000)


def test_a_release_has_the_jobs_that_are_documented_one_after_the_other(release, documented):
    jobs = release["jobs"]
    assert list(jobs) == list(documented[1])
    assert [job.get("needs") for job in jobs.values()] == [None, *list(jobs)[:-1]]


@pytest.mark.parametrize("name", ["build", "publish", "release"])
def test_each_job_does_what_is_documented(release, documented, name):
    quoted = re.findall(r"`([^`]+)`", documented[1][name])
    assert len(quoted) >= 2
    for words in quoted:
        assert words in text_of(release["jobs"][name]), words


def test_a_release_is_made_of_a_tag_of_the_documented_form(release, documented):
    assert release[True]["push"] == {"tags": ["v*"]}  # YAML takes `on` for a truth value
    assert "a tag `v` + version" in documented[0]


def test_the_publisher_that_the_index_has_to_trust_is_documented(release, documented):
    words = " ".join(documented[0].split())
    assert f"the workflow `release.yml` and the environment `{release['jobs']['publish']['environment']}`" in words


def test_what_is_published_is_what_was_built_and_tested(release):
    build, publish, release_ = (release["jobs"][name]["steps"] for name in ("build", "publish", "release"))
    runs = [step["run"] for step in build if "run" in step]
    assert runs[:3] == [".ci/run", "make dist", "make sdk"]
    kept = {s["with"]["name"]: s["with"]["path"].split() for s in build if "upload-artifact" in s.get("uses", "")}
    assert kept == {
        "packages": ["dist/warehouse_sync_pulumi-*"],
        "attachments": ["dist/*.cdx.json", "dist/*.tgz", "dist/pulumi*"],
    }
    (taken,) = (step["with"] for step in publish if "download-artifact" in step["uses"])
    assert taken == {"name": "packages", "path": "dist"}, "the index takes nothing else"
    (taken,) = (step["with"] for step in release_ if "download-artifact" in step.get("uses", ""))
    assert taken == {"path": "dist", "merge-multiple": True}


@pytest.mark.parametrize(
    ("tag", "built", "changelog", "code"),
    [
        ("v1.2.3", "1.2.3", "## [1.2.3] - 2026-11-27", 0),
        ("v1.2.4", "1.2.3", "## [1.2.4] - 2026-11-27", 1),
        ("v1.2.3", "1.2.3", "## [Unreleased]", 1),
    ],
)
def test_a_tag_of_another_version_is_refused(release, tmp_path, tag, built, changelog, code):
    (script,) = (s["run"] for s in release["jobs"]["build"]["steps"] if "GITHUB_REF_NAME" in s.get("run", ""))
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / f"warehouse_sync_pulumi-{built}-py3-none-any.whl").touch()
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{changelog}\n")
    environment = {**os.environ, "GITHUB_REF_NAME": tag}
    ran = subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert ran.returncode == code


def test_what_they_make_exists():
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    called = {t for path in WORKFLOWS for t in re.findall(r"run: make ([a-z]+)", path.read_text(encoding="utf-8"))}
    assert {"lowest", "dist", "sdk"} <= called
    for target in called:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
