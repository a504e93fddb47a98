"""kill -9 in the middle of a create: the moments, the victims, and how it is done."""

from __future__ import annotations

from cases import CREATED

from warehouse_sync_pulumi.emulator import Fault

MOMENTS = {
    "before the POST took effect": {"kind": "cut_before", "seconds": 600},
    "in flight": {"kind": "hold"},
    "committed": {"kind": "hold", "after_effect": True},
}
VICTIMS = ["cli", "provider", "both"]


def kill(at, command, victim, method, path, how, until=lambda: None):
    """Run an `up`, and kill it while this one of its requests is under way; whoever holds the request lets it go."""
    armed = at.emulator.faults.add(Fault(method=method, path=path, **how))
    up = command(at.stack)
    at.emulator.journal.wait_for(method, path, timeout=120)
    if armed.fault.kind == "hold":
        armed.wait_until_held(timeout=60)
    until()
    assert up.kill(victim) != 0, up.output
    armed.release()
    if armed.fault.kind == "hold":
        at.emulator.journal.wait_for(method, path, took_effect=True)
    at.stack.run("cancel", "--yes", fails=None)


def crash(at, command, victim, moment, kind):
    """Kill an `up` while it creates one kind and the others stand; whether the object was made all the same."""
    at.stack.program(CREATED)
    kill(at, command, victim, "POST", kind, MOMENTS[moment], lambda: at.wait_until_recorded(kind))
    is_there = (kind, "orders") in at.objects()
    assert is_there is (moment != "before the POST took effect")
    return is_there
