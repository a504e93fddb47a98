"""The journal tells what arrived and what took effect, and never a secret."""

from __future__ import annotations

import base64
import json
import threading

import pytest
from emulator_calls import BODIES, CONNECTION, CREDENTIALS, PIPELINE

from warehouse_sync_pulumi.emulator import SECRET, Journal

SENTINELS = {"password": "sentinel-password", "partner_feed_key": "sentinel-feed-key"}


def test_each_request_is_one_entry_in_order(emulator, api, pipeline):
    emulator.journal.clear()
    api.put(f"pipelines/{pipeline}", json=PIPELINE)
    api.get("pipelines", params={"type": "x"})
    api.delete(f"pipelines/{pipeline}")
    entries = [(e.method, e.path, e.status, e.took_effect) for e in emulator.journal]
    assert entries == [
        ("PUT", "pipelines/tickets-pipeline", 200, True),
        ("GET", "pipelines", 200, False),
        ("DELETE", "pipelines/tickets-pipeline", 204, True),
    ]
    assert emulator.journal[1].query == {"type": ["x"]}
    assert emulator.journal[0].received_at == "2023-02-01T15:13:22"
    assert emulator.journal[0].workspace_id == 1234


def test_a_refused_request_took_no_effect(emulator, api):
    api.post("connections", json={})
    assert (emulator.journal[-1].status, emulator.journal[-1].took_effect) == (400, False)


def test_counting_and_choosing(emulator, api, pipeline):
    api.post("connections", json=CONNECTION)
    journal = emulator.journal
    assert journal.count("POST", "connections") == 2
    assert journal.count("POST", "connections", took_effect=True) == 1
    assert journal.count("POST") == 5  # the token's among them
    assert journal.count(path="pipe*") == 1
    assert journal.count(status=400) == 1
    assert journal.count(workspace_id=1) == 0
    assert [entry.path for entry in journal.filter(path="data-models")] == ["data-models"]
    assert len(journal[1:3]) == 2
    journal.clear()
    assert len(journal) == 0


def test_waiting_for_a_request(emulator, api):
    asking = threading.Thread(target=lambda: api.get("connections"))
    asking.start()
    assert emulator.journal.wait_for("GET", "connections", status=200)[0].path == "connections"
    asking.join()
    with pytest.raises(TimeoutError, match="0 of 1 requests PATCH"):
        emulator.journal.wait_for("PATCH", timeout=0.01)


def everything(emulator):
    return json.dumps(emulator.journal.as_json()) + repr(emulator.journal) + repr(list(emulator.journal))


def test_no_secret_stands_in_it(emulator, api):
    emulator.set(missing_reference="accept")
    for kind, body in BODIES.items():
        secrets = {name: value for name, value in SENTINELS.items() if name in body}
        api.post(kind, json={**body, **secrets, "client_secret": "sentinel-other"})
        api.put(f"{kind}/{body['id']}", json={**body, **secrets})
    text = everything(emulator)
    assert "sentinel" not in text
    assert CREDENTIALS["client_secret"] not in text
    assert api.headers["Authorization"].partition(" ")[2] not in text
    assert emulator.journal.filter("PUT", "connections/*")[0].body["password"] == SECRET
    assert emulator.journal[0].body["client_id"] == "some-client"
    assert emulator.objects("connections")[CONNECTION["id"]]["password"] == "sentinel-password"


def test_a_secret_in_a_wrong_place_is_hidden_too(emulator, api):
    secret = SENTINELS["password"]
    api.post(
        "connections", json={**CONNECTION, "password": secret, "name": f"x {secret} y", "tags": [{secret: secret}]}
    )
    api.get(f"connections/{secret}", params={"type": secret})
    api.post("connections", json={"id": {"password": {"deep": "sentinel-deep"}}})
    api.post("connections", content=b'{"password": "sentinel-cut", ')
    api.post("connections", content=base64.b64encode(b"sentinel-form"), headers={"Content-Type": "text/plain"})
    assert "sentinel" not in everything(emulator)
    assert emulator.journal.filter("POST", "connections")[0].body["name"] == f"x {SECRET} y"


def test_a_secret_put_in_from_outside_is_known_as_one(emulator, api):
    emulator.put_object("connections", id="c", password="sentinel-outside")
    emulator.change("connections", "c", password="sentinel-changed")
    api.get("connections/sentinel-outside")
    api.get("connections/sentinel-changed")
    assert "sentinel" not in everything(emulator)


def test_a_form_is_read_as_well(emulator, api):
    answer = api.post(f"{emulator.url}/oauth/token", data={**CREDENTIALS, "client_secret": "sentinel-form"})
    assert answer.status_code == 200
    assert emulator.journal[-1].body["grant_type"] == "client_credentials"
    assert "sentinel" not in everything(emulator)


def test_it_forgets_the_oldest_before_it_grows_without_bound():
    journal = Journal(kept=3)
    for number in range(5):
        journal.arrive("GET", str(number), {}, None)
    assert [entry.path for entry in journal] == ["2", "3", "4"]
