"""A program as a team writes it: what is to be tested."""

from __future__ import annotations

import pulumi

from warehouse_sync_pulumi import Connection, DataModel, Environment, LoadTimestampFieldType, Pipeline, ScheduleInterval


def program() -> None:
    """Send every ticket to mParticle, whenever someone asks for it."""
    config = pulumi.Config()
    connection = Connection(
        "tickets-connection",
        source_account_id="gd1234",
        region="us-central1.gcp",
        warehouse="compute_wh",
        database="mp",
        role="mp_role",
        user="mp_user",
        password=config.require_secret("snowflakePassword"),
    )
    tickets = DataModel(
        "tickets-model",
        sql_query="SELECT email, subject, last_updated_date_time FROM mp.demo_service.tickets",
        load_timestamp_field_name="last_updated_date_time",
        load_timestamp_field_type=LoadTimestampFieldType.TIMESTAMP_LTZ,
    )
    pipeline = Pipeline(
        "tickets-pipeline",
        connection_id=connection.connection_id,
        data_model_id=tickets.data_model_id,
        partner_feed_key=config.require_secret("partnerFeedKey"),
        schedule_interval=ScheduleInterval.ON_DEMAND,
        schedule_start_time="2023-01-01T00:00:00Z",
        environment=Environment.DEVELOPMENT,
    )
    pulumi.export("pipeline", pipeline.pipeline_id)
