"""The gate that all threads share."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from warehouse_sync_pulumi.api import gate as gate_module
from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.api.gate import Gate

FAR = 1e12


def silent(_message):
    pass


@pytest.fixture
def quick(monkeypatch):
    """Back-offs a hundred times shorter."""
    monkeypatch.setattr(gate_module, "_FIRST_WAIT", 0.02)
    monkeypatch.setattr(gate_module, "_LONGEST_WAIT", 0.2)


def test_an_open_gate_lets_everybody_in_also_after_the_deadline():
    gate = Gate()
    assert [gate.enter(0, silent) for _ in range(100)] == [0] * 100


def test_after_a_429_few_go_in_at_a_time_and_soon_all(quick, monkeypatch):
    gate = Gate()
    tickets = [gate.enter(FAR, silent) for _ in range(16)]
    for ticket in tickets:
        gate.leave(ticket, refused=True)

    def how_many_fit():
        inside = []
        while len(inside) < 16 and (ticket := gate.enter(time.monotonic() + 0.3, silent)) is not None:
            inside.append(ticket)
        for ticket in inside:
            gate.leave(ticket)
        return len(inside)

    assert [how_many_fit() for _ in range(3)] == [4, 4, 4]
    monkeypatch.setattr(gate_module, "_FEW_FOR", 0.0)
    assert how_many_fit() == 16


def test_a_burst_of_refusals_counts_as_one(quick):
    gate = Gate()
    tickets = [gate.enter(FAR, silent) for _ in range(64)]
    start = time.monotonic()
    for ticket in tickets:
        gate.leave(ticket, refused=True)
    assert gate.enter(FAR, silent) == 1
    assert time.monotonic() - start < 0.2


@pytest.mark.parametrize(("succeeds", "failures"), [(True, [0, 0, 0]), (False, [0, 1, 2])])
def test_the_back_off_grows_with_refusals_in_a_row(monkeypatch, succeeds, failures):
    told = []
    monkeypatch.setattr(gate_module, "backoff", lambda number: told.append(number) or 0.0)
    gate = Gate()
    for _ in range(3):
        gate.leave(gate.enter(FAR, silent), refused=True)
        if succeeds:
            gate.leave(gate.enter(FAR, silent))
    assert told == failures


def test_a_turn_that_comes_too_late_is_not_waited_for():
    gate = Gate()
    gate.leave(gate.enter(FAR, silent), refused=True, retry_after=3600)
    start = time.monotonic()
    assert gate.enter(start + 60, silent) is None
    assert time.monotonic() - start < 1


def test_slow_ones_inside_do_not_keep_the_others_out_for_ever(quick, monkeypatch):
    monkeypatch.setattr(gate_module, "_FEW_FOR", 0.3)
    gate = Gate()
    gate.leave(gate.enter(FAR, silent), refused=True)
    start = time.monotonic()
    inside = [gate.enter(start + 5, silent) for _ in range(9)]  # none leaves
    assert None not in inside
    assert time.monotonic() - start >= 0.3


def test_one_that_waits_is_told_why_once(quick):
    gate = Gate()
    gate.leave(gate.enter(FAR, silent), refused=True, retry_after=0.3, reason="too many requests")
    told = []
    gate.leave(gate.enter(FAR, told.append))
    (said,) = told
    assert re.fullmatch(r"too many requests; trying again in 0\.[0-3] s", said)


@pytest.mark.parametrize("threads", [4, 16])
def test_a_storm_of_429s_costs_few_requests(emulator, client, threads):
    """Half as many again as without it at most; each storm lasts a second, the shortest that can be asked for."""
    many = 80
    emulator.clock.run_at(4)
    emulator.set(rate_limit=(20, 1.0))
    api = client(retry_timeout=60)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: api.list(Address(1234, "connections", "connection")), range(many)))
    sent, refused = emulator.journal.count("GET"), emulator.journal.count(status=429)
    assert refused > 0
    print(f"storm of 429s: {sent} requests for {many}, {threads} threads")  # noqa: T201 - a figure
    assert sent <= 1.5 * many
