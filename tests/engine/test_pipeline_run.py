"""`PipelineRun`: a deployment that triggers a pipeline, and ends with the data in place."""

from __future__ import annotations

import json

import pytest
from programs import three

from warehouse_sync_pulumi.emulator import Emulator
from warehouse_sync_pulumi.emulator.duck import SAMPLE_ACCOUNT, open_warehouse

ROWS = 1460
"""In the sample warehouse's table, all of them of 2023."""


@pytest.fixture
def emulator():
    """An emulator with the sample warehouse behind it, whose runs pass through their states in 30 ms."""
    with Emulator(warehouse=open_warehouse("sample")) as running:
        running.set(phase_seconds=0.01)
        yield running


def program(run: str, *, pipeline: dict | None = None, **counted) -> str:
    """The three resources on the sample warehouse, and a run of the pipeline."""
    return (
        three(
            {"password": SAMPLE_ACCOUNT.password},
            {
                "sql_query": "SELECT customer_id, email, last_updated_utc FROM mp.demo_service.tickets",
                "load_timestamp_field_name": "last_updated_utc",
            },
            {"schedule_interval": "on_demand", "schedule_start_time": "2022-12-31T00:00:00Z"} | (pipeline or {}),
        )
        + f"""
run = PipelineRun("run", pipeline_id=pipeline.pipeline_id, {run})
pulumi.export("records", run.records_extracted)
pulumi.export("type", run.records_extracted.apply(lambda records: type(records).__name__))
pulumi.export("run", run.pipeline_run_id)
pulumi.export("state", run.pipeline_run_state)
"""
    )


def triggers(emulator) -> int:
    return emulator.journal.count("POST", "pipelines/*")


def outputs(stack) -> dict:
    return json.loads(stack.run("stack", "output", "--json").text)


def test_one_up_creates_the_pipeline_and_ends_with_its_data_in_place(stack, emulator):
    stack.program(program('triggers={"version": 1}'))
    assert "5 to create" in stack.preview().text
    assert len(emulator.journal) == 0, "a preview asks for nothing"
    stack.up()
    first = outputs(stack)
    assert first | {"run": None} == {"records": ROWS, "type": "int", "state": "success", "run": None}
    assert triggers(emulator) == 1

    assert stack.is_unchanged()
    stack.up()
    assert stack.is_unchanged("--refresh")
    assert triggers(emulator) == 1, "an up without a change triggers nothing"

    stack.program(program('triggers={"version": 2}'))
    stack.up()
    second = outputs(stack)
    assert triggers(emulator) == 2
    assert second["run"] != first["run"]
    assert second["records"] == 0, "all data is there already"

    stack.program(program('triggers={"version": 2}, timeout=60, minimum_records=5, when_busy=WhenBusy.FAIL'))
    stack.up()
    assert triggers(emulator) == 2, "no argument but triggers triggers"
    assert outputs(stack) == second
    assert stack.is_unchanged()

    stack.destroy()
    assert emulator.journal.count("DELETE", "*runs*") == 0
