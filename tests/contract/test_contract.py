"""What the paper says of the service, asked of whichever service answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from contract_service import KINDS

EXAMPLES = json.loads((Path(__file__).parents[1] / "emulator" / "documented_examples.json").read_text(encoding="utf-8"))
SHAPES = {
    "connections": EXAMPLES["connection put response"],
    "data-models": EXAMPLES["data model put response"],
    "pipelines": EXAMPLES["pipeline put response"],
}
MASK = "************"


def holds_shape(value, kind):
    """Every documented field is there, in its type or null; more fields are no breach."""
    for name, example in SHAPES[kind].items():
        assert name in value
        assert value[name] is None or example is None or type(value[name]) is type(example), name


def refused(answer, *statuses):
    assert answer.status_code in statuses, answer.text
    body = answer.json()
    assert body["statusCode"] == answer.status_code
    assert all(error["message"] for error in body["errors"])


def test_the_life_of_all_three(service):
    for kind in reversed(KINDS):
        created = service.create(kind)
        assert created.status_code == 200, created.text
        holds_shape(created.json(), kind)
        assert created.json()["last_modified_on"] is None

        read = service.get(kind).json()
        holds_shape(read, kind)
        assert read == created.json()
        assert read in service.client.get(kind).json()

        changed = service.put(kind, name="Contract, changed")
        assert changed.status_code == 200, changed.text
        assert changed.json()["name"] == "Contract, changed"
        assert changed.json()["created_on"] == read["created_on"]
        assert changed.json()["last_modified_on"] is not None
        assert service.get(kind).json() == changed.json()
    for kind in KINDS:
        deleted = service.delete(kind)
        assert (deleted.status_code, deleted.content) == (204, b"")
        refused(service.get(kind), 404)


def test_secrets_come_back_masked(service):
    service.make_all()
    assert service.get("connections").json()["password"] == MASK
    assert service.get("pipelines").json()["partner_feed_key"] == MASK


@pytest.mark.parametrize("kind", KINDS)
def test_a_taken_id_is_refused(service, kind):
    service.make_all()
    refused(service.create(kind, name="Another"), 400, 409)
    assert service.get(kind).json()["name"] != "Another"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_there(service, kind):
    refused(service.get(kind, f"{service.prefix}nothing"), 404)


def test_bad_requests(service):
    refused(service.create("connections", id=f"{service.prefix}not a slug"), 400)
    refused(service.create("connections", type="abacus"), 400)


def test_no_token(service):
    assert service.client.get("connections", headers={"Authorization": "Bearer none"}).status_code == 401


def test_a_trigger_of_a_pipeline_that_rests_makes_a_run(service):
    service.make_all()
    assert service.put("pipelines", is_active=True).status_code == 200
    answer = service.client.post(f"pipelines/{service.bodies['pipelines']['id']}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "trigger_requested"
    assert isinstance(answer.json()["pipeline_run_id"], int)
