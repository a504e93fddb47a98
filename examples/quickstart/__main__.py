"""Tell mParticle how many open tickets each customer has.

Three resources, wired to each other by their outputs: where the data is, which data, and when it is sent where.
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

# Where the data is: a Snowflake account, and how mParticle signs in to it. The two `snowflake_aws_*` values are what
# `DESCRIBE INTEGRATION` shows in Snowflake.
connection = Connection(
    "support-connection",
    source_account_id="gd1234",
    region="us-central1.gcp",
    warehouse="compute_wh",
    database="mp",
    role="mp_role",
    user="mp_user",
    password=config.require_secret("snowflakePassword"),
    snowflake_aws_iam_user_arn="arn:aws:iam::123456:user/externalstages/abcdefg",
    snowflake_aws_external_id="GD1234=2_abcdefg=",
)

# Which data: a query whose rows carry an identity (`email`), attributes, and the time by which mParticle tells what is
# new. Edit the SQL and run `make preview` to see the lines that change.
open_tickets = DataModel(
    "open-tickets-model",
    sql_query=Path(__file__).with_name("open-tickets.sql").read_text(),
    load_timestamp_field_name="last_updated_date_time",
    load_timestamp_field_type=LoadTimestampFieldType.TIMESTAMP_LTZ,
)

# When it is sent, and where: to the feed that was made for it in mParticle, which shows the feed's id and its key.
pipeline = Pipeline(
    "open-tickets-pipeline",
    connection_id=connection.connection_id,
    data_model_id=open_tickets.data_model_id,
    partner_feed_id=config.require_int("partnerFeedId"),
    partner_feed_key=config.require_secret("partnerFeedKey"),
    schedule_interval=ScheduleInterval.ON_DEMAND,  # each run sends what changed since the one before
    schedule_start_time="2023-01-01T00:00:00Z",
    environment=Environment.DEVELOPMENT,
    is_active=True,
)

pulumi.export("connection", connection.connection_id)
pulumi.export("data_model", open_tickets.data_model_id)
pulumi.export("pipeline", pipeline.pipeline_id)
