"""Where the paper leaves a choice, a probe finds out which way a service goes.

Against the emulator each probe must find the switch as it was set; against the real API it tells what to set.
"""

from __future__ import annotations

import pytest
from contract_service import KINDS

from warehouse_sync_pulumi.emulator.behaviour import Behaviour

MASK = "************"


def duplicate_status(service):
    service.create("connections")
    return service.create("connections").status_code


def delete_missing(service):
    return service.delete("connections", f"{service.prefix}nothing").status_code


def delete_in_use(service):
    service.make_all()
    if service.delete("connections").status_code != 204:
        return "reject"
    return "allow" if service.get("pipelines").status_code == 200 else "cascade"


def missing_reference(service):
    return "accept" if service.create("pipelines").status_code == 200 else "reject"


def unknown_field(service):
    answer = service.create("data-models", of_tomorrow="x")
    if answer.status_code != 200:
        return "reject"
    return "store" if "of_tomorrow" in answer.json() else "ignore"


def body_id_mismatch(service):
    service.create("data-models")
    return "ignore" if service.put("data-models", id=f"{service.prefix}other").status_code == 200 else "reject"


def put_absent(service):
    service.create("data-models", load_timestamp_field_time_zone="Europe/Paris")
    zone = service.put("data-models").json()["load_timestamp_field_time_zone"]
    return "clear" if zone is None else "keep"


def put_absent_secret(service):
    service.create("connections")
    answer = service.put("connections", without=["password"])
    if answer.status_code != 200:
        return "reject"
    return "keep" if answer.json()["password"] == MASK else "clear"


def fill_offset(service):
    return service.create("data-models").json()["load_timestamp_field_time_offset"] == 0


def fill_start_time(service):
    service.make_all()
    return service.get("pipelines").json()["schedule_start_time"] is not None


def fill_feed_id(service):
    service.make_all()
    return service.get("pipelines").json()["partner_feed_id"] is not None


def trim_strings(service):
    return service.create("data-models", name=" Spaced ").json()["name"] == "Spaced"


def time_form(service):
    service.make_all()
    shown = service.put("pipelines", schedule_start_time="2023-02-01T02:00:00+02:00").json()["schedule_start_time"]
    forms = {
        "2023-02-01T00:00:00Z": "utc",
        "2023-02-01T02:00:00+02:00": "as_sent",
        "2023-02-01T00:00:00.000Z": "milliseconds",
        "2023-02-01T00:00:00+00:00": "offset",
    }
    return forms.get(shown, shown)


def trigger_inactive(service):
    service.make_all()
    answer = service.client.post(f"pipelines/{service.bodies['pipelines']['id']}")
    return "run" if answer.status_code == 200 else "reject"


PROBES = {
    duplicate_status: [400, 409],
    delete_missing: [404, 204],
    delete_in_use: ["reject", "allow", "cascade"],
    missing_reference: ["reject", "accept"],
    unknown_field: ["ignore", "reject", "store"],
    body_id_mismatch: ["reject", "ignore"],
    put_absent: ["clear", "keep"],
    put_absent_secret: ["reject", "keep", "clear"],
    fill_offset: [True, False],
    fill_start_time: [True, False],
    fill_feed_id: [True, False],
    trim_strings: [True, False],
    time_form: ["utc", "as_sent", "milliseconds", "offset"],
    trigger_inactive: ["reject", "run"],
}


@pytest.mark.parametrize(
    ("probe", "value"),
    [(probe, value) for probe, values in PROBES.items() for value in values],
    ids=lambda item: getattr(item, "__name__", str(item)),
)
def test_a_probe_finds_the_switch(emulated, probe, value):
    assert probe(emulated(**{probe.__name__: value})) == value


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.__name__)
def test_a_service_goes_a_way_that_has_a_switch(service, observed, probe, request):
    found = probe(service)
    if "real" in request.node.name:
        observed[probe.__name__] = found
    Behaviour(**{probe.__name__: found})


def test_objects_that_are_left_over_are_cleaned_up(emulated):
    service = emulated(delete_in_use="reject")
    service.make_all()
    service.clean_up()
    assert [service.client.get(kind).json() for kind in KINDS] == [[], [], []]
