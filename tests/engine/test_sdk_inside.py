"""What `sdk.py` relies on inside Pulumi's SDK, under the real engine, and what is left when a release moves it.

When a test of the first part fails with a new SDK, `sdk.py` has to follow; users meanwhile have the second part.
"""

from __future__ import annotations

import io
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pulumi
import pytest
from programs import CONNECTION, DATA_MODEL, three

from warehouse_sync_pulumi.emulator import Fault
from warehouse_sync_pulumi.engine import sdk, wire

# --- under the engine ---


def test_a_failure_is_one_line_in_place_of_a_traceback_unless_one_is_asked_for(stack, emulator):
    stack.program(three())
    emulator.faults.add(Fault(method="POST", path="connections", kind="status", status=505, body="{}", times=2))
    said = stack.up(fails=True).text
    assert said.partition("Connection (orders):\n")[2].partition("\n\n")[0] == (
        "    error: cannot create connection 'orders' in workspace 1234: the API answered 505; the warehouse was not "
        "reached: check user, password, role, source_account_id, region, warehouse, database"
    )
    assert "Traceback" not in said
    assert "Traceback" in stack.up(fails=True, WAREHOUSE_SYNC_DEBUG="1").text


def test_a_message_stands_at_the_resource_that_waits(stack, emulator):
    stack.program(three())
    emulator.faults.add(Fault(kind="status", status=429, path="data-models"))
    said = stack.up().text
    lines = [line for line in said.splitlines() if "429, too many requests; trying again in" in line]
    assert any("DataModel orders creating" in line for line in lines)


def test_each_request_is_shown_where_debug_asks_for_it_and_written_to_the_log(stack, emulator):
    stack.program(three())
    log = stack.folder / "requests.log"
    said = stack.up("--debug", WAREHOUSE_SYNC_LOG_FILE=str(log)).text
    lines = [line.partition(" ")[2] for line in log.read_text().splitlines()]
    assert len(lines) == len(emulator.journal)
    assert sum(line.startswith("POST 127.0.0.1/platform/") for line in lines) == 3
    assert any(f"debug: {line}" in said for line in lines), said
    assert "POST 127.0.0.1" not in stack.destroy().text


def test_a_diff_names_what_changes_and_nothing_else(stack):
    stack.program(three())
    stack.up()
    stack.program(three(connection={"type": "other"}))
    said = stack.preview().text
    assert '~ type: "snowflake" => "other"' in said
    assert "region" not in said
    assert "created_on" not in said


def test_more_calls_are_served_at_once_than_the_sdk_alone_would_serve(stack, emulator):
    stack.program(f"for number in range(8): Connection(f'c{{number}}', **{CONNECTION!r})")
    held = emulator.faults.add(Fault(kind="hold", method="POST", path="connections", times=None))
    with ThreadPoolExecutor(1) as thread:
        up = thread.submit(stack.up, "--parallel", "8")
        try:
            for _ in range(8):
                held.wait_until_held(timeout=60)
        finally:
            held.release()
        up.result()


def test_a_program_waits_for_one_output_of_a_resource_and_for_all_that_it_makes_of_others(stack):
    stack.program(
        "import asyncio\n"
        "from pulumi.runtime.settings import SETTINGS\n"
        "before = len(SETTINGS.outputs)\n"
        f"model = DataModel('orders', **{DATA_MODEL!r})\n"
        "print('waits for', len(SETTINGS.outputs) - before)\n"
        "async def later(value):\n"
        "    await asyncio.sleep(0.1)\n"
        "    print('made of it:', value)\n"
        "model.created_by.apply(later)\n"
        "pulumi.export('offset', model.load_timestamp_field_time_offset)\n"
    )
    said = stack.up().text
    assert "waits for 1\n" in said
    assert "made of it: developer@mparticle.com" in said
    assert json.loads(stack.run("stack", "output", "--json").text) == {"offset": 0}


def test_what_exists_although_its_creation_failed_is_in_the_state_and_the_next_up_completes_it(stack, emulator):
    password = "sentinel-partial-5c1d"
    stack.program(three(connection={"password": password}))
    emulator.faults.add(Fault(kind="cut_after", method="POST", path="connections"))
    emulator.faults.add(Fault(kind="status", status=400, method="PUT", path="connections/*"))

    said = stack.up(fails=True).text
    assert "* cannot update connection 'orders' in workspace 1234: the API answered 400" in said
    assert "Traceback" not in said
    (connection,) = (r for r in stack.resources() if r["type"].endswith(":Connection"))
    assert connection["id"] == "orders"
    assert connection["initErrors"]
    assert connection["outputs"]["region"] == "us-central1.gcp"
    assert password not in stack.state_files() + said

    emulator.journal.clear()
    stack.up()
    assert [entry.method for entry in emulator.journal.filter(path="connections*")] == ["GET", "PUT"]
    assert emulator.objects("connections")["orders"]["password"] == password
    assert stack.is_unchanged("--refresh")
    assert password not in stack.state_files()


# --- when it has moved ---


@pytest.fixture
def moved(monkeypatch):
    """The SDK's frames are nowhere to be found."""
    monkeypatch.setattr(sdk, "_frame_with", lambda *_: None)


@pytest.mark.usefixtures("moved")
def test_without_the_calls_context_failures_stay_exceptions():
    sdk.answer_error("cannot")
    sdk.answer_incomplete("cannot", id_="x", outputs={})
    sdk.debug("GET x")
    assert sdk.timeout() is None
    sdk.lift_concurrency_limit()


@pytest.mark.usefixtures("moved")
def test_without_the_answer_in_the_making_a_diff_is_the_sdks():
    diff = sdk.DetailedDiff({"name": "UPDATE", "type": "ADD"}, {"type"}, delete_before_replace=True)
    assert (diff.changes, diff.replaces, diff.delete_before_replace) == (True, ["type"], True)


@pytest.mark.usefixtures("moved")
def test_without_the_calls_request_a_message_goes_to_standard_error(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    sdk.log("waiting", severity="WARNING")
    assert sys.stderr.getvalue() == "warning: waiting\n"


def test_an_engine_that_does_not_listen_any_more_breaks_nothing(monkeypatch):
    def refuse(*_arguments, **_options):
        raise ConnectionError("gone")

    monkeypatch.setattr(sdk, "_call", lambda: {"request": SimpleNamespace(urn="urn"), "context": None})
    monkeypatch.setattr(sys, "argv", ["provider", "address"])
    monkeypatch.setattr(wire, "_engine_stub", lambda _address: SimpleNamespace(Log=refuse))
    sdk.log("waiting")


def test_an_output_that_cannot_be_let_go_of_is_waited_for(monkeypatch):
    monkeypatch.delattr(pulumi.Output, "_untrack")
    sdk.await_only("urn", SimpleNamespace(id=object.__new__(pulumi.Output)))


def test_frames_of_other_files_are_not_taken_for_the_sdks():
    request, context = object(), object()  # noqa: F841 - the names that are looked for
    assert sdk._call() is None


@pytest.mark.parametrize("server", [None, object(), SimpleNamespace(_state=None), SimpleNamespace(_state=object())])
def test_a_server_of_another_shape_is_left_alone(monkeypatch, server):
    monkeypatch.setattr(sdk, "_frame_with", lambda *_: {"server": server})
    sdk.lift_concurrency_limit()


def test_a_pool_that_serves_enough_is_left_alone(monkeypatch):
    pool = SimpleNamespace(_max_workers=500)
    monkeypatch.setattr(
        sdk, "_frame_with", lambda *_: {"server": SimpleNamespace(_state=SimpleNamespace(thread_pool=pool))}
    )
    sdk.lift_concurrency_limit()
    assert pool._max_workers == 500
