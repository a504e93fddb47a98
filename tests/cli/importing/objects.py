"""Objects as the API answers them, for the tests of the import."""

from __future__ import annotations

from warehouse_sync_pulumi.cli.importing.arguments import Checked
from warehouse_sync_pulumi.cli.importing.naming import named
from warehouse_sync_pulumi.cli.importing.workspace import RESOURCES, Existing

CONNECTION, DATA_MODEL, PIPELINE = RESOURCES
MASK = "************"
FIELDS = {
    CONNECTION: {
        "type": "snowflake",
        "source_account_id": "gd1234",
        "region": "eu",
        "warehouse": "wh",
        "database": "mp",
        "role": "r",
        "user": "u",
        "password": MASK,
        "snowflake_aws_external_id": None,
    },
    DATA_MODEL: {
        "type": "sql",
        "sql_query": "SELECT 1",
        "load_timestamp_field_name": "ts",
        "load_timestamp_field_type": "date",
        "load_timestamp_field_time_zone": None,
        "load_timestamp_field_time_offset": 0,
    },
    PIPELINE: {
        "connection_id": "c",
        "data_model_id": "m",
        "partner_feed_id": 7,
        "partner_feed_key": MASK,
        "schedule_interval": "daily",
        "schedule_start_time": "2023-02-01T00:00:00Z",
        "environment": "development",
        "is_active": True,
        "is_draft": False,
        "is_faulted": False,
    },
}


def existing(resource, id_, **fields):
    answer = {"id": id_, "name": id_, "workspace_id": 1234, **FIELDS[resource], **fields}
    return Existing(resource, 1234, id_, answer)


def checked(*objects, taken=(), default_workspace="1234"):
    return [Checked(item, default_workspace) for item in named(objects, taken)]
