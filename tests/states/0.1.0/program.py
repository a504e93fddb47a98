least = Connection(
    "least",
    **{
        "source_account_id": "gd1234",
        "region": "us-central1.gcp",
        "warehouse": "compute_wh",
        "database": "mp",
        "role": "mp_role",
        "user": "mp_user",
        "password": "correct horse",
    },
)
most = Connection(
    "most",
    connection_id="most-connection",
    name="Most",
    workspace_id=99,
    is_active=True,
    snowflake_aws_iam_user_arn="arn",
    snowflake_aws_external_id="external",
    **{
        "source_account_id": "gd1234",
        "region": "us-central1.gcp",
        "warehouse": "compute_wh",
        "database": "mp",
        "role": "mp_role",
        "user": "mp_user",
        "password": "correct horse",
    },
)
model = DataModel(
    "least",
    **{
        "sql_query": "SELECT t.email, t.updated_at FROM mp.shop.orders AS t",
        "load_timestamp_field_name": "updated_at",
        "load_timestamp_field_type": "timestamp_ntz",
    },
)
DataModel(
    "most",
    data_model_id="most-model",
    name=" trimmed by the API ",
    workspace_id=99,
    is_active=False,
    load_timestamp_field_time_zone="America/New_York",
    load_timestamp_field_time_offset=3600,
    **{
        "sql_query": "SELECT t.email, t.updated_at FROM mp.shop.orders AS t",
        "load_timestamp_field_name": "updated_at",
        "load_timestamp_field_type": "timestamp_ntz",
    },
)
Pipeline(
    "least",
    connection_id=least.id,
    data_model_id=model.id,
    **{"partner_feed_key": "us1-key", "schedule_interval": "hourly", "environment": "development"},
)
Pipeline(
    "most",
    pipeline_id="most-pipeline",
    name="Most",
    connection_id=least.connection_id,
    data_model_id=model.id,
    schedule_start_time="2023-01-01T02:00:00+02:00",
    schedule_end_time="2033-01-01T00:00:00Z",
    partner_feed_id=7,
    is_active=False,
    is_draft=True,
    **{"partner_feed_key": "us1-key", "schedule_interval": "hourly", "environment": "development"},
)
