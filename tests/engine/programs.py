"""Programs that the tests share, and the arguments in them."""

from __future__ import annotations

from typing import Any

CONNECTION: dict[str, Any] = {
    "source_account_id": "gd1234",
    "region": "us-central1.gcp",
    "warehouse": "compute_wh",
    "database": "mp",
    "role": "mp_role",
    "user": "mp_user",
    "password": "correct horse",
}
DATA_MODEL: dict[str, Any] = {
    "sql_query": "SELECT t.email, t.updated_at FROM mp.shop.orders AS t",
    "load_timestamp_field_name": "updated_at",
    "load_timestamp_field_type": "timestamp_ntz",
}
PIPELINE: dict[str, Any] = {
    "partner_feed_key": "us1-key",
    "schedule_interval": "hourly",
    "environment": "development",
}


def three(
    connection: dict[str, Any] | None = None,
    data_model: dict[str, Any] | None = None,
    pipeline: dict[str, Any] | None = None,
) -> str:
    """A connection, a data model and a pipeline named `orders`, wired by their outputs.

    Arguments are added to the usual ones; one that is None is left out.
    """

    def with_changes(usual: dict[str, Any], changes: dict[str, Any] | None) -> dict[str, Any]:
        return {name: value for name, value in (usual | (changes or {})).items() if value is not None}

    return f"""
connection = Connection("orders", **{with_changes(CONNECTION, connection)!r})
data_model = DataModel("orders", **{with_changes(DATA_MODEL, data_model)!r})
wires = dict(connection_id=connection.connection_id, data_model_id=data_model.id)
pipeline = Pipeline("orders", **(wires | {with_changes(PIPELINE, pipeline)!r}))
"""
