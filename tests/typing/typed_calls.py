"""Calls as programs write them: the type checker reads this file, and nobody runs it.

A line that ends in `# error: CODE` must be refused with that code, and every other line must be taken.
"""

from __future__ import annotations

from pathlib import Path

import pulumi
from typing_extensions import assert_type

import warehouse_sync_pulumi as warehouse_sync
from warehouse_sync_pulumi import (
    Connection,
    ConnectionArgs,
    ConnectionType,
    DataModel,
    Environment,
    LoadTimestampFieldType,
    Pipeline,
    PipelineRun,
    ScheduleInterval,
    SqlRule,
    WhenBusy,
)

config = pulumi.Config()
text: pulumi.Output[str] = pulumi.Output.from_input("text")
number: pulumi.Output[int] = pulumi.Output.from_input(1)

# --- Plain values, outputs, enumerations and their texts are taken

connection = Connection(
    "connection",
    opts=pulumi.ResourceOptions(protect=True),
    workspace_id=config.require_int("workspace"),
    type=ConnectionType.SNOWFLAKE,
    source_account_id="gd1234",
    region=text,
    warehouse=config.require("warehouse"),
    database="mp",
    role="mp_role",
    user="mp_user",
    password=config.get_secret("password"),
    is_active=True,
)
model = DataModel(
    "model",
    data_model_id="model",
    workspace_id=number,
    sql_query=Path("model.sql").read_text(encoding="utf-8"),
    load_timestamp_field_name="updated_at",
    load_timestamp_field_type="timestamp_ntz",
    load_timestamp_field_time_offset=60,
    ignore_sql_rules=[SqlRule.SELECT_STAR, "no-identity"],
)
DataModel(
    "as-member",
    sql_query=text,
    load_timestamp_field_name="updated_at",
    load_timestamp_field_type=LoadTimestampFieldType.DATE,
)
pipeline = Pipeline(
    "pipeline",
    connection_id=connection.connection_id,
    data_model_id=model.id,
    partner_feed_key=config.require_secret("key"),
    schedule_interval=ScheduleInterval.HOURLY,
    environment=Environment.PRODUCTION,
)
Pipeline(
    "as-text",
    connection_id="connection",
    data_model_id="model",
    schedule_interval="daily",
    environment=text,
)
run = PipelineRun("run", pipeline_id=pipeline.id, triggers={"query": model.sql_query}, when_busy=WhenBusy.FAIL)
shared: ConnectionArgs = {
    "source_account_id": "gd1234",
    "region": "us-central1.gcp",
    "warehouse": "compute_wh",
    "database": "mp",
    "role": "mp_role",
    "user": "mp_user",
}
Connection("from-a-dictionary", **shared)
Connection("as-imported", source_account_id=None, region=None, warehouse="compute_wh", database="mp", user="mp_user")

# --- What comes back has a type

assert_type(connection.connection_id, pulumi.Output[str])
assert_type(connection.workspace_id, pulumi.Output[int])
assert_type(connection.region, pulumi.Output["str | None"])  # an imported one may lack it
assert_type(pipeline.connection_id, pulumi.Output["str | None"])
assert_type(pipeline.is_active, pulumi.Output["bool | None"])
assert_type(run.records_extracted, pulumi.Output["int | None"])
assert_type(Connection.get("existing", "id"), Connection)
warehouse_sync.Pipeline.get("existing", text, workspace_id=number)

# --- A misspelt argument

Connection("misspelt", **shared, pasword="secret")  # error: call-arg
DataModel(  # error: call-arg
    "misspelt", sql="SELECT 1", sql_query="SELECT 1", load_timestamp_field_name="a", load_timestamp_field_type="date"
)
PipelineRun("misspelt", pipeline_id="pipeline", trigger={"version": 1})  # error: call-arg

# --- A missing one

Connection("missing", region="us-central1.gcp")  # error: call-arg
DataModel("missing", sql_query="SELECT 1")  # error: call-arg
Pipeline("missing", connection_id="connection", data_model_id="model")  # error: call-arg
PipelineRun("missing")  # error: call-arg

# --- One of another type

Connection("mistyped", **shared, opts={"protect": True})  # error: arg-type
DataModel(
    "mistyped",
    sql_query=Path("model.sql"),  # error: arg-type
    load_timestamp_field_name="updated_at",
    load_timestamp_field_type=ScheduleInterval,  # error: arg-type
    workspace_id="1234",  # error: arg-type
    is_active="yes",  # error: arg-type
)
PipelineRun("mistyped", pipeline_id=pipeline)  # error: arg-type
PipelineRun("mistyped", pipeline_id=None)  # error: arg-type
PipelineRun("mistyped", pipeline_id="pipeline", timeout="1h")  # error: arg-type

# --- An output or a name that does not exist

connection.pasword  # error: attr-defined
warehouse_sync.Conection  # error: attr-defined
