"""A resource's `custom_timeouts`: the operation ends when its time is over, and the next `up` goes on from there."""

from __future__ import annotations

import time

import pytest
from programs import three
from reading import failures

from warehouse_sync_pulumi.emulator import Fault

pytestmark = pytest.mark.hosts("extended")

LIMIT = "4s"
"""Enough to import what a request takes, to get a token and to send the request, on a busy machine too."""
OVER = "timed out after the 4 s of its custom_timeouts; run `pulumi up` again to go on"


def opts(**timeouts):
    return f"pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(**{timeouts!r}))"


def seconds(command):
    began = time.monotonic()
    return command(), time.monotonic() - began


def held(emulator, **where):
    """The request takes effect, and its answer does not come."""
    return emulator.faults.add(Fault(kind="hold", after_effect=True, times=None, **where))


def test_a_create_ends_when_its_time_is_over_and_the_next_up_takes_over_what_was_made(stack, emulator):
    program = three(opts=opts(create=LIMIT))
    stack.program(program)
    fault = held(emulator, method="POST", path="connections")
    ran, took = seconds(lambda: stack.up("--target", "**Connection**", fails=True))
    (line,) = failures(ran)
    assert line.startswith("cannot create connection 'orders' in workspace 1234: ")
    assert line.endswith(OVER)
    assert took < 30
    assert fault.struck == 1
    fault.release()
    emulator.faults.clear()

    made = emulator.objects("connections")["orders"]["created_on"]
    assert "taken over, not created: connection 'orders'" in stack.up().text
    assert emulator.objects("connections")["orders"]["created_on"] == made
    assert stack.is_unchanged()


@pytest.mark.extended
def test_a_wait_for_a_busy_service_ends_with_it(stack, emulator):
    stack.program(three(opts=opts(create=LIMIT)))
    emulator.faults.add(Fault(kind="status", status=429, headers={"Retry-After": "60"}, path="connections", times=None))
    ran, took = seconds(lambda: stack.up(fails=True))
    assert any(
        "429, too many requests; timed out after the 4 s of its custom_timeouts" in line for line in failures(ran)
    )
    assert took < 30


@pytest.mark.extended
def test_an_update_and_a_delete_end_with_theirs(deployed):
    deployed.program(three(connection={"role": "other"}, opts=opts(update=LIMIT, delete=LIMIT)))
    for command, method in ((deployed.up, "PUT"), (deployed.destroy, "DELETE")):
        fault = held(deployed.emulator, method=method, path="connections/*")
        ran, took = seconds(lambda command=command: command(fails=True))
        verb = {"PUT": "update", "DELETE": "delete"}[method]
        (line,) = [line for line in failures(ran) if OVER in line]
        assert line.startswith(f"cannot {verb} connection 'orders' in workspace 1234: ")
        assert took < 30
        fault.release()
        deployed.emulator.faults.clear()
        command()
    assert deployed.emulator.objects("connections") == {}


@pytest.mark.extended
def test_without_one_nothing_ends_early(stack, emulator):
    stack.program(three(opts=opts(update="1s")))
    emulator.faults.add(Fault(kind="delay", seconds=1.5, method="POST", path="connections"))
    stack.up()


@pytest.mark.extended
def test_a_run_that_is_not_over_is_waited_for_by_the_next_up(stack, emulator):
    run = f'PipelineRun("run", pipeline_id=pipeline.pipeline_id, opts={opts(create=LIMIT)})\n'
    stack.program(three(pipeline={"schedule_interval": "on_demand"}) + run)
    emulator.set(phase_seconds=60)
    ran, took = seconds(lambda: stack.up(fails=True))
    assert "timed out after the 4 s of its custom_timeouts" in ran.text
    assert "the next up waits for the same run" in ran.text
    assert took < 30
    emulator.clock.advance(hours=1)
    stack.up()
    assert emulator.journal.count("POST", "pipelines/*") == 1
