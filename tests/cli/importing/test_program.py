"""The program that an import writes."""

from __future__ import annotations

import json

import pytest
from objects import CONNECTION, DATA_MODEL, MASK, PIPELINE, checked, existing

from warehouse_sync_pulumi import lifecycle
from warehouse_sync_pulumi.cli.importing.import_file import import_file
from warehouse_sync_pulumi.cli.importing.program import Program, Style
from warehouse_sync_pulumi.cli.importing.workspace import RESOURCES

WHOLE = '''\
"""The Warehouse Sync objects of workspace 1234, as `warehouse-sync import` found them."""

import pulumi
from warehouse_sync_pulumi import Connection, DataModel, Pipeline

# The API gives no secret back, and none is needed until a change of its object is
# deployed: `pulumi config set --secret KEY`, with the KEY that stands below.
config = pulumi.Config()

# --- Connections

c = Connection(
    "c",
    name="The connection",
    source_account_id="gd1234",
    region="eu",
    warehouse="wh",
    database="mp",
    role="r",
    user="u",
    password=config.get_secret("c-password"),
)

# --- Data models

m = DataModel(
    "m",
    sql_query="""\\
SELECT a
FROM t""",
    load_timestamp_field_name="ts",
    load_timestamp_field_type="date",
)

# --- Pipelines

p = Pipeline(
    "p",
    connection_id=c.connection_id,
    data_model_id=m.data_model_id,
    partner_feed_id=7,
    partner_feed_key=config.get_secret("p-partner-feed-key"),
    schedule_interval="daily",
    schedule_start_time="2023-02-01T00:00:00Z",
    environment="development",
    is_active=True,
)
'''


def test_a_program_says_what_matters_and_leaves_out_what_goes_without_saying():
    objects = checked(
        existing(CONNECTION, "c", name="The connection"),
        existing(DATA_MODEL, "m", sql_query="SELECT a\nFROM t", is_active=True),
        existing(PIPELINE, "p"),
    )
    assert Program(objects, 1234).text() == WHOLE


@pytest.mark.parametrize(
    ("resource", "fields", "line"),
    [
        (CONNECTION, {"is_active": False}, "is_active=False"),
        (CONNECTION, {"type": "bigquery"}, 'type="bigquery"'),
        (CONNECTION, {"snowflake_aws_external_id": "x="}, 'snowflake_aws_external_id="x="'),
        (DATA_MODEL, {"load_timestamp_field_time_offset": 1800}, "load_timestamp_field_time_offset=1800"),
        (DATA_MODEL, {"load_timestamp_field_time_zone": "UTC"}, 'load_timestamp_field_time_zone="UTC"'),
        (PIPELINE, {"is_active": False}, "is_active=False"),
        (PIPELINE, {"is_draft": True}, "is_draft=True"),
        (PIPELINE, {"schedule_end_time": "2027-01-01T00:00:00Z"}, 'schedule_end_time="2027-01-01T00:00:00Z"'),
    ],
)
def test_a_value_that_no_default_would_give_is_stated(resource, fields, line):
    assert f"    {line},\n" in Program(checked(existing(resource, "x", **fields)), 1234).text()


def test_what_a_program_leaves_to_the_server_is_recorded_as_such():
    (entry,) = json.loads(import_file(checked(existing(DATA_MODEL, "m", is_active=True))))["resources"]
    assert entry["outputs"]["__defaults"] == ["is_active", "load_timestamp_field_time_offset"]
    assert "is_active" not in entry["inputs"]


@pytest.mark.parametrize("resource", [CONNECTION, DATA_MODEL, PIPELINE])
def test_a_deployment_of_the_program_would_change_nothing(resource):
    fields = {"name": None, "unknown": {"nested": [MASK]}, "is_active": False}
    (item,) = checked(existing(resource, "x", **fields))
    (entry,) = json.loads(import_file([item]))["resources"]
    given = {resource.kind.id_argument: "x", **item.explicit}
    inputs, problems = lifecycle.check(resource.kind, entry["inputs"], given, "1234")
    assert problems == []
    assert not lifecycle.diff(resource.kind, entry["outputs"], inputs).changed
    assert MASK not in json.dumps(entry)
    assert not resource.kind.secrets & (entry["inputs"].keys() | entry["outputs"].keys())


def test_an_empty_text_is_as_good_as_none():
    (item,) = checked(existing(CONNECTION, "x", snowflake_aws_external_id=""))
    assert "snowflake_aws_external_id" not in item.explicit
    assert item.problems == []


def test_another_workspace_than_the_stacks_is_stated():
    for default in (None, "99"):
        (item,) = checked(existing(DATA_MODEL, "m"), default_workspace=default)
        assert "    workspace_id=1234,\n" in Program([item], 1234).text()
        assert item.inputs["workspace_id"] == 1234


def test_an_id_that_is_not_the_resources_name_is_stated():
    items = checked(existing(DATA_MODEL, "m"), taken={(DATA_MODEL.type, "m")})
    assert '    "m-2",\n    data_model_id="m",\n' in Program(items, 1234).text()
    (entry,) = json.loads(import_file(items))["resources"]
    assert (entry["name"], entry["id"], entry["inputs"]["data_model_id"]) == ("m-2", "m", "m")


def test_a_reference_to_what_is_not_in_the_program_is_literal_and_says_why():
    text = Program(
        checked(existing(PIPELINE, "p")), 1234, {(DATA_MODEL.type, 1234, "m"): "This data model is elsewhere."}
    ).text()
    assert '    # The workspace has no connection of this id.\n    connection_id="c",\n' in text
    assert '    # This data model is elsewhere.\n    data_model_id="m",\n' in text


def test_queries_stand_in_files_where_a_file_gives_them_back():
    items = checked(
        existing(DATA_MODEL, "unix", sql_query="SELECT 'é'\nFROM t\n"),
        existing(DATA_MODEL, "windows", sql_query="SELECT a\r\nFROM t"),
    )
    program = Program(items, 1234, style=Style(sql_files=True))
    assert program.sql_files() == {"unix.sql": "SELECT 'é'\nFROM t\n\n"}
    assert '    sql_query=sql("unix"),\n' in program.text()
    assert '    sql_query="""\\\nSELECT a\\r\nFROM t""",\n' in program.text()
    assert "import pulumi" not in program.text(), "there is nothing that needs it"


def empty_fields():
    """Each argument of each kind, and the values that say nothing."""
    for resource in RESOURCES:
        for name in sorted(resource.kind.fields.keys() - {resource.kind.id_argument, "workspace_id"}):
            if not resource.kind.fields[name].local:
                yield from ((resource, name, value) for value in (None, ""))


@pytest.mark.parametrize(("resource", "name", "empty"), list(empty_fields()))
def test_an_object_may_lack_anything_but_its_address(resource, name, empty):
    (item,) = checked(existing(resource, "x", **{name: empty}))
    assert item.problems == []
    (entry,) = json.loads(import_file([item]))["resources"]
    inputs, problems = lifecycle.check(resource.kind, entry["inputs"], {"name": "x", **item.explicit}, "1234")
    assert problems == []
    inputs[resource.kind.id_argument] = "x"
    assert not lifecycle.diff(resource.kind, entry["outputs"], inputs).changed


def test_what_a_new_object_needs_and_this_one_lacks_is_said_so_that_a_type_checker_is_content():
    text = Program(checked(existing(CONNECTION, "x", role=None, region=None)), 1234).text()
    assert "    region=None,\n" in text
    assert "role" not in text
    assert "    connection_id=None,\n" in Program(checked(existing(PIPELINE, "x", connection_id=None)), 1234).text()


@pytest.mark.parametrize(
    ("resource", "fields"),
    [
        (PIPELINE, {"environment": "staging", "schedule_interval": "fortnightly"}),
        (PIPELINE, {"schedule_start_time": "soon", "schedule_end_time": "later"}),
        (PIPELINE, {"schedule_start_time": "2023-02-01T00:00:00Z", "schedule_end_time": "2022-02-01T00:00:00Z"}),
        (DATA_MODEL, {"load_timestamp_field_type": "time", "sql_query": " "}),
        (CONNECTION, {"region": " "}),
    ],
)
def test_what_the_service_once_took_is_not_judged_again(resource, fields):
    (item,) = checked(existing(resource, "x", **fields))
    assert [problem for problem in item.problems if not problem.is_warning] == []
    assert fields.items() <= item.explicit.items()
    (entry,) = json.loads(import_file([item]))["resources"]
    assert not lifecycle.diff(resource.kind, entry["outputs"], item.inputs).changed


def test_an_object_that_the_provider_cannot_manage_is_known_before_it_is_imported():
    """Pulumi would round the number, and a change would write the rounded one."""
    (item,) = checked(existing(PIPELINE, "x", partner_feed_id=2**60))
    assert [problem.argument for problem in item.problems] == ["partner_feed_id"]
