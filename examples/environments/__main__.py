"""Tell mParticle what each customer has spent: in development from one warehouse, in production from another.

What differs between the two stands in `Pulumi.dev.yaml` and `Pulumi.prod.yaml`.
"""

from pathlib import Path

import pulumi

from warehouse_sync_pulumi import Connection, DataModel, Environment, LoadTimestampFieldType, Pipeline

config = pulumi.Config()
database = config.require("database")
environment = Environment(config.require("environment"))
is_production = environment is Environment.PRODUCTION

# Nobody deletes or replaces what production runs on by a slip: an operation that would is refused in its preview, until
# `pulumi state unprotect` says that it is meant. And even then the pipeline itself stays in mParticle.
careful = pulumi.ResourceOptions(protect=is_production)
most_careful = pulumi.ResourceOptions(protect=is_production, retain_on_delete=is_production)

connection = Connection(
    "shop-connection",
    source_account_id="gd1234",
    region="us-central1.gcp",
    warehouse=config.require("warehouse"),
    database=database,
    role="mp_role",
    user="mp_user",
    password=config.require_secret("snowflakePassword"),
    opts=careful,
)

customers = DataModel(
    "customers-model",
    sql_query=Path(__file__).with_name("customers.sql").read_text().format(database=database),
    load_timestamp_field_name="updated_at",
    load_timestamp_field_type=LoadTimestampFieldType.TIMESTAMP_NTZ,
    opts=careful,
)

pipeline = Pipeline(
    "customers-pipeline",
    connection_id=connection.connection_id,
    data_model_id=customers.data_model_id,
    partner_feed_key=config.require_secret("partnerFeedKey"),
    schedule_interval=config.require("interval"),
    environment=environment,
    is_active=True,
    opts=most_careful,
)

pulumi.export("pipeline", pipeline.pipeline_id)
