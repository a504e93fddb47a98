"""The main life, whatever the API does where the paper leaves a choice: each switch of the emulator, each setting."""

from __future__ import annotations

import typing

import pytest
from life import Life
from samples import ACCOUNT

from warehouse_sync_pulumi.emulator import Behaviour
from warehouse_sync_pulumi.errors import BadRequestError, ExistsError

pytest_plugins = ["warehouse_sync_pulumi.testing"]
pytestmark = pytest.mark.counted("switches")

OPEN = {
    "extra_fields": [{"connections": {"note": "x", "n": 1}, "pipelines": {"mapping_id": None, "deep": {"a": [1.5]}}}],
    "fill_unset": [
        {
            "connections": {"snowflake_aws_external_id": "chosen"},
            "data-models": {"load_timestamp_field_time_zone": "UTC"},
            "pipelines": {"schedule_end_time": "2099-01-01T00:00:00Z"},
        }
    ],
    "visible_after_seconds": [0.0],
    "token_seconds": [1, 28800],
    "credentials": [{"emulator-client": "emulator-client-secret"}],
    "workspaces": [[1234]],
    "max_active_pipelines": [1, 5],
    "rate_limit": [[1000, 1.0]],
}
"""Settings of the switches whose values are no closed set."""
OF_RUNS = {"run_end_date", "trigger_inactive", "latest_run", "catch_up", "run_order"}


def settings():
    for name, hint in typing.get_type_hints(Behaviour).items():
        if name in OF_RUNS:
            continue
        values = OPEN.get(name, [True, False] if hint is bool else list(typing.get_args(hint)))
        if name in OPEN or hint is bool or typing.get_origin(hint) is typing.Literal:
            yield from ({name: value} for value in values)


SETTINGS = list(settings())
CONNECTION = {
    "connection_id": "c",
    **ACCOUNT,
    "snowflake_aws_iam_user_arn": "arn",
}
MODEL = {
    "data_model_id": "m",
    "sql_query": "SELECT t.a, t.b FROM d.s.t AS t\n",
    "load_timestamp_field_name": "b",
    "load_timestamp_field_type": "date",
    "is_active": True,
}
PIPELINE = {
    "pipeline_id": "p",
    "connection_id": "c",
    "data_model_id": "m",
    "partner_feed_key": "a feed key",
    "schedule_interval": "daily",
    "schedule_start_time": "2023-03-01T05:00:00+05:00",
    "environment": "development",
}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: ", ".join(f"{k}={v}" for k, v in s.items())[:60])
def test_up_update_refresh_and_destroy_under_each_setting(warehouse_sync, setting):
    api = warehouse_sync
    api.set(**setting)
    before = [("connections", CONNECTION), ("data-models", MODEL), ("pipelines", PIPELINE)]
    lives = {kind: Life(kind) for kind, _ in before}
    for kind, program in before:
        assert lives[kind].up(program) == "create"
        assert not lives[kind].differs(program)
    changed = {
        "connections": CONNECTION | {"role": "other", "password": "another password", "is_active": False},
        "data-models": MODEL | {"load_timestamp_field_time_offset": -60},
        "pipelines": PIPELINE | {"schedule_interval": "weekly", "is_active": False},
    }
    for kind, program in changed.items():
        assert lives[kind].up(program) == "update"
        assert not lives[kind].differs(program)
        lives[kind].refresh()
        assert not lives[kind].differs(program)
        assert lives[kind].up(program) == "same"
    assert api.objects("connections")["c"]["password"] == "another password"
    assert api.objects("pipelines")["p"]["schedule_interval"] == "weekly"
    for kind in reversed(lives):
        lives[kind].destroy()
    assert not any(api.objects(kind) for kind in lives)


@pytest.mark.parametrize("status", [400, 409])
def test_a_taken_id_is_recognised_by_either_status(warehouse_sync, status):
    warehouse_sync.set(duplicate_status=status)
    Life("connections").up(CONNECTION)
    with pytest.raises(ExistsError, match=f"connection 'c' in workspace 1234: .* {status}.*; it exists already, and"):
        Life("connections").up(CONNECTION)
    assert warehouse_sync.journal.count("PUT") == 0


@pytest.mark.parametrize("status", [400, 409])
def test_an_equal_object_is_taken_over_where_the_setting_says_so(warehouse_sync, monkeypatch, status):
    warehouse_sync.set(duplicate_status=status)
    Life("connections").up(CONNECTION)
    monkeypatch.setenv("WAREHOUSE_SYNC_ADOPT", "equal")
    assert Life("connections").up(CONNECTION) == "create"
    assert warehouse_sync.journal.count("PUT") == 1


def test_what_is_in_use_is_not_deleted_where_the_api_says_so(warehouse_sync):
    lives = [Life("connections"), Life("data-models"), Life("pipelines")]
    for life, program in zip(lives, (CONNECTION, MODEL, PIPELINE), strict=True):
        life.up(program)
    with pytest.raises(
        BadRequestError, match=r"cannot delete connection 'c' .*400: Connection c is in use by pipeline p"
    ):
        lives[0].destroy()
    warehouse_sync.set(delete_in_use="cascade")
    lives[0].destroy()
    lives[2].destroy()  # gone already
