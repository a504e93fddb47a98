"""Every kind of fault at every HTTP call of up, refresh, update and destroy, under the real engine.

Each case ends in success or in one clear line for each resource that failed. Once the fault is over, one rerun makes
API, state and program agree, with one object for each resource and an empty preview.

The dynamic host takes every cell. The packaged one, which has all but its wire in common with it, takes a quarter: each
fault once in each operation, at one call after the other.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
from cases import CREATED, FEED_KEY, PASSWORD, UPDATED
from reading import failures

from warehouse_sync_pulumi.emulator import Fault

FAULTS = {
    "reset": {"kind": "reset"},
    "cut off before the effect": {"kind": "cut_before"},
    "cut off after the effect": {"kind": "cut_after"},
    "cut off in the answer": {"kind": "cut_body"},
    "stuck in the answer": {"kind": "stall"},
    "unreachable for good": {"kind": "cut_before", "times": None},
    "429 with a Retry-After": {"kind": "status", "status": 429, "headers": {"Retry-After": "0.2"}, "times": 2},
    "503 for good": {"kind": "status", "status": 503, "format": "html", "times": None},
    "500 after the effect": {"kind": "status", "status": 500, "after_effect": True},
    "505, the warehouse is unreachable": {"kind": "status", "status": 505, "times": None},
    "401 for good": {"kind": "status", "status": 401, "times": None},
    "404 for good": {"kind": "status", "status": 404, "times": None},
    "409": {"kind": "status", "status": 409},
    "garbage after the effect": {"kind": "garbage", "after_effect": True},
    "a bomb for good": {"kind": "bomb", "size": 2**20, "times": None},
}
"""What goes wrong. With `times`, so often; without, once."""

TOKEN = ("POST", "oauth/token")
CALLS = {
    "up": [TOKEN, ("POST", "connections"), ("POST", "data-models"), ("POST", "pipelines")],
    "refresh": [TOKEN, ("GET", "connections"), ("GET", "data-models"), ("GET", "pipelines")],
    "update": [TOKEN, ("PUT", "connections/orders"), ("PUT", "data-models/orders"), ("PUT", "pipelines/orders")],
    "destroy": [
        TOKEN,
        ("DELETE", "pipelines/orders"),
        ("DELETE", "connections/orders"),
        ("DELETE", "data-models/orders"),
    ],
}


class Cell(NamedTuple):
    fault: str
    operation: str
    call: tuple[str, str]

    def __str__(self) -> str:
        return f"{self.operation}, {' '.join(self.call)}: {self.fault}"


MATRIX = [Cell(fault, operation, call) for fault in FAULTS for operation, calls in CALLS.items() for call in calls]
SAMPLE = {
    Cell("cut off after the effect", "up", ("POST", "connections")),
    Cell("429 with a Retry-After", "update", ("PUT", "pipelines/orders")),
    Cell("cut off after the effect", "destroy", ("DELETE", "data-models/orders")),
}
"""What the everyday suite takes."""


def is_in_the_quarter(cell):
    """Whether the packaged host takes it."""
    calls = CALLS[cell.operation]
    turn = list(FAULTS).index(cell.fault) + list(CALLS).index(cell.operation)
    return cell.call == calls[turn % len(calls)]


@pytest.mark.hosts("extended", packaged=is_in_the_quarter)
@pytest.mark.counted("fault matrix")
@pytest.mark.parametrize(
    "cell", [pytest.param(cell, id=str(cell), marks=[] if cell in SAMPLE else pytest.mark.extended) for cell in MATRIX]
)
def test_a_fault_is_one_clear_line_at_most_and_one_rerun_mends_it(case, cell):
    with case("empty" if cell.operation == "up" else "deployed", impatient=True) as at:
        stack, emulator = at.stack, at.emulator
        program = UPDATED if cell.operation == "update" else CREATED
        stack.program(program)
        run = {"up": stack.up, "update": stack.up, "refresh": stack.refresh, "destroy": stack.destroy}[cell.operation]
        method, path = cell.call
        armed = emulator.faults.add(Fault(method=method, path=path, **FAULTS[cell.fault]))
        before = at.objects()

        struck = run(fails=None)
        assert armed.struck > 0, "the fault has met its call"
        assert not any(secret in struck.text for secret in (PASSWORD, FEED_KEY, "emulator-client-secret"))
        if struck.code != 0:
            for line in failures(struck):
                assert "orders" in line or "workspace 1234" in line
        if cell.operation == "refresh":
            assert at.objects() == before
            assert len(at.state()) == 3, "nothing is forgotten"

        emulator.faults.clear()
        if struck.code != 0:
            run()
        if cell.operation == "destroy":
            assert at.objects() == {}
            assert at.state() == []
        else:
            assert at.agrees(program)
