"""The three resources through their whole life, judged by what the emulator holds and what the exported state says."""

from __future__ import annotations

import json

import pytest
from programs import CONNECTION, DATA_MODEL, PIPELINE, three

pytestmark = pytest.mark.hosts("extended")

KINDS = ("connections", "data-models", "pipelines")

CHANGES = {
    "connections": [
        {"name": "Orders"},
        {"source_account_id": "gd5678"},
        {"region": "eu"},
        {"warehouse": "big_wh"},
        {"database": "sales"},
        {"role": "reader"},
        {"user": "reader"},
        {"password": "battery staple"},
        {"snowflake_aws_iam_user_arn": "arn:aws:iam::1:user/x"},
        {"snowflake_aws_external_id": "GD=2_x="},
        {"is_active": True},
        {"is_active": False},
    ],
    "data-models": [
        {"name": "Orders"},
        {"sql_query": "SELECT t.email, t.updated_at FROM mp.shop.customers AS t"},
        {"load_timestamp_field_name": "changed_at"},
        {"load_timestamp_field_type": "date"},
        {"load_timestamp_field_time_zone": "UTC"},
        {"load_timestamp_field_time_offset": 1800},
        {"is_active": True},
        {"is_active": False},
    ],
    "pipelines": [
        {"name": "Orders"},
        {"partner_feed_id": 7},
        {"partner_feed_key": "us1-other"},
        {"schedule_interval": "weekly"},
        {"schedule_start_time": "2026-01-05T00:00:00Z"},
        {"schedule_end_time": "2027-01-01T00:00:00Z"},
        {"environment": "production"},
        {"is_active": True},
        {"is_active": False},
        {"is_draft": True},
        {"is_draft": False},
    ],
}
"""What is changed in an object of its own each."""
CLASSES = {
    "connections": ("Connection", CONNECTION),
    "data-models": ("DataModel", DATA_MODEL),
    "pipelines": ("Pipeline", {"connection_id": "c0", "data_model_id": "d0", **PIPELINE}),
}


def held(emulator, kind, workspace_id=None, id_="orders"):
    return emulator.objects(kind, workspace_id).get(id_)


def written(emulator, method):
    """The paths that were written by this method, in order."""
    return [entry.path for entry in emulator.journal.filter(method) if entry.path != "oauth/token"]


@pytest.mark.unforked
def test_up_creates_once_and_a_second_up_changes_nothing(stack, emulator):
    stack.program(three())
    stack.up()
    assert sorted(written(emulator, "POST")) == sorted(KINDS)
    assert emulator.journal.count("POST", "oauth/token") == 1

    emulator.journal.clear()
    assert stack.is_unchanged()
    stack.up()
    assert len(emulator.journal) == 0, "a preview, and an up without change, make no request"
    assert stack.is_unchanged("--refresh")

    state = {resource["type"].rpartition(":")[2]: resource for resource in stack.resources()}
    assert {name: resource["id"] for name, resource in state.items()} == dict.fromkeys(
        ("Connection", "DataModel", "Pipeline"), "orders"
    )
    outputs = state["Pipeline"]["outputs"]
    for name, value in held(emulator, "pipelines").items():
        if name not in ("id", "partner_feed_key") and value is not None:
            assert outputs[name] == value
    assert type(outputs["partner_feed_id"]) is int
    assert "*****" not in json.dumps(state)

    stack.destroy()
    assert not any(emulator.objects(kind) for kind in KINDS)
    assert stack.resources() == []


def test_each_argument_is_updated_by_one_put_of_the_whole_object(stack, emulator):
    def program(*, changed):
        lines = []
        for kind, changes in CHANGES.items():
            name, usual = CLASSES[kind]
            for number, change in enumerate(changes):
                # A flag is turned: what the service takes by itself is not known.
                before = {flag: not value for flag, value in change.items() if isinstance(value, bool)}
                after = "pulumi.ResourceOptions(depends_on=[c0, d0])" if kind == "pipelines" else None
                arguments = usual | (change if changed else before)
                lines.append(f"{kind[0]}{number} = {name}('{kind[0]}{number}', opts={after}, **{arguments!r})")
        return "\n".join(lines)

    stack.program(program(changed=False))
    stack.up()
    stack.program(program(changed=True))
    emulator.journal.clear()
    stack.up()
    each = {f"{kind}/{kind[0]}{number}" for kind, changes in CHANGES.items() for number in range(len(changes))}
    assert sorted(written(emulator, "PUT")) == sorted(each)
    assert not written(emulator, "POST")
    assert not written(emulator, "DELETE")
    for kind, changes in CHANGES.items():
        for number, change in enumerate(changes):
            now = held(emulator, kind, id_=f"{kind[0]}{number}")
            wanted = CLASSES[kind][1] | change
            assert {name: now[name] for name in wanted} == wanted
    for entry in emulator.journal.filter("PUT"):
        assert {"id", "name", "workspace_id"} <= entry.body.keys()
    assert stack.is_unchanged()
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_an_argument_that_is_removed_is_cleared_and_what_the_server_chose_stays(stack, emulator):
    stack.program(
        three(
            {"snowflake_aws_external_id": "GD=2_x="},
            {"load_timestamp_field_time_zone": "UTC", "load_timestamp_field_time_offset": 60},
            {"schedule_end_time": "2027-01-01T00:00:00Z"},
        )
    )
    stack.up()
    chosen = held(emulator, "pipelines")["schedule_start_time"]
    emulator.clock.advance(days=2)

    stack.program(three())
    stack.up()
    assert held(emulator, "connections")["snowflake_aws_external_id"] is None
    assert held(emulator, "data-models")["load_timestamp_field_time_zone"] is None
    assert held(emulator, "data-models")["load_timestamp_field_time_offset"] == 0
    assert held(emulator, "pipelines")["schedule_end_time"] is None
    assert held(emulator, "pipelines")["schedule_start_time"] == chosen, "a start that moves would send data anew"
    assert stack.is_unchanged("--refresh")


def test_a_new_id_creates_first_and_the_pipeline_follows_before_the_old_one_goes(deployed):
    stack, emulator = deployed, deployed.emulator
    stack.program(three({"connection_id": "new"}, {"data_model_id": "new"}, {"pipeline_id": "new"}))
    emulator.journal.clear()
    stack.up()
    writes = [(entry.method, entry.path) for entry in emulator.journal if entry.method in ("POST", "PUT", "DELETE")]
    deleted = [path for method, path in writes if method == "DELETE"]
    assert deleted[0] == "pipelines/orders", "the old pipeline goes before what it uses"
    assert sorted(deleted) == sorted(f"{kind}/orders" for kind in KINDS)
    assert max(writes.index(("POST", kind)) for kind in KINDS) < writes.index(("DELETE", "pipelines/orders"))
    assert held(emulator, "pipelines", id_="new")["connection_id"] == "new"
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_a_pipeline_that_stays_never_points_at_a_connection_that_is_gone(deployed):
    stack, emulator = deployed, deployed.emulator
    stack.program(three({"connection_id": "new"}))
    assert stack.preview().text.count("replace") > 0
    emulator.journal.clear()
    stack.up()
    writes = [(entry.method, entry.path) for entry in emulator.journal if entry.method != "GET"]
    writes.remove(("POST", "oauth/token"))
    assert writes == [("POST", "connections"), ("PUT", "pipelines/orders"), ("DELETE", "connections/orders")]
    assert held(emulator, "pipelines")["connection_id"] == "new"


@pytest.mark.extended
def test_a_new_workspace_creates_there_first_and_leaves_the_old_one_empty(deployed):
    stack, emulator = deployed, deployed.emulator
    other = {"workspace_id": 5678}
    stack.program(three(other, other, other))
    emulator.journal.clear()
    stack.up()
    assert all(held(emulator, kind, 5678) for kind in KINDS)
    assert not any(emulator.objects(kind, 1234) for kind in KINDS)
    methods = [entry.method for entry in emulator.journal if entry.path != "oauth/token"]
    assert methods == ["POST"] * 3 + ["DELETE"] * 3
    assert stack.is_unchanged("--refresh")


def test_a_new_type_under_the_same_id_deletes_first(deployed):
    stack, emulator = deployed, deployed.emulator
    emulator.set(accept_any_type=True, delete_in_use="allow")
    stack.program(three({"type": "other"}, {"type": "other"}))
    emulator.journal.clear()
    stack.up()
    for kind in ("connections", "data-models"):
        writes = [entry.method for entry in emulator.journal if entry.path.startswith(kind)]
        assert writes == ["DELETE", "POST"]
        assert held(emulator, kind)["type"] == "other"
    assert stack.is_unchanged("--refresh")


def test_what_was_changed_outside_shows_field_by_field_and_is_put_back(deployed):
    stack, emulator = deployed, deployed.emulator
    before = {kind: held(emulator, kind) for kind in KINDS}
    emulator.change("connections", "orders", database="elsewhere", snowflake_aws_external_id="x")
    emulator.change("data-models", "orders", sql_query="SELECT 1", load_timestamp_field_time_zone="UTC")
    emulator.change("pipelines", "orders", schedule_interval="daily", schedule_end_time="2027-01-01T00:00:00Z")

    shown = stack.refresh("--diff").text
    for name in (
        "database",
        "snowflake_aws_external_id",
        "sql_query",
        "load_timestamp_field_time_zone",
        "schedule_interval",
        "schedule_end_time",
    ):
        assert f" {stack.spelt(name)} " in shown.replace(":", " "), shown
    assert "__defaults" not in shown
    shown = stack.preview().text
    assert '"elsewhere" => "mp"' in shown
    assert '"daily" => "hourly"' in shown
    assert f"- {stack.spelt('schedule_end_time')}" in shown

    stack.up()
    ignored = ("last_modified_on", "last_modified_by")
    for kind in KINDS:
        now = held(emulator, kind)
        assert {k: v for k, v in now.items() if k not in ignored} == {
            k: v for k, v in before[kind].items() if k not in ignored
        }
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_what_was_deleted_outside_is_noticed_and_created_anew(deployed):
    stack, emulator = deployed, deployed.emulator
    for kind in reversed(KINDS):
        emulator.remove(kind, "orders")
    stack.refresh()
    assert stack.resources() == []
    stack.up()
    assert all(held(emulator, kind) for kind in KINDS)

    for kind in reversed(KINDS):
        emulator.remove(kind, "orders")
    stack.destroy()
    assert stack.resources() == []


@pytest.mark.extended
def test_unknown_fields_and_values_of_a_newer_server_are_harmless(stack, emulator):
    extra = {"new_field": {"deep": [1, {"x": None}]}, "new_number": 3}
    emulator.set(extra_fields=dict.fromkeys(KINDS, extra))
    stack.program(three())
    stack.up()
    assert stack.is_unchanged("--refresh")
    for resource in stack.resources():
        assert resource["outputs"]["new_field"] == {"deep": [1, {"x": None}]}
        assert resource["outputs"]["new_number"] == 3
    emulator.change("pipelines", "orders", schedule_interval="quarterly")
    stack.refresh()
    assert '"quarterly" => "hourly"' in stack.preview().text
