"""Only a real "not found" is one, for reads and for deletes, over HTTP."""

from __future__ import annotations

import pytest
from life import Life

from warehouse_sync_pulumi.emulator import Fault
from warehouse_sync_pulumi.errors import AnswerLostError, ApiError

pytest_plugins = ["warehouse_sync_pulumi.testing"]

PROGRAM = {
    "data_model_id": "m",
    "sql_query": "SELECT t.a, t.b FROM d.s.t AS t",
    "load_timestamp_field_name": "b",
    "load_timestamp_field_type": "date",
}


@pytest.fixture
def life(warehouse_sync, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_SYNC_RETRY_TIMEOUT", "0")
    life = Life("data-models")
    life.up(PROGRAM)
    life.api = warehouse_sync
    return life


def test_what_is_gone_is_gone(life):
    life.api.remove("data-models", "m")
    life.refresh()
    assert life.id == ""


FAILURES = {
    "unauthorised": {"kind": "status", "status": 401},
    "forbidden": {"kind": "status", "status": 403},
    "not found": {"kind": "status", "status": 404},
    "failing": {"kind": "status", "status": 503},
    "throttled": {"kind": "status", "status": 429},
    "garbage": {"kind": "garbage"},
    "a page": {"kind": "status", "status": 200, "format": "html"},
    "an object": {"kind": "garbage", "body": "{}"},
    "null": {"kind": "garbage", "body": "null"},
    "cut off": {"kind": "cut_body"},
    "nested": {"kind": "nested"},
}


@pytest.mark.parametrize("fault", FAILURES.values(), ids=FAILURES.keys())
def test_a_failing_list_takes_nothing_out_of_the_state(life, fault):
    life.api.faults.add(Fault(path="data-models*", method="GET", times=None, **fault))
    with pytest.raises(ApiError):
        life.refresh()


@pytest.mark.parametrize("fault", [f for n, f in FAILURES.items() if n != "not found"])
def test_a_list_that_lacks_it_is_not_believed_alone(life, fault):
    life.api.remove("data-models", "m")
    life.api.faults.add(Fault(path="data-models/m", method="GET", times=None, **fault))
    with pytest.raises(ApiError):
        life.refresh()


def test_a_list_that_lacks_it_and_an_object_that_is_there_all_the_same(life):
    life.api.faults.add(Fault(path="data-models", method="GET", kind="garbage", body="[]"))
    life.refresh()
    assert life.id == "m"


@pytest.mark.parametrize("fault", FAILURES.values(), ids=FAILURES.keys())
def test_a_delete_that_finds_nothing_is_believed_only_when_the_list_lacks_it_too(life, fault):
    life.api.faults.add(Fault(path="data-models/m", kind="status", status=404, times=None))
    life.api.faults.add(Fault(path="data-models", method="GET", times=None, **fault))
    with pytest.raises(ApiError):
        life.destroy()


def test_a_delete_of_what_the_list_still_has_is_a_failure(life):
    life.api.faults.add(Fault(path="data-models/m", kind="status", status=404, times=None))
    with pytest.raises(ApiError, match=r"cannot .* data model 'm'.*404"):
        life.destroy()


@pytest.mark.parametrize("missing", [404, 204])
def test_a_delete_of_what_is_gone_is_done(life, missing):
    life.api.set(delete_missing=missing)
    life.api.remove("data-models", "m")
    life.destroy()


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "reset", "cut_body"])
def test_a_delete_that_was_cut_off_is_done_once(life, monkeypatch, kind):
    monkeypatch.setenv("WAREHOUSE_SYNC_RETRY_TIMEOUT", "5")
    life.api.faults.add(Fault(path="data-models/m", method="DELETE", kind=kind))
    life.destroy()
    assert life.api.objects("data-models") == {}


NO_EFFECT = {
    "a page": {"kind": "status", "status": 200, "format": "html"},
    "a value": {"kind": "garbage", "body": '{"id": "m"}'},
    "null": {"kind": "garbage", "body": "null"},
    "nothing": {"kind": "status", "status": 200, "format": "empty"},
    "accepted": {"kind": "status", "status": 202, "format": "empty"},
    "a bomb": {"kind": "bomb", "size": 2**20},
}


@pytest.mark.parametrize("fault", NO_EFFECT.values(), ids=NO_EFFECT.keys())
def test_a_delete_is_done_when_the_object_is_gone_and_not_when_somebody_answers_200(life, fault):
    life.api.faults.add(Fault(path="data-models/m", method="DELETE", **fault))
    with pytest.raises(AnswerLostError, match=r"cannot delete data model 'm' in workspace 1234: .* and still has it"):
        life.destroy()
    life.api.faults.add(Fault(path="data-models/m", method="DELETE", after_effect=True, **fault))
    life.destroy()
    assert life.api.objects("data-models") == {}
