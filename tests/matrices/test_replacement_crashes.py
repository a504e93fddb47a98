"""kill -9 in the middle of a replacement: the next up finishes it."""

from __future__ import annotations

import signal

import pytest
from cases import FEED_KEY, PASSWORD
from crashes import MOMENTS, VICTIMS, kill
from programs import three

from warehouse_sync_pulumi.emulator import Fault

NEW = three(connection={"password": PASSWORD}, pipeline={"partner_feed_key": FEED_KEY, "pipeline_id": "new"})
REPLACED = three(
    connection={"password": PASSWORD}, pipeline={"partner_feed_key": FEED_KEY, "schedule_interval": "daily"}
).replace('Pipeline("orders", ', 'Pipeline("orders", opts=pulumi.ResourceOptions(replace_on_changes=["*"]), ')
DELETES = {
    "before the DELETE took effect": {"kind": "cut_before", "seconds": 600},
    "deleted": {"kind": "hold", "after_effect": True},
}


@pytest.mark.counted("crashes of replacements")
@pytest.mark.extended
@pytest.mark.parametrize("moment", DELETES)
@pytest.mark.parametrize("victim", VICTIMS)
def test_a_kill_between_create_and_delete_leaves_the_new_one_alone(case, command, victim, moment):
    """Under a new id the old one goes last."""
    with case("deployed") as at:
        at.stack.program(NEW)
        kill(at, command, victim, "DELETE", "pipelines/orders", DELETES[moment])
        assert ("pipelines", "new") in at.objects()

        at.stack.up()
        assert [id_ for kind, id_ in at.objects() if kind == "pipelines"] == ["new"]
        assert at.emulator.journal.count("DELETE", "pipelines/new") == 0
        assert len(at.state()) == 3
        assert at.stack.is_unchanged("--refresh")


@pytest.mark.extended
@pytest.mark.counted("crashes of replacements")
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_kill_between_delete_and_create_leaves_exactly_one_object(case, command, moment):
    """Under the same id the old one goes first."""
    with case("deployed") as at:
        at.stack.program(REPLACED)
        kill(at, command, "both", "POST", "pipelines", MOMENTS[moment])
        assert at.emulator.journal.count("DELETE", "pipelines/orders", took_effect=True) == 1
        at.stack.up()
        assert at.emulator.journal.count("DELETE", took_effect=True) == 1
        assert at.agrees(REPLACED)
        assert at.objects()["pipelines", "orders"]["schedule_interval"] == "daily"


@pytest.mark.extended
@pytest.mark.counted("interrupts")
def test_a_delete_that_fails_leaves_all_as_it_was_and_an_interrupt_ends_the_wait(case, command):
    """With `--continue-on-error` the engine goes on, but never answers the program, which waits."""
    with case("deployed") as at:
        at.stack.program(REPLACED)
        before = at.objects()
        at.emulator.faults.add(Fault(kind="status", status=403, method="DELETE", path="pipelines/orders", times=None))
        going = command(at.stack, "--continue-on-error")
        going.says("**deleting failed**")
        going.signal(signal.SIGINT)
        assert going.wait() == 1
        assert at.objects() == before
        assert len(at.state()) == 3

        at.emulator.faults.clear()
        at.stack.up()
        assert at.agrees(REPLACED)
        assert at.stack.is_unchanged("--refresh")
