"""The functions that read what exists, called as a program calls them."""

from __future__ import annotations

import inspect
import time
from datetime import datetime, timedelta, timezone
from itertools import islice

import pulumi
import pytest

import warehouse_sync_pulumi as package
from warehouse_sync_pulumi import functions
from warehouse_sync_pulumi.emulator import Emulator

NAMES = [name for name in functions.__all__ if not name.endswith("_output")]


@pytest.fixture
def emulator(monkeypatch):
    """An emulator with one object of each kind, to which the environment leads; and no engine."""
    monkeypatch.setattr(pulumi.runtime.settings.SETTINGS, "monitor", None)
    with Emulator(speed=0) as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        running.put_object("connections", id="c", password="correct horse", region="eu", is_faulted=False)
        running.put_object("data-models", id="m", sql_query="SELECT 1", load_timestamp_field_time_offset=60)
        running.put_object(
            "pipelines", id="p", partner_feed_key="us1-key", schedule_interval="on_demand", connection_id="c"
        )
        yield running


def test_each_function_has_a_twin_with_the_same_arguments_and_both_are_exported():
    assert len(NAMES) == 9
    for name in NAMES:
        plain, twin = (inspect.signature(getattr(package, found)) for found in (name, f"{name}_output"))
        of_pages = {"page_size"} if name == "get_pipeline_runs" else set()
        assert set(plain.parameters) - of_pages == set(twin.parameters) - {"opts"}
        assert {name, f"{name}_output"} <= set(package.__all__)


def test_one_object_has_the_apis_fields_and_no_secret(emulator):
    connection = package.get_connection("c")
    assert (connection.id, connection.connection_id, connection.region) == ("c", "c", "eu")
    assert connection.is_faulted is False
    pipeline = package.get_pipeline("p")
    assert pipeline.pipeline_id == "p"
    model = package.get_data_model("m")
    assert model.load_timestamp_field_time_offset == 60
    shown = f"{connection} {pipeline} {package.get_connections()} {package.get_pipelines()}"
    for secret in ("password", "partner_feed_key", "***", "correct horse", "us1-key"):
        assert secret not in shown


def test_all_objects_of_a_workspace(emulator):
    emulator.put_object("connections", workspace_id=77, id="other")
    assert [found.id for found in package.get_connections()] == ["c"]
    assert [found.id for found in package.get_connections(workspace_id=77)] == ["other"]
    assert [found.id for found in package.get_data_models()] == ["m"]
    assert [found.id for found in package.get_pipelines()] == ["p"]


def test_what_this_version_does_not_know_is_reached_all_the_same(emulator):
    emulator.put_object(
        "data-models", id="new", type="graph", sql_query=["not", "text"], name=None, is_active="perhaps"
    )
    emulator.set(extra_fields={"data-models": {"lineage": {"depth": 3}, "odd-name": 1}})
    model = package.get_data_model("new")
    assert (model.type, model.sql_query, model.is_active) == ("graph", ["not", "text"], "perhaps")
    assert model.lineage == {"depth": 3}
    assert model["odd-name"] == 1
    assert model.created_by == "developer@mparticle.com"


def test_a_field_that_is_left_out_is_nothing_and_one_that_nobody_knows_is_an_error():
    model = package.GetDataModelResult.model_validate({"id": "m"})
    assert model.load_timestamp_field_time_zone is None
    assert model["load_timestamp_field_time_zone"] is None
    with pytest.raises(AttributeError, match="DataModel has no nmae: it has data_model_id, id"):
        _ = model.nmae
    with pytest.raises(KeyError, match="nmae"):
        _ = model["nmae"]
    assert model == package.GetDataModelResult.model_validate({"id": "m"})
    assert model != package.GetDataModelResult.model_validate({"id": "n"})


def test_a_status_holds_the_latest_run(emulator):
    assert package.get_pipeline_status("p").latest_pipeline_run is None
    run = emulator.add_run("p", records_extracted=5)
    status = package.get_pipeline_status("p")
    assert status.pipeline_id == "p"
    assert status.latest_pipeline_run.pipeline_run_id == run["pipeline_run_id"]
    assert status.latest_pipeline_run.pipeline_id == "p"
    assert package.get_pipeline_run("p", run["pipeline_run_id"]).records_extracted == 5
    assert package.get_pipeline_status("p") == status


def test_runs_are_fetched_as_they_are_used(emulator):
    for hour in range(10):
        emulator.add_run("p", logical_date=f"2023-02-01T{hour:02}:00:00Z")
    runs = package.get_pipeline_runs("p", page_size=4)
    assert emulator.journal.count("GET", "*runs*") == 0
    assert len(list(islice(runs, 4))) == 4
    assert emulator.journal.count("GET", "*runs*") == 1
    assert len(list(runs)) == 6


@pytest.fixture
def far_away(monkeypatch):
    """A machine whose own time is not UTC."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    "zone", [None, timezone.utc, timezone(timedelta(hours=2)), "text"], ids=["naive", "utc", "east", "text"]
)
def test_runs_between_two_dates(emulator, zone, far_away):
    for hour in range(10):
        emulator.add_run("p", logical_date=f"2023-02-01T{hour:02}:00:00Z")
    start, end = "2023-02-01T04:00:00Z", "2023-02-01T06:00:00+01:00"
    if zone != "text":
        start, end = (datetime(2023, 2, 1, hour, tzinfo=timezone.utc) for hour in (4, 5))
        start, end = (date.replace(tzinfo=None) if zone is None else date.astimezone(zone) for date in (start, end))
    found = [run.logical_date for run in package.get_pipeline_runs("p", start_date=start, end_date=end)]
    assert sorted(found) == ["2023-02-01T04:00:00Z", "2023-02-01T05:00:00Z"]


@pytest.mark.parametrize("size", [0, 1001])
def test_a_page_has_its_bounds(size):
    with pytest.raises(ValueError, match=f"page_size is {size}: it must be from 1 to 1000"):
        package.get_pipeline_runs("p", page_size=size)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: package.get_connection("gone"),
            "cannot read connection 'gone' in workspace 1234: the API answered 404",
        ),
        (lambda: package.get_pipeline_status("gone"), "cannot read the status of pipeline 'gone' in workspace 1234"),
        (lambda: package.get_pipeline_run("p", 9), "cannot read run 9 of pipeline 'p' in workspace 1234"),
        (lambda: list(package.get_pipeline_runs("gone")), "cannot list the runs of pipeline 'gone' in workspace 1234"),
    ],
)
def test_a_missing_object_is_one_line_that_pulumi_shows_as_such(emulator, call, message):
    with pytest.raises(package.NotFoundError, match=message) as failure:
        call()
    assert isinstance(failure.value, pulumi.RunError)
    assert "\n" not in str(failure.value)
    assert failure.value.status == 404


def test_an_id_that_would_leave_the_collection_is_refused(emulator):
    with pytest.raises(pulumi.RunError, match="is not an id of a connection"):
        package.get_connection("../pipelines/p")
    assert len(emulator.journal) == 0


def test_a_traceback_goes_before_a_failure_where_it_is_wanted(emulator, monkeypatch, capsys):
    for wanted in ("0", "1"):
        monkeypatch.setenv("WAREHOUSE_SYNC_DEBUG", wanted)
        with pytest.raises(package.NotFoundError):
            package.get_connection("gone")
        assert ("Traceback" in capsys.readouterr().err) is (wanted == "1")


def test_a_missing_setting_is_named_with_the_command_that_mends_it(emulator, monkeypatch):
    monkeypatch.delenv("WAREHOUSE_SYNC_WORKSPACE_ID")
    with pytest.raises(pulumi.RunError, match="workspaceId is missing: `pulumi config set"):
        package.get_connections()
    monkeypatch.setenv("WAREHOUSE_SYNC_WORKSPACE_ID", "first")
    with pytest.raises(pulumi.RunError, match="the workspace id is 'first': it must be a whole number"):
        package.get_connections()


class Mocks(pulumi.runtime.Mocks):
    """An engine in a program's unit test."""

    def __init__(self):
        self.called = []

    def call(self, args):
        self.called.append((args.token, args.args))
        if args.token == "warehouse-sync:index:getPipelineRuns":
            return {"items": [{"pipeline_run_id": 1}, {"pipeline_run_id": 2}]}
        return {"id": "mocked", "is_active": True, "latest_pipeline_run": {"records_extracted": 12}}

    def new_resource(self, args):
        return f"{args.name}-id", args.inputs


@pytest.fixture
def mocks():
    engine = Mocks()
    pulumi.runtime.set_mocks(engine, preview=False)
    return engine


def test_a_unit_test_of_a_program_answers_in_the_services_place(mocks):
    assert package.get_connection("c", workspace_id=7).connection_id == "mocked"
    assert package.get_pipeline_status("p").latest_pipeline_run.records_extracted == 12
    assert package.get_connections() == []
    assert [run.pipeline_run_id for run in package.get_pipeline_runs("p", start_date="2023-02-01T00:00:00Z")] == [1, 2]
    assert mocks.called == [
        ("warehouse-sync:index:getConnection", {"connection_id": "c", "workspace_id": 7}),
        ("warehouse-sync:index:getPipelineStatus", {"pipeline_id": "p"}),
        ("warehouse-sync:index:getConnections", {}),
        ("warehouse-sync:index:getPipelineRuns", {"pipeline_id": "p", "start_date": "2023-02-01T00:00:00Z"}),
    ]


def test_a_failure_of_the_mocks_is_one_line(mocks, monkeypatch):
    monkeypatch.setattr(
        mocks, "call", lambda _args: ({}, [("connection_id", "is unknown"), ("workspace_id", "is odd")])
    )
    message = r"getConnection failed: is unknown \(connection_id\); is odd \(workspace_id\)"
    with pytest.raises(pulumi.RunError, match=message):
        package.get_connection("c")


def test_a_twin_takes_inputs_and_gives_an_output(mocks):
    found = {}

    @pulumi.runtime.test
    def program():
        asked = pulumi.Output.from_input("c")
        outputs = {
            "connection": package.get_connection_output(asked, workspace_id=asked.apply(lambda _: 7)).connection_id,
            "active": package.get_pipeline_output(pipeline_id=asked).is_active,
            "runs": package.get_pipeline_runs_output(asked, end_date=asked.apply(lambda _: "2023-02-01T00:00:00Z")),
            "models": package.get_data_models_output(),
        }
        return pulumi.Output.all(**outputs).apply(found.update)

    program()
    assert found["connection"] == "mocked"
    assert found["active"] is True
    assert len(found["runs"]) == 2
    assert found["models"] == []
    assert ("warehouse-sync:index:getConnection", {"connection_id": "c", "workspace_id": 7}) in mocks.called
