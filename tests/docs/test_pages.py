"""The examples on the pages of the reference, deployed as they stand."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from warehouse_sync_pulumi.emulator import Emulator

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))

from stack import Stack

from tools.docs.pages import REPOSITORY, blocks


def example(page):
    (first, *_) = (
        b.text for b in blocks((REPOSITORY / "docs" / page).read_text(encoding="utf-8")) if b.language == "python"
    )
    return first


@pytest.fixture
def emulator():
    with Emulator() as running:
        running.set(phase_seconds=0.01)
        yield running


@pytest.fixture
def stack(tmp_path, emulator):
    made = Stack(tmp_path / "stack", emulator.environment)
    for name in ("snowflakePassword", "partnerFeedKey"):
        made.run("config", "set", "--secret", name, "correct horse")
    return made


def run(stack, *programs):
    (stack.folder / "__main__.py").write_text("\n".join(programs), encoding="utf-8")
    stack.up()


@pytest.mark.extended
@pytest.mark.engine
def test_the_examples_of_the_reference_run(stack, emulator):
    for page, collection in (("connection.md", "connections"), ("data-model.md", "data-models")):
        run(stack, example(page))
        assert list(emulator.objects(collection)) == ["orders"]
    on_demand = example("pipeline.md").replace('schedule_interval="daily"', 'schedule_interval="on_demand"')
    assert on_demand != example("pipeline.md")
    run(stack, example("pipeline.md"))
    run(stack, on_demand)
    run(stack, on_demand, example("pipeline-run.md"), example("functions.md"))
    assert emulator.journal.count("POST", "pipelines/orders") == 1
    found = json.loads(stack.run("stack", "output", "--json").text)
    assert found == {"records": 0, "connections": ["orders"], "active": True}
