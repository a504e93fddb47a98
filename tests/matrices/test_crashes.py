"""kill -9 in the middle of a create, under the real engine: what is left behind, the next up takes over."""

from __future__ import annotations

import os
import select
import signal
import threading

import pytest
from cases import CREATED, KINDS, TYPES, UPDATED
from crashes import MOMENTS, VICTIMS, crash

from warehouse_sync_pulumi.emulator import Fault

pytestmark = pytest.mark.hosts("extended")

SAMPLE = {
    ("both", "in flight", "connections"),
    ("cli", "in flight", "data-models"),
}


@pytest.mark.counted("crash matrix")
@pytest.mark.parametrize(
    ("victim", "moment", "kind"),
    [
        pytest.param(v, m, k, id=f"{v} killed, {k}, {m}", marks=[] if (v, m, k) in SAMPLE else pytest.mark.extended)
        for v in VICTIMS
        for m in MOMENTS
        for k in KINDS
    ],
)
def test_after_a_crash_a_rerun_leaves_exactly_one_object(case, command, victim, moment, kind):
    with case("empty") as at:
        crash(at, command, victim, moment, kind)
        at.stack.up()
        assert at.agrees(CREATED)


@pytest.mark.extended
@pytest.mark.counted("crash matrix, orphan still in flight")
@pytest.mark.parametrize(
    ("kind", "first"),
    [(k, f) for k in KINDS for f in ("orphan", "rerun")],
)
def test_a_rerun_while_the_orphaned_post_is_in_flight_leaves_exactly_one_object(case, command, kind, first):
    """Whichever of the two POSTs takes effect first, the other one finds the id taken."""
    with case("empty") as at:
        at.stack.program(CREATED)
        orphaned = at.emulator.faults.add(Fault(method="POST", path=kind, kind="hold"))
        up = command(at.stack)
        orphaned.wait_until_held(timeout=120)
        at.wait_until_recorded(kind)
        up.kill("both")
        at.stack.run("cancel", "--yes")
        if first == "rerun":
            at.stack.up()
            orphaned.release()
        else:
            second = at.emulator.faults.add(Fault(method="POST", path=kind, kind="hold"))
            rerun = threading.Thread(target=at.stack.up)
            rerun.start()
            second.wait_until_held(timeout=120)
            orphaned.release()
            at.emulator.journal.wait_for("POST", kind, took_effect=True)
            second.release()
            rerun.join()
        at.emulator.journal.wait_for("POST", kind, status=400)
        assert at.emulator.journal.count("POST", kind, took_effect=True) == 1
        assert at.agrees(CREATED)


@pytest.mark.counted("interrupts")
@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.extended)])
@pytest.mark.parametrize(
    "kind", [pytest.param(k, marks=[] if k == "connections" else pytest.mark.extended) for k in KINDS]
)
def test_an_interrupt_loses_nothing(case, command, number, kind):
    with case("empty") as at:
        at.stack.program(CREATED)
        held = at.emulator.faults.add(Fault(method="POST", path=kind, kind="hold", after_effect=True))
        up = command(at.stack)
        held.wait_until_held(timeout=120)
        up.signal(number)
        up.says("ancel")  # it noticed: "^C received; cancelling", "Cancelling"
        held.release()
        assert up.wait() != 0, up.output
        api = {TYPES[collection] for collection, _ in at.objects()}
        assert {resource["type"].rpartition(":")[2] for resource in at.state()} == api, up.output
        assert at.emulator.journal.count("POST", kind) == 1
        at.stack.up()
        assert at.emulator.journal.count("POST", kind) == 1
        assert at.agrees(CREATED)


@pytest.mark.extended
@pytest.mark.counted("crash matrix, waiting to be sent")
@pytest.mark.hosts("packaged")  # the engine's own host of dynamic providers outlives it, and shows no end
def test_what_a_killed_pulumi_still_waited_to_send_is_never_sent(case, command):
    """A later `up` may have changed its mind."""
    with case("deployed") as at:
        at.stack.program(UPDATED)
        at.emulator.faults.add(Fault(method="PUT", kind="status", status=503, times=None))
        up = command(at.stack)
        at.emulator.journal.wait_for("PUT", status=503, count=2, timeout=60)
        (provider,) = up.providers()
        ended = os.pidfd_open(provider)
        up.kill("cli")
        at.stack.run("cancel", "--yes")
        assert select.select([ended], [], [], 60)[0] == [ended], "it waits for nobody"
        os.close(ended)
        at.emulator.faults.clear()
        at.stack.program(CREATED)
        at.stack.up()
        assert at.agrees(CREATED)
