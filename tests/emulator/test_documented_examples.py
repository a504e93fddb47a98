"""Every example of the API reference, sent to the emulator and compared with the documented answer.

The clock stands at the time that each documented answer shows, so that times compare too. Where the reference slips,
the slip is named in the test.
"""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from emulator_calls import client_of, messages, moment

from warehouse_sync_pulumi.emulator import Behaviour, Emulator

WORKSPACE = 5328
SECRETS = {"password": "true-password", "partner_feed_key": "us1-true-key"}


@contextmanager
def running(*, at, workspace=WORKSPACE, **switches):
    """An emulator whose clock stands still at an instant, and a client."""
    with (
        Emulator(start=moment(at), speed=0, workspace_id=workspace, behaviour=Behaviour(**switches)) as emulator,
        client_of(emulator, workspace) as api,
    ):
        yield emulator, api


def seed(emulator, kind, shown):
    """Hold the object that an answer shows, with a true secret behind its mask."""
    fields = {name: SECRETS.get(name, value) for name, value in shown.items() if name != "workspace_id"}
    emulator.put_object(kind, shown["workspace_id"], **fields)


def same(answer, expected):
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json() == expected
    assert _types(answer.json()) == _types(expected)  # True == 1 in Python


def _types(value):
    if isinstance(value, dict):
        return {name: _types(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_types(inner) for inner in value]
    return type(value)


@pytest.mark.parametrize(
    ("kind", "name", "workspace"),
    [
        ("connections", "connections list", 1234),
        ("data-models", "data models list", WORKSPACE),
        ("pipelines", "pipelines list", WORKSPACE),
    ],
)
def test_a_list_answers_as_documented(documented, kind, name, workspace):
    with running(at="2023-03-01T00:00:00", workspace=workspace) as (emulator, api):
        for shown in documented[name]:
            seed(emulator, kind, shown)
        same(api.get(kind), documented[name])


@pytest.mark.parametrize(
    ("kind", "name", "workspace"),
    [("connections", "connection get", 1234), ("data-models", "data model get", WORKSPACE)],
)
def test_one_object_answers_as_documented(documented, kind, name, workspace):
    with running(at="2023-03-01T00:00:00", workspace=workspace) as (emulator, api):
        seed(emulator, kind, documented[name])
        same(api.get(f"{kind}/{documented[name]['id']}"), documented[name])


def test_one_pipeline_answers_as_it_does_in_the_list(documented):
    """Left out of the reference, and recorded."""
    shown = documented["pipelines list"][0]
    with running(at="2023-03-01T00:00:00") as (emulator, api):
        seed(emulator, "pipelines", shown)
        same(api.get("pipelines/example-pipeline"), shown)


def test_creating_a_connection_answers_as_documented(documented):
    request, expected = documented["connection post request"], dict(documented["connection post response"])
    # Slips: the answer is of another workspace and database than its request, and its external id ends otherwise.
    assert (request["workspace_id"], expected["workspace_id"]) == (1234, 5328)
    assert (request["database"], expected["database"]) == ("mp", "indicative")
    assert (request["snowflake_aws_external_id"], expected["snowflake_aws_external_id"]) == (
        "GD1234=2_abcdefg=",
        "GD1234=2_abcdefg==",
    )
    slips = ("workspace_id", "database", "snowflake_aws_external_id")
    expected.update({name: request[name] for name in slips})
    with running(at=expected["created_on"], workspace=1234) as (_, api):
        same(api.post("connections", json=request), expected)


def test_replacing_a_connection_answers_as_documented(documented):
    """The request carries `is_faulted`, which the server makes, and the mask in place of the password."""
    request, expected = documented["connection put request"], documented["connection put response"]
    before = {**expected, "name": "Exmaple Connection", "last_modified_on": None, "last_modified_by": None}
    with running(at=expected["last_modified_on"]) as (emulator, api):
        seed(emulator, "connections", before)
        same(api.put("connections/example-connection", json=request), expected)


def test_creating_a_data_model_answers_as_documented(documented):
    request, expected = documented["data model post request"], dict(documented["data model post response"])
    # Slips: the answer shows another timestamp type and field than its request.
    slips = ("load_timestamp_field_type", "load_timestamp_field_name")
    assert all(request[name] != expected[name] for name in slips)
    expected.update({name: request[name] for name in slips})
    with running(at=expected["created_on"]) as (_, api):
        same(api.post("data-models", json=request), expected)


def test_replacing_a_data_model_answers_as_documented(documented):
    request, expected = documented["data model put request"], documented["data model put response"]
    with running(at=expected["last_modified_on"]) as (emulator, api):
        seed(emulator, "data-models", documented["data model post response"])
        same(api.put("data-models/example-data-model", json=request), expected)


def test_creating_a_pipeline_answers_as_documented(documented):
    request, expected = documented["pipeline post request"], dict(documented["pipeline post response"])
    # A slip: the answer names another connection than its request.
    assert (request["connection_id"], expected["connection_id"]) == ("example--connection", "example-data-connection")
    expected["connection_id"] = request["connection_id"]
    with running(at=expected["created_on"], missing_reference="accept") as (_, api):
        answer = api.post("pipelines", json=request)
        # The request leaves out partner_feed_id: the server knows it, and it is compared by its form.
        assert isinstance(answer.json()["partner_feed_id"], int)
        # Its schedule_start_time, left out as well, is creation minus the seven days that an hourly one catches up.
        same(answer, {**expected, "partner_feed_id": answer.json()["partner_feed_id"]})


def test_replacing_a_pipeline_answers_as_documented(documented):
    request, expected = documented["pipeline put request"], documented["pipeline put response"]
    with running(at=expected["last_modified_on"], missing_reference="accept") as (emulator, api):
        seed(emulator, "pipelines", documented["pipeline post response"])
        answer = api.put("pipelines/example-pipeline", json=request)
        assert isinstance(answer.json()["partner_feed_id"], int)  # left out of the request, as above
        same(answer, {**expected, "partner_feed_id": answer.json()["partner_feed_id"]})


@pytest.mark.parametrize("kind", ["connections", "data-models", "pipelines"])
def test_a_deletion_answers_204_without_a_body(emulator, api, pipeline, kind):
    emulator.set(delete_in_use="allow")
    name = next(iter(emulator.objects(kind)))
    answer = api.delete(f"{kind}/{name}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert emulator.objects(kind) == {}


def test_a_trigger_answers_as_documented(documented, api, pipeline):
    answer = api.post(f"pipelines/{pipeline}")
    run = answer.json()["pipeline_run_id"]
    assert isinstance(run, int)  # a number of the server's own
    same(answer, {**documented["trigger response"], "pipeline_run_id": run})


def test_a_trigger_of_a_busy_pipeline_answers_the_documented_error(documented):
    shown = {**documented["pipelines list"][0], "is_active": True, "schedule_interval": "on_demand"}
    with running(at="2023-02-04T08:30:17Z") as (emulator, api):
        seed(emulator, "pipelines", shown)
        assert api.post("pipelines/example-pipeline").status_code == 200
        answer = api.post("pipelines/example-pipeline")
        assert answer.status_code == 400
        assert answer.json() == documented["trigger error response"]


def test_a_status_answers_as_documented(documented):
    expected = documented["status response"]
    pipeline = {**documented["pipelines list"][1], "is_active": False}
    with running(at="2023-03-01T00:00:00") as (emulator, api):
        seed(emulator, "connections", {**documented["connection put response"], "id": "example-connection"})
        seed(emulator, "pipelines", pipeline)
        emulator.add_run("example-pipeline-2", **expected["latest_pipeline_run"])
        same(api.get("pipelines/example-pipeline-2/status"), expected)


def test_a_page_of_runs_answers_as_documented(documented):
    expected = [dict(run) for run in documented["runs response"]["items"]]
    # A slip: the second run of this pipeline is one of another pipeline.
    assert [run["id"] for run in expected] == ["example-pipeline", "example-pipeline-2"]
    expected[1]["id"] = "example-pipeline"
    with running(at="2023-03-01T00:00:00") as (emulator, api):
        seed(emulator, "pipelines", documented["pipelines list"][0])
        for run in expected:
            emulator.add_run("example-pipeline", **run)
        query = {"currentPage": 1, "pageSize": 2, "startDate": "2022-10-17", "endDate": "2022-10-18"}
        same(api.get("pipelines/example-pipeline/status/runs", params=query), {"items": expected})


def test_one_run_answers_as_documented(documented):
    expected = documented["run response"]
    with running(at="2023-03-01T00:00:00") as (emulator, api):
        seed(emulator, "pipelines", documented["pipelines list"][0])
        emulator.add_run("example-pipeline", **expected)
        same(api.get("pipelines/example-pipeline/status/runs/637"), expected)


def test_a_run_of_the_emulators_own_has_the_documented_fields_and_types(documented, emulator, api, pipeline):
    run = api.post(f"pipelines/{pipeline}").json()["pipeline_run_id"]
    emulator.clock.advance(seconds=10)
    shown = api.get(f"pipelines/{pipeline}/status/runs/{run}").json()
    expected = documented["run response"]
    assert shown.keys() == expected.keys()
    # The reference's end_date is null after a success and set after a failure; here it is set (`run_end_date`).
    differing = {name for name in shown if type(shown[name]) is not type(expected[name])}
    assert differing == {"end_date"}
    emulator.set(run_end_date="null")
    api.post(f"pipelines/{pipeline}")
    emulator.clock.advance(seconds=10)
    latest = api.get(f"pipelines/{pipeline}/status").json()["latest_pipeline_run"]
    assert _types(latest) == _types({**expected, "id": pipeline})


def test_the_three_rows_of_the_interval_table(documented, emulator, api, pipeline):
    """Created on 2023-02-01 at 15:13:22 with a start of 00:00:00; triggered twice."""
    assert api.get(f"pipelines/{pipeline}/status").json()["latest_pipeline_run"] is None  # initially idle
    intervals = []
    for triggered in ("2023-02-04T08:30:17Z", "2023-02-08T12:05:45Z"):
        emulator.clock.set(moment(triggered))
        assert api.post(f"pipelines/{pipeline}").status_code == 200
        emulator.clock.advance(minutes=1)
        run = api.get(f"pipelines/{pipeline}/status").json()["latest_pipeline_run"]
        assert (run["pipeline_run_type"], run["is_externally_triggered"]) == ("manual", True)
        assert run["pipeline_run_state"] == "success"
        intervals.append((run["data_interval_start"], run["data_interval_end"]))
    # A slip: the reference's last row starts at 08:30:11, where the row above ends at 08:30:17.
    assert intervals == [
        ("2023-02-01T00:00:00Z", "2023-02-04T08:30:17Z"),
        ("2023-02-04T08:30:17Z", "2023-02-08T12:05:45Z"),
    ]


def test_the_tables_spelling_of_two_fields_is_not_the_apis(documented, api):
    """A slip: the table says `_tz` and `_offset_seconds`, its examples and every recording do not."""
    request = {
        **documented["data model put request"],
        "workspace_id": 1234,
        "load_timestamp_field_tz": "Europe/Paris",
        "load_timestamp_field_offset_seconds": 7,
    }
    shown = api.post("data-models", json=request).json()
    assert shown["load_timestamp_field_time_zone"] == "America/New_York"
    assert shown["load_timestamp_field_time_offset"] == 1800
    assert "load_timestamp_field_tz" not in shown


def test_a_workspace_is_an_integer_where_the_tables_say_string(api):
    """A slip: the tables of data models and pipelines say string, every example an integer."""
    answer = api.post("data-models", json={"id": "x", "workspace_id": "1234"})
    assert messages(answer) == ["workspace_id must be 1234, as in the path."]


def test_the_documented_end_of_the_daily_schedule_is_no_timestamp(api, pipeline):
    """A slip: `2023-03-1T:12:00:00Z`."""
    body = {**dict(api.get(f"pipelines/{pipeline}").json()), "partner_feed_key": "us1-feedkey"}
    body["schedule_end_time"] = "2023-03-1T:12:00:00Z"
    answer = api.put(f"pipelines/{pipeline}", json=body)
    assert messages(answer) == ["schedule_end_time must be a timestamp such as 2022-10-30T11:00:16Z."]
    body["schedule_end_time"] = "2023-03-01T12:00:00Z"
    assert api.put(f"pipelines/{pipeline}", json=body).status_code == 200


def test_the_recorded_token_exchange(emulator):
    """Recorded beside the reference, which has no word about tokens."""
    with client_of(emulator) as api:
        assert api.get("connections").json() == []
    assert emulator.journal[0].path == "oauth/token"
