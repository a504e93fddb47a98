"""Send everything again whenever the version is raised, and see that something arrived before the deployment ends."""

import pulumi

from warehouse_sync_pulumi import (
    Connection,
    DataModel,
    Environment,
    LoadTimestampFieldType,
    Pipeline,
    PipelineRun,
    ScheduleInterval,
)

config = pulumi.Config()

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

tickets = DataModel(
    "tickets-model",
    sql_query="SELECT email, subject, last_updated_date_time FROM mp.demo_service.tickets",
    load_timestamp_field_name="last_updated_date_time",
    load_timestamp_field_type=LoadTimestampFieldType.TIMESTAMP_LTZ,
)

# A run brings what is new since the last one, and the first run of a pipeline begins at its start. An id that carries a
# version makes a new pipeline whenever that is raised, after a change of the query for example.
version = config.require_int("version")
pipeline = Pipeline(
    "backfill-pipeline",
    pipeline_id=f"tickets-backfill-{version}",
    connection_id=connection.connection_id,
    data_model_id=tickets.data_model_id,
    partner_feed_key=config.require_secret("partnerFeedKey"),
    schedule_interval=ScheduleInterval.ON_DEMAND,
    schedule_start_time="2023-01-01T00:00:00Z",
    environment=Environment.DEVELOPMENT,
    is_active=True,
)

# The deployment waits for the run, and fails when it fails or brings nothing.
run = PipelineRun(
    "backfill",
    pipeline_id=pipeline.pipeline_id,
    triggers={"version": version},
    timeout=3600,
    minimum_records=1,
)

pulumi.export("state", run.pipeline_run_state)
pulumi.export("records", run.records_extracted)
