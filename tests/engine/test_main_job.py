"""The three resources, wired by their outputs, through their whole life."""

from __future__ import annotations

PROGRAM = """
connection = Connection(
    "orders-connection", source_account_id="gd1234", region="us-central1.gcp", warehouse="compute_wh", database="mp",
    role="mp_role", user="mp_user", password="correct horse",
)
model = DataModel(
    "orders-model", sql_query="SELECT t.email, t.updated_at FROM mp.shop.orders AS t",
    load_timestamp_field_name="updated_at", load_timestamp_field_type=LoadTimestampFieldType.TIMESTAMP_NTZ,
)
pipeline = Pipeline(
    "orders-pipeline", connection_id=connection.connection_id, data_model_id=model.data_model_id,
    partner_feed_key="us1-key", schedule_interval=ScheduleInterval.HOURLY, environment="development",
)
pulumi.export("start", pipeline.schedule_start_time)
"""


def test_up_creates_all_three_and_a_second_up_changes_nothing(stack, emulator):
    stack.program(PROGRAM)
    stack.up()
    assert set(stack.resources()) == {"orders-connection", "orders-model", "orders-pipeline"}
    assert emulator.journal.count("POST", "oauth/token") == 1
    emulator.journal.clear()
    assert stack.is_unchanged()
    assert len(emulator.journal) == 0
    assert stack.is_unchanged("--refresh")
    stack.destroy()
    assert not any(emulator.objects(kind) for kind in ("connections", "data-models", "pipelines"))
