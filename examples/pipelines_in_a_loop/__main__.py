"""Send what several queries find to mParticle, each on its own schedule, all from one connection.

A new file in `queries/`, and a line for it below, is a new pipeline. A workspace holds at most five active ones.
"""

from pathlib import Path

import pulumi

from warehouse_sync_pulumi import (
    Connection,
    DataModel,
    Environment,
    LoadTimestampFieldType,
    Pipeline,
    ScheduleInterval,
)

config = pulumi.Config()

# Each query, by the name of its file, and how often it runs.
QUERIES = {
    "open-tickets": ScheduleInterval.HOURLY,
    "closed-tickets": ScheduleInterval.DAILY,
    "last-contact": ScheduleInterval.WEEKLY,
}

connection = Connection(
    "support-connection",
    source_account_id="gd1234",
    region="us-central1.gcp",
    warehouse="compute_wh",
    database="mp",
    role="mp_role",
    user="mp_user",
    password=config.require_secret("snowflakePassword"),
)

for name, interval in QUERIES.items():
    model = DataModel(
        f"{name}-model",
        sql_query=Path(__file__).with_name("queries").joinpath(f"{name}.sql").read_text(),
        load_timestamp_field_name="last_updated_date_time",
        load_timestamp_field_type=LoadTimestampFieldType.TIMESTAMP_LTZ,
    )
    pipeline = Pipeline(
        f"{name}-pipeline",
        connection_id=connection.connection_id,
        data_model_id=model.data_model_id,
        partner_feed_key=config.require_secret("partnerFeedKey"),
        schedule_interval=interval,
        schedule_start_time="2023-01-01T00:00:00Z",
        environment=Environment.DEVELOPMENT,
        is_active=True,
    )
    pulumi.export(name, pipeline.pipeline_id)
