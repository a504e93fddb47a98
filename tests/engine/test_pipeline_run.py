"""`PipelineRun`: a deployment that triggers a pipeline, and ends with the data in place."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from datetime import datetime, timezone

import pytest
from programs import three
from stack import Stack

from warehouse_sync_pulumi.emulator import Emulator
from warehouse_sync_pulumi.emulator.warehouse import SAMPLE_ACCOUNT, open_warehouse

pytestmark = pytest.mark.hosts("extended")

ROWS = 1460
"""In the sample warehouse's table, all of them of 2023."""
QUERY = "SELECT customer_id, email, last_updated_utc FROM mp.demo_service.tickets"


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
                "sql_query": QUERY,
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
    assert first | {"run": None} == {"records": ROWS, "type": stack.whole, "state": "success", "run": None}
    assert triggers(emulator) == 1

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


def test_a_run_that_fails_makes_up_fail_with_one_line(stack, emulator):
    stack.program(program("").partition("run = ")[0])
    stack.up()
    emulator.warehouse.execute("DROP TABLE mp.demo_service.tickets")
    stack.program(program(""))
    ran = stack.up(fails=True)
    assert "Traceback" not in ran.text
    told = [line.strip() for line in ran.text.splitlines() if line.strip().startswith("error: run")]
    assert len(told) == 1, ran
    assert re.fullmatch(
        r"error: run \d+ of pipeline 'orders' in workspace 1234 failed: data from 2022-12-31T00:00:00Z to \S+Z; the "
        r"pipeline is faulted: SQL compilation error: .*tickets.*; the next up triggers another run",
        told[0],
    ), ran


@pytest.mark.extended
def test_the_references_table_of_intervals(tmp_path):
    """Created on the 1st, triggered on the 4th and on the 8th; the page's 08:30:11 is a slip for 08:30:17."""
    with Emulator(start=datetime(2023, 2, 1, 15, 13, 22, tzinfo=timezone.utc), speed=0) as emulator:
        emulator.set(phase_seconds=0)
        stack = Stack(tmp_path / "stack", emulator.environment)
        wired = three({}, {}, {"schedule_interval": "on_demand", "schedule_start_time": "2023-02-01T00:00:00Z"})
        stack.program(wired)
        stack.up()
        found = []
        for at in (
            datetime(2023, 2, 4, 8, 30, 17, tzinfo=timezone.utc),
            datetime(2023, 2, 8, 12, 5, 45, tzinfo=timezone.utc),
        ):
            emulator.clock.set(at)
            stack.program(
                wired + f'run = PipelineRun("run", pipeline_id=pipeline.id, triggers={{"at": "{at}"}})\n'
                'pulumi.export("interval", [run.data_interval_start, run.data_interval_end])\n'
            )
            stack.up()
            found.append(outputs(stack)["interval"])
    assert found == [
        ["2023-02-01T00:00:00Z", "2023-02-04T08:30:17Z"],
        ["2023-02-04T08:30:17Z", "2023-02-08T12:05:45Z"],
    ]


@pytest.mark.extended
def test_an_interrupted_up_keeps_its_run_and_the_next_one_waits_for_it(stack, emulator):
    emulator.set(phase_seconds=100)
    stack.program(program(""))
    going = subprocess.Popen(
        ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--color=never"],
        cwd=stack.folder,
        env=stack.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    emulator.journal.wait_for("GET", "*/status/runs/*", timeout=120)
    going.send_signal(signal.SIGINT)
    try:
        said, _ = going.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        emulator.clock.advance(hours=1)  # nothing is left running
        going.communicate(timeout=60)
        raise
    assert going.returncode != 0
    assert "and the wait was interrupted" in said
    assert "the next up waits for the same run" in said
    assert "Traceback" not in said
    (run,) = [resource for resource in stack.resources() if resource["type"].endswith(":PipelineRun")]
    assert run["id"] == "orders"

    assert "was not over: an update waits for it, and triggers no other" in stack.preview().text
    emulator.clock.advance(hours=1)
    stack.up()
    assert outputs(stack) == {
        "records": ROWS,
        "type": stack.whole,
        "state": "success",
        "run": run["outputs"]["pipeline_run_id"],
    }
    assert triggers(emulator) == 1
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_an_update_that_times_out_keeps_its_run_through_a_refresh(stack, emulator):
    stack.program(program('triggers={"n": 1}'))
    stack.up()
    emulator.set(phase_seconds=100)
    stack.program(program('triggers={"n": 2}, timeout=1'))
    assert "is not over after 1 s" in stack.up(fails=True).text
    stack.refresh()
    assert not stack.is_unchanged()
    emulator.clock.advance(hours=1)
    stack.up()
    assert outputs(stack)["state"] == "success"
    assert triggers(emulator) == 2
    assert stack.is_unchanged()


@pytest.mark.extended
def test_triggers_that_are_unknown_in_preview_preview_as_a_new_run(stack, emulator):
    triggered = 'triggers={"wired": {"pipeline": pipeline.created_on, "query": [data_model.last_modified_on]}}'
    stack.program(program(triggered))
    assert "5 to create" in stack.preview().text
    stack.up()
    stack.program(program(triggered).replace("SELECT customer_id, email,", "SELECT email,"))
    shown = stack.preview().text
    of_run = shown.partition(":PipelineRun: (update)")[2]
    assert "[unknown]" in of_run, shown
    assert "pipeline_run_id" not in of_run.partition("Outputs:")[0], "nothing but what changes"
    stack.up()
    assert triggers(emulator) == 2
    assert stack.is_unchanged()


@pytest.mark.extended
def test_two_runs_of_one_pipeline_take_turns(stack, emulator):
    stack.program(program("") + 'PipelineRun("other", pipeline_id=pipeline.id)')
    stack.up()
    assert emulator.journal.count("POST", "pipelines/*", took_effect=True) == 2


@pytest.mark.extended
def test_too_few_records_fail_up_and_a_lower_minimum_accepts_the_same_run(stack, emulator):
    stack.program(program("minimum_records=2000"))
    assert f"extracted {ROWS:,} records, fewer than 2,000" in stack.up(fails=True).text
    stack.program(program(f"minimum_records={ROWS}"))
    stack.up()
    assert outputs(stack)["records"] == ROWS
    assert triggers(emulator) == 1
