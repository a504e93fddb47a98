"""Each example is deployed as it stands, by the real engine, to an emulator with a warehouse behind it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"

SECRETS = ["--config=snowflakePassword=sample-password", "--config=partnerFeedKey=us1-key"]

TESTED_ELSEWHERE = {
    "quickstart": "tests/tooling/test_quickstart.py",
    "environments": "tests/engine/test_environments.py",
    "snowflake": "tests/examples/test_snowflake.py",
    "testing": "tests/testing/test_fixtures.py",
}


def outputs(stack):
    return json.loads(stack.run("stack", "output", "--json").text)


@pytest.mark.extended
@pytest.mark.engine
def test_a_loop_makes_a_pipeline_for_each_query_from_one_connection(example, emulator):
    stack = example("pipelines_in_a_loop")
    stack.up(*SECRETS)
    assert list(emulator.objects("connections")) == ["support-connection"]
    queries = {path.stem for path in (EXAMPLES / "pipelines_in_a_loop" / "queries").iterdir()}
    assert outputs(stack) == {query: f"{query}-pipeline" for query in queries}
    pipelines = emulator.objects("pipelines")
    assert {one["connection_id"] for one in pipelines.values()} == {"support-connection"}
    assert sorted(one["schedule_interval"] for one in pipelines.values()) == ["daily", "hourly", "weekly"]


@pytest.mark.engine
def test_a_component_makes_what_its_team_needs_beneath_itself(example, emulator):
    stack = example("component")
    stack.up(*SECRETS)
    assert outputs(stack) == {"tickets": "support-tickets-pipeline", "states": "support-states-pipeline"}
    assert sorted(emulator.objects("data-models")) == ["support-states-model", "support-tickets-model"]
    parents = {resource["parent"].partition("::examples:index:TeamSync::")[2] for resource in stack.resources()}
    assert parents == {"support"}


@pytest.mark.extended
@pytest.mark.engine
def test_a_backfill_waits_for_its_run_and_runs_again_when_the_version_is_raised(example, emulator):
    stack = example("backfill")
    stack.up(*SECRETS, "--config=version=1")
    assert outputs(stack) == {"state": "success", "records": 1460}
    stack.up("--config=version=2")
    assert outputs(stack) == {"state": "success", "records": 1460}
    assert list(emulator.objects("pipelines")) == ["tickets-backfill-2"]


def test_every_example_is_run_by_a_test():
    here = (EXAMPLES.parent / "tests" / "examples" / "test_examples.py").read_text(encoding="utf-8")
    for example in (path.name for path in EXAMPLES.iterdir() if path.is_dir() and path.name != "__pycache__"):
        if example in TESTED_ELSEWHERE:
            assert (EXAMPLES.parent / TESTED_ELSEWHERE[example]).exists()
        else:
            assert f'"{example}")' in here or f'/ "{example}"' in here, example
