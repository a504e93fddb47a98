"""Answers that the page does not show and a service may well give."""

from __future__ import annotations

import pytest
from record import Record

from warehouse_sync_pulumi import lifecycle
from warehouse_sync_pulumi.api.client import Client
from warehouse_sync_pulumi.api.endpoint import Endpoint
from warehouse_sync_pulumi.data_model import DATA_MODEL
from warehouse_sync_pulumi.emulator import Emulator, Fault
from warehouse_sync_pulumi.errors import AnswerLostError

INPUTS = {
    "data_model_id": "orders",
    "name": "Orders",
    "workspace_id": 1234,
    "type": "sql",
    "sql_query": "SELECT 1",
    "load_timestamp_field_name": "at",
    "load_timestamp_field_type": "date",
    "load_timestamp_field_time_offset": 60,
}


@pytest.fixture
def emulator():
    with Emulator() as running:
        yield running


@pytest.fixture
def client(emulator):
    made = Client(
        Endpoint(
            api_url=emulator.url,
            auth_url=f"{emulator.url}/oauth/token",
            api_version="experimental",
            client_id="id",
            client_secret="hush",
            retry_timeout=0,
        )
    )
    yield made
    made.close()


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_an_empty_answer_to_a_write_is_followed_by_a_read(emulator, client, method):
    path = "data-models" if method == "POST" else "data-models/*"
    emulator.faults.add(Fault(method=method, path=path, kind="status", status=204, format="empty", after_effect=True))
    outputs = lifecycle.create(DATA_MODEL, client, INPUTS, Record()).outputs
    outputs = lifecycle.update(DATA_MODEL, client, outputs, INPUTS | {"name": "Renamed"}).outputs
    assert outputs["name"] == "Renamed"
    assert outputs["created_by"]
    assert emulator.journal.count("POST", "data-models") == 1
    assert emulator.journal.count("PUT", "data-models/orders") == 1


def test_a_create_that_is_done_and_cannot_be_read_back_stays_recorded(emulator, client):
    done = Fault(method="POST", path="data-models", kind="status", status=204, format="empty", after_effect=True)
    emulator.faults.add(done)
    emulator.faults.add(Fault(method="GET", path="data-models*", kind="status", status=403, times=None))
    record = Record()
    with pytest.raises(AnswerLostError, match="204, and what it did could not be read back: cannot read data"):
        lifecycle.create(DATA_MODEL, client, INPUTS, record)
    assert record.told == ["begin"]
    assert emulator.objects("data-models").keys() == {"orders"}


def test_a_create_that_is_done_and_does_not_show_yet_is_taken_over(emulator, client):
    done = Fault(method="POST", path="data-models", kind="status", status=204, format="empty", after_effect=True)
    emulator.faults.add(done)
    emulator.faults.add(Fault(method="GET", path="data-models/*", kind="status", status=404))
    assert lifecycle.create(DATA_MODEL, client, INPUTS, Record()).taken_over
    assert emulator.journal.count("POST", "data-models") == 1


def test_an_update_that_is_done_and_cannot_be_read_back_says_so(emulator, client):
    outputs = lifecycle.create(DATA_MODEL, client, INPUTS, Record()).outputs
    done = Fault(method="PUT", path="data-models/*", kind="status", status=204, format="empty", after_effect=True)
    emulator.faults.add(done)
    emulator.faults.add(Fault(method="GET", path="data-models/*", kind="status", status=403, at=2))
    with pytest.raises(AnswerLostError, match=r"cannot update data model .* answered 204, and what it did could not"):
        lifecycle.update(DATA_MODEL, client, outputs, INPUTS | {"name": "Renamed"})


def test_a_number_that_is_answered_as_a_text_is_a_number_and_no_diff(emulator, client):
    lifecycle.create(DATA_MODEL, client, INPUTS, Record())
    emulator.change("data-models", "orders", load_timestamp_field_time_offset="60")
    outputs, inputs = lifecycle.read(DATA_MODEL, client, "orders", INPUTS)
    assert outputs["load_timestamp_field_time_offset"] == 60
    assert inputs == INPUTS
    assert not lifecycle.diff(DATA_MODEL, outputs, INPUTS).changed


def test_what_only_concerns_the_provider_is_not_sent(emulator, client):
    outputs = lifecycle.create(DATA_MODEL, client, INPUTS, Record()).outputs
    lifecycle.update(DATA_MODEL, client, outputs, INPUTS | {"name": "Renamed"})
    (put,) = emulator.journal.filter("PUT")
    assert "ignore_sql_rules" in DATA_MODEL.fields
    assert "ignore_sql_rules" not in put.body
