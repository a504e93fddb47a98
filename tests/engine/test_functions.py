"""The functions in a program that the real engine runs."""

from __future__ import annotations

import json

import pytest
from programs import three


def outputs(stack) -> dict:
    return json.loads(stack.run("stack", "output", "--json").text)


@pytest.mark.extended
def test_what_is_there_already_is_read_in_a_preview_too(stack, emulator):
    emulator.put_object("connections", id="there", region="eu", password="correct horse")
    stack.program(
        'pulumi.export("region", get_connection("there").region)\n'
        'pulumi.export("whole", get_connection_output("there"))\n'
        'pulumi.export("ids", [found.id for found in get_connections()])\n'
    )
    shown = stack.preview().text
    assert 'region: "eu"' in shown
    stack.run("config", "set", "warehouse-sync:workspaceId", "1234")
    stack.up(WAREHOUSE_SYNC_WORKSPACE_ID="")
    found = outputs(stack)
    assert (found["region"], found["ids"]) == ("eu", ["there"])
    assert found["whole"]["connection_id"] == "there"
    assert "correct horse" not in stack.state_files()


def test_what_is_yet_to_be_created_is_unknown_in_a_preview(stack, emulator):
    stack.program(
        three({}, {}, {"schedule_interval": "on_demand"})
        + """
run = PipelineRun("run", pipeline_id=pipeline.pipeline_id)
status = get_pipeline_status_output(pipeline.pipeline_id, workspace_id=pipeline.workspace_id)
runs = get_pipeline_runs_output("orders", opts=pulumi.InvokeOutputOptions(depends_on=[run]))
pulumi.export("active", status.is_active)
pulumi.export("count", runs.apply(len))
pulumi.export("same", get_pipeline_run_output(run.pipeline_id, run.pipeline_run_id).pipeline_run_state)
pulumi.export("feed", get_pipeline_output(pipeline.id).partner_feed_id.apply(lambda feed: type(feed).__name__))
"""
    )
    emulator.set(phase_seconds=0.01)
    shown = stack.preview().text
    assert len(emulator.journal) == 0, shown
    assert shown.count("[unknown]") >= 4
    stack.up()
    assert outputs(stack) == {"active": True, "count": 1, "same": "success", "feed": "int"}
    assert stack.is_unchanged()


def test_a_missing_object_ends_the_program_with_one_line(stack):
    for call in ('get_pipeline("gone")', 'list(get_pipeline_runs("gone"))', 'get_pipeline_output("gone")'):
        stack.program(f'pulumi.export("found", {call})')
        ran = stack.up(fails=True)
        assert "Traceback" not in ran.text, ran
        assert "pipeline 'gone' in workspace 1234: the API answered 404: Pipeline gone was not found" in ran.text


def test_a_missing_object_can_be_caught(stack):
    stack.program('try:\n    get_pipeline("gone")\nexcept NotFoundError:\n    pulumi.export("found", False)\n')
    stack.up()
    assert outputs(stack) == {"found": False}
