"""What a program may say, and what it hears when it says it wrong."""

from __future__ import annotations

import pytest
from programs import DATA_MODEL, three

LATER = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

class Given(ResourceProvider):
    def create(self, props):
        return CreateResult("later", {"values": props["given"]})

class Later(Resource):
    values: pulumi.Output[dict]
    def __init__(self, name, given):
        super().__init__(Given(), name, {"given": given, "values": None})
"""


def test_outputs_that_are_unknown_in_preview_preview_cleanly(stack, emulator):
    stack.program(
        LATER
        + """
values = Later("later", dict(
    id="late-id", workspace=1234, text="text", password="correct horse", sql="SELECT 1 AS email, 2 AS updated_at",
    offset=60, time="2026-01-05T00:00:00Z", later="2027-01-05T00:00:00Z", interval="daily", flag=True,
)).values
connection = Connection(
    "connection", connection_id=values["id"], workspace_id=values["workspace"], type="snowflake",
    source_account_id=values["text"], region=values["text"], warehouse=values["text"], database=values["text"],
    role=values["text"], user=values["text"], password=values["password"],
)
model = DataModel(
    "model", sql_query=values["sql"], load_timestamp_field_name="updated_at", load_timestamp_field_type="date",
    load_timestamp_field_time_offset=values["offset"],
)
Pipeline(
    "pipeline", connection_id=connection.id, data_model_id=model.data_model_id, partner_feed_key=values["password"],
    schedule_interval=values["interval"], environment="development", schedule_start_time=values["time"],
    schedule_end_time=values["later"], is_active=values["flag"],
)
"""
    )
    shown = stack.preview().text
    assert "error" not in shown
    assert "5 to create" in shown, "the stack and four resources"
    stack.up()
    assert emulator.objects("connections")["late-id"]["password"] == "correct horse"
    assert emulator.objects("pipelines")["pipeline"]["connection_id"] == "late-id"
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_the_same_said_otherwise_is_no_change(stack, emulator):
    stack.program(
        three(
            {"is_active": True},
            {"load_timestamp_field_time_offset": 3600, "load_timestamp_field_type": "date"},
            {"schedule_interval": "daily", "partner_feed_id": 2124, "schedule_start_time": "2026-01-05T00:00:00Z"},
        )
    )
    stack.up()
    same = three(
        {"is_active": True, "workspace_id": 1234, "name": "orders", "type": "TYPE"},
        {
            "load_timestamp_field_time_offset": 3600.0,
            "load_timestamp_field_time_zone": "NONE",
            "load_timestamp_field_type": "DATE",
        },
        {
            "schedule_interval": "DAILY",
            "partner_feed_id": 2124,
            "schedule_start_time": "2026-01-05T02:00:00.000+02:00",
            "schedule_end_time": "NONE",
        },
    )
    for spelt, meant in {
        "'NONE'": "None",
        "'TYPE'": "ConnectionType.SNOWFLAKE",
        "'DATE'": "LoadTimestampFieldType.DATE",
        "'DAILY'": "pulumi.Output.from_input(ScheduleInterval.DAILY)",
    }.items():
        same = same.replace(spelt, meant)
    stack.program(same)
    assert stack.is_unchanged()
    assert stack.is_unchanged("--refresh")
    for resource in stack.resources():
        numbers = {name: value for name, value in resource["outputs"].items() if isinstance(value, (int, float))}
        assert all(type(value) is not float for value in numbers.values()), numbers


CONNECTION_AT_FAULT = """
Connection(
    "orders", connection_id="a b", is_active="perhaps", region=" ", source_account_id="gd1234", warehouse="compute_wh",
    database="mp", role="mp_role",
)
"""
DATA_MODEL_AT_FAULT = """
DataModel("orders", load_timestamp_field_time_offset="soon", load_timestamp_field_type="time")
"""
PIPELINE_AT_FAULT = """
Pipeline(
    "orders", connection_id="c", data_model_id="../m", partner_feed_key="us1-key", schedule_interval="fortnightly",
    environment="staging", schedule_start_time="2026-01-05T00:00:00Z", schedule_end_time="2025-01-05T00:00:00Z",
)
"""


@pytest.mark.parametrize(
    ("program", "problems"),
    [
        (
            CONNECTION_AT_FAULT,
            [
                "property connection_id value {a b} has a problem: must be a slug",
                "property is_active value {perhaps} has a problem: must be true or false",
                "property region value { } has a problem: must be text that is not empty",
                "has a problem: password is missing: a connection cannot be created without it",
                "has a problem: user is missing: a connection cannot be created without it",
            ],
        ),
        (
            DATA_MODEL_AT_FAULT,
            [
                "property load_timestamp_field_time_offset value {soon} has a problem: must be a whole number",
                "property load_timestamp_field_type value {time} has a problem: must be one of timestamp_ltz, ",
                "has a problem: load_timestamp_field_name is missing: a data model cannot be created without it",
                "has a problem: sql_query is missing: a data model cannot be created without it",
            ],
        ),
        (
            PIPELINE_AT_FAULT,
            [
                "property data_model_id value {../m} has a problem: must be a slug",
                "property schedule_interval value {fortnightly} has a problem: must be one of hourly, daily, weekly, ",
                "property environment value {staging} has a problem: must be one of development, production",
                "has a problem: 2025-01-05T00:00:00Z is before schedule_start_time, 2026-01-05T00:00:00Z",
            ],
        ),
    ],
    ids=["connection", "data model", "pipeline"],
)
def test_all_that_is_wrong_with_an_object_is_said_at_once_in_the_preview(stack, emulator, program, problems):
    del stack.environment["WAREHOUSE_SYNC_WORKSPACE_ID"]
    stack.program(program)
    shown = stack.run("preview", fails=True).text
    for problem in [*problems, "`pulumi config set warehouse-sync:workspaceId ID`"]:
        assert problem in shown
    assert "Traceback" not in shown
    assert len(emulator.journal) == 0


@pytest.mark.extended
def test_a_missing_credential_stops_the_first_operation_that_needs_one(stack):
    del stack.environment["WAREHOUSE_SYNC_CLIENT_ID"], stack.environment["WAREHOUSE_SYNC_CLIENT_SECRET"]
    stack.program(three())
    stack.preview()
    assert "`pulumi config set warehouse-sync:clientId VALUE`" in stack.up(fails=True).text
    stack.run("config", "set", "warehouse-sync:clientId", "client")
    shown = stack.up(fails=True).text
    assert "`pulumi config set --secret warehouse-sync:clientSecret VALUE`" in shown
    assert "Traceback" not in shown
    stack.run("config", "set", "--secret", "warehouse-sync:clientSecret", "secret")
    stack.up()
    assert stack.is_unchanged("--refresh")
    stack.destroy()


@pytest.mark.extended
def test_the_stack_decides_the_workspace_and_the_environment_the_credential(stack, emulator):
    emulator.set(credentials={"emulator-client": "emulator-client-secret"})
    stack.run("config", "set", "warehouse-sync:workspaceId", "42")
    stack.run("config", "set", "warehouse-sync:clientId", "stale")
    stack.program(three())
    stack.up()
    assert emulator.objects("pipelines", 42)


def test_a_misspelt_argument_is_one_line_that_names_the_right_one(stack):
    stack.program('Connection("orders", pasword="correct horse")')
    shown = stack.preview(fails=True).text
    assert "error: 'orders': Connection has no argument pasword; did you mean password?" in shown
    assert "correct horse" not in shown
    assert "Traceback" not in shown


@pytest.mark.extended
def test_a_renamed_resource_with_its_old_id_and_an_alias_is_the_same(stack, emulator):
    stack.program(f'DataModel("before", **{DATA_MODEL!r})')
    stack.up()
    alias = 'opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="before")])'
    stack.program(f'DataModel("after", data_model_id="before", {alias}, **{DATA_MODEL!r})')
    stack.up()
    assert stack.is_unchanged()
    assert emulator.journal.count("PUT", "*") + emulator.journal.count("DELETE", "*") == 0
