"""A workspace that people clicked together: every optional field, hostile SQL, and ids that make poor names."""

from __future__ import annotations

import httpx

CONNECTION = {
    "type": "snowflake",
    "source_account_id": "gd1234",
    "region": "us-central1.gcp",
    "warehouse": "compute_wh",
    "database": "mp",
    "role": "mp_role",
    "user": "mp_user",
    "password": "correct horse",
}
CONNECTIONS = [
    {**CONNECTION, "id": "class", "name": "Klasse „A“", "is_active": False},
    {
        **CONNECTION,
        "id": "orders-eu",
        "name": 'The "orders" of Europe\\Asia',
        "is_active": True,
        "snowflake_aws_iam_user_arn": "arn:aws:iam::123456:user/externalstages/abcdefg",
        "snowflake_aws_external_id": "GD1234=2_abcdefg=",
    },
    {**CONNECTION, "id": "orders_eu", "name": "orders_eu"},
]
MODEL = {"type": "sql", "load_timestamp_field_name": "TS", "load_timestamp_field_type": "timestamp_ntz"}
MODELS = [
    {
        **MODEL,
        "id": "2023-orders",
        "name": "2023",
        "sql_query": "SELECT t.email, t.ts\n  , 'it''s \"quoted\"' AS q, '\"\"\"' AS r\nFROM mp.shop.orders AS t\n",
        "load_timestamp_field_time_zone": "America/New_York",
        "load_timestamp_field_time_offset": 1800,
        "is_active": True,
    },
    {
        **MODEL,
        "id": "class",
        "name": "class",
        "sql_query": "SELECT t.ts, 'Grüße, 日本 🙂\u00a0\u2028' AS g \r\n\tFROM t\r\n  WHERE a LIKE '\\\\%' ",
        "load_timestamp_field_time_offset": 0,
        "is_active": False,
    },
    {
        **MODEL,
        "id": "orders-eu",
        "name": "Orders",
        "sql_query": f"SELECT {', '.join(f't.c{n}' for n in range(40))} FROM t",
    },
    {**MODEL, "id": "---", "name": "Dashes", "sql_query": 'SELECT "a" FROM t ORDER BY "a"\n\n-- "'},
]
PIPELINE = {"partner_feed_key": "us1-key", "schedule_interval": "daily", "environment": "development"}
PIPELINES = [
    {**PIPELINE, "id": "orders-eu", "name": "Orders", "connection_id": "orders-eu", "data_model_id": "orders-eu"},
    {
        **PIPELINE,
        "id": "class",
        "name": "class",
        "connection_id": "class",
        "data_model_id": "class",
        "partner_feed_id": 2124,
        "is_active": False,
        "is_draft": True,
        "schedule_start_time": "2023-02-01T00:00:00Z",
        "schedule_end_time": "2027-02-01T12:00:00Z",
        "environment": "production",
    },
    *(
        {
            **PIPELINE,
            "id": f"p{interval}",
            "name": f"P {interval}",
            "connection_id": "orders_eu",
            "data_model_id": "2023-orders",
            "schedule_interval": interval,
            "is_active": True,
        }
        for interval in ("hourly", "weekly", "monthly", "on_demand")
    ),
]
COLLECTIONS = {"connections": CONNECTIONS, "data-models": MODELS, "pipelines": PIPELINES}


def create_all(emulator):
    """Make all 13 objects by the API alone."""
    token = httpx.post(f"{emulator.url}/oauth/token", json=TOKEN_REQUEST).raise_for_status().json()["access_token"]
    for collection, objects in COLLECTIONS.items():
        url = f"{emulator.url}/platform/experimental/workspaces/{emulator.workspace_id}/inputs/warehouse/{collection}"
        for fields in objects:
            httpx.post(url, json=fields, headers={"Authorization": f"Bearer {token}"}).raise_for_status()


TOKEN_REQUEST = {
    "client_id": "somebody",
    "client_secret": "else",
    "audience": "https://api.mparticle.com",
    "grant_type": "client_credentials",
}
