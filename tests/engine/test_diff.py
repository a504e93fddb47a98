"""What a reviewer reads: the whole text of `pulumi preview --diff` for the usual changes.

Each text stands in `golden/`. After a change on purpose, write them anew with `UPDATE_GOLDEN=1`, and read each.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from programs import three
from stack import Stack

from warehouse_sync_pulumi.emulator import Emulator

GOLDEN = Path(__file__).with_name("golden")
SQL = """\
SELECT
    o.email,
    o.total AS order_total,
    o.updated_at
FROM mp.shop.orders AS o
WHERE o.status = 'paid'
ORDER BY o.updated_at
"""
CONNECTION = {"password": "correct horse"}
DATA_MODEL = {"sql_query": SQL}
PIPELINE = {
    "schedule_interval": "on_demand",
    "schedule_start_time": "2026-01-05T00:00:00Z",
    "schedule_end_time": "2027-01-05T00:00:00Z",
    "is_active": True,
}


def program(connection=None, data_model=None, pipeline=None, more=""):
    three_of_them = three(CONNECTION | (connection or {}), DATA_MODEL | (data_model or {}), PIPELINE | (pipeline or {}))
    return three_of_them.replace("data_model.id", "data_model.data_model_id") + more


MORE = f"""
returns = DataModel(
    "returns", load_timestamp_field_name="updated_at", load_timestamp_field_type="date",
    sql_query=\"\"\"{SQL.replace("orders", "returns")}\"\"\",
)
Pipeline(
    "returns", connection_id=connection.connection_id, data_model_id=returns.data_model_id,
    partner_feed_key="us1-other-key", schedule_interval="on_demand", environment="development",
)
"""
NO_PIPELINE = program().partition("wires =")[0]

CHANGES = {
    "sql-edited": program(
        data_model={
            "sql_query": SQL.replace(
                "    o.total AS order_total,\n", "    o.total AS total,\n    o.currency,\n"
            ).replace("ORDER BY o.updated_at\n", "")
        }
    ),
    "interval-changed": program(pipeline={"schedule_interval": "hourly", "schedule_start_time": None}),
    "password-rotated": program(connection={"password": "battery staple"}),
    "feed-key-rotated": program(pipeline={"partner_feed_key": "us1-new-key"}),
    "pipeline-paused": program(pipeline={"is_active": False}),
    "end-time-removed": program(pipeline={"schedule_end_time": None}),
    "connection-id-changed": program(connection={"connection_id": "shop", "name": "orders"}),
    "type-changed": program(data_model={"type": "sql_v2"}),
    "nothing-but-spelling-changed": program(
        connection={"workspace_id": 1234, "name": "orders", "type": "snowflake"},
        pipeline={"schedule_start_time": "2026-01-05T02:00:00.000+02:00"},
    ),
    "model-and-pipeline-added": program(more=MORE),
    "pipeline-deleted": NO_PIPELINE,
    "sql-with-a-warning": program(data_model={"sql_query": "SELECT o.email, t.*\nFROM orders AS o;"}),
    "sql-that-is-refused": program(data_model={"sql_query": "WITH o AS (\n  SELECT 1\n)\nSELECT * FROM o"}),
}


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    """A stack that stands, to preview changes of it, and its emulator."""
    with Emulator() as emulator:
        stack = Stack(tmp_path_factory.mktemp("deployed") / "stack", emulator.environment)
        stack.program(program())
        stack.up()
        yield stack, emulator


STEP = re.compile(r"^(?=[ +~-]{2,6}pulumi(?:-python)?:|warning: |error: )", re.MULTILINE)


def normalised(text):
    """Steps in the order of their resources: independent ones come in any order. What has no resource comes first."""
    head, *steps = STEP.split(text.partition("Resources:\n")[0])
    _, resources, foot = text.partition("Resources:\n")
    if "\nerror: " in text:  # how many others the engine had seen by then is chance
        foot = re.sub(r"^ +\d+ unchanged\n", "", foot, flags=re.MULTILINE)
    return "".join([head, *sorted(steps, key=urn_of), resources, foot])


def urn_of(step):
    urn = re.search(r"^ *\[urn=(.*)\]", step, re.MULTILINE)
    return urn[1] if urn is not None else ""


def assert_golden(name, ran):
    assert "correct horse" not in ran.text
    assert "battery staple" not in ran.text
    assert "us1-" not in ran.text
    text, file = normalised(ran.text), GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text)
    assert text == file.read_text()


EVERY_DAY = {"sql-edited", "password-rotated", "connection-id-changed"}


@pytest.mark.parametrize(
    "change", [pytest.param(c, marks=[] if c in EVERY_DAY else pytest.mark.extended) for c in CHANGES]
)
def test_a_reviewer_reads(deployed, change):
    stack, _ = deployed
    stack.program(CHANGES[change])
    assert_golden(change, stack.preview("--show-full-output", fails=change == "sql-that-is-refused"))


@pytest.mark.extended
def test_a_reviewer_reads_that_another_workspace_was_configured(deployed):
    stack, _ = deployed
    stack.program(program())
    stack.run("config", "set", "warehouse-sync:workspaceId", "5678")
    try:
        ran = stack.preview("--show-full-output")
    finally:
        stack.run("config", "rm", "warehouse-sync:workspaceId")
    assert_golden("workspace-changed", ran)


def test_a_reviewer_reads_what_was_changed_outside(deployed):
    stack, emulator = deployed
    stack.program(program())
    before = emulator.objects("data-models")["orders"], emulator.objects("pipelines")["orders"]
    emulator.change("data-models", "orders", sql_query=SQL.replace("paid", "open"))
    emulator.change("pipelines", "orders", is_active=False)
    try:
        ran = stack.preview("--show-full-output", "--refresh")
    finally:
        emulator.change("data-models", "orders", sql_query=before[0]["sql_query"])
        emulator.change("pipelines", "orders", is_active=before[1]["is_active"])
    assert_golden("changed-outside", ran)
