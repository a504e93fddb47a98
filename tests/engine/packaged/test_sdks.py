"""The SDKs that are generated from the schema: under the real engine."""

from __future__ import annotations

import os
import shutil

import pytest
from declared import held
from hosts import DYNAMIC, PACKAGED
from nodejs import needs_node, turn_to_nodejs
from programs import three
from stack import Stack

from tools import sdks

pytestmark = [needs_node, pytest.mark.extended]  # writing the SDKs takes a quarter of a minute

PYTHON = f"""
import pulumi
from pulumi_warehouse_sync import *

{three()}
pulumi.export("region", get_connection_output(connection_id=connection.id).region)
"""
NODEJS = """
const warehouse = require("warehouse-sync-pulumi");
const connection = new warehouse.Connection("orders", {
    sourceAccountId: "gd1234",
    region: "us-central1.gcp",
    warehouse: "compute_wh",
    database: "mp",
    role: "mp_role",
    user: "mp_user",
    password: "correct horse",
});
const dataModel = new warehouse.DataModel("orders", {
    sqlQuery: "SELECT t.email, t.updated_at FROM mp.shop.orders AS t",
    loadTimestampFieldName: "updated_at",
    loadTimestampFieldType: warehouse.LoadTimestampFieldType.TimestampNtz,
});
new warehouse.Pipeline("orders", {
    connectionId: connection.connectionId,
    dataModelId: dataModel.id,
    partnerFeedKey: "us1-key",
    scheduleInterval: warehouse.ScheduleInterval.Hourly,
    environment: warehouse.Environment.Development,
});
exports.region = warehouse.getConnectionOutput({connectionId: connection.id}).region;
"""


def test_a_stack_goes_from_dynamic_resources_to_the_sdk_for_python_and_on_to_that_for_nodejs(tmp_path, emulator):
    stack = Stack(tmp_path / "stack", emulator.environment, PACKAGED)
    wheel, npm_package = sdks.write(tmp_path)
    stack.host = DYNAMIC
    stack.program(three())
    stack.up()
    there = held(emulator, without=())

    shutil.unpack_archive(wheel, tmp_path / "python", "zip")
    stack.environment["PYTHONPATH"] += os.pathsep + str(tmp_path / "python")
    (stack.folder / "__main__.py").write_text(PYTHON)
    ran = stack.up()
    assert "3 updated" in ran.text
    assert 'region: "us-central1.gcp"' in ran.text

    packages = turn_to_nodejs(stack)
    shutil.unpack_archive(npm_package, packages, "gztar")
    (packages / "package").rename(packages / "warehouse-sync-pulumi")
    stack.program(NODEJS)
    assert stack.is_unchanged("--refresh")
    assert held(emulator, without=()) == there

    stack.program(NODEJS.replace("Hourly", "Daily"))
    assert '~ scheduleInterval: "hourly" => "daily"' in stack.preview().text
    stack.up()
    assert emulator.objects("pipelines")["orders"]["schedule_interval"] == "daily"
    stack.destroy()
    assert held(emulator) == {}
