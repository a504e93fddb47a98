"""What every measured program declares, whatever its resources are made of.

Two environment variables choose: `BENCH_RESOURCES`, as `connection=1,data_model=50,pipeline=49`, and `BENCH_REVISION`,
a digit that stands in each resource: another one is an update of all.
"""

from __future__ import annotations

import os
from typing import Any

__all__ = ["declare"]

_QUERY = """\
SELECT c.customer_id AS customerid, c.email, c.first_name, c.last_name, c.country, c.updated_at
FROM shop.public.customers_{number} AS c
WHERE c.revision > {revision}
"""


def declare(connection_class: Any, data_model_class: Any, pipeline_class: Any) -> None:
    """Declare the resources, wired as programs wire them: a pipeline for each data model, on the first connection."""
    counts = {kind: int(count) for kind, _, count in (item.partition("=") for item in _setting("RESOURCES").split(","))}
    revision = _setting("REVISION")
    connections = [
        connection_class(
            f"warehouse-{number}-connection",
            name=f"warehouse-{number}-connection",
            type="snowflake",
            source_account_id="gd1234",
            region="us-central1.gcp",
            warehouse=f"compute_wh_{revision}",
            database="mp",
            role="mp_role",
            user="mp_user",
            password="correct horse battery staple",  # noqa: S106 - the emulator takes any
        )
        for number in range(counts.get("connection", 0))
    ]
    data_models = [
        data_model_class(
            f"customers-{number}-model",
            name=f"customers-{number}-model",
            type="sql",
            sql_query=_QUERY.format(number=number, revision=revision),
            load_timestamp_field_name="updated_at",
            load_timestamp_field_type="timestamp_ntz",
        )
        for number in range(counts.get("data_model", 0))
    ]
    for number in range(counts.get("pipeline", 0)):
        pipeline_class(
            f"customers-{number}-pipeline",
            name=f"customers-{number}-pipeline",
            connection_id=connections[0].id,
            data_model_id=data_models[number].id,
            partner_feed_key="us1-0123456789abcdef",
            schedule_interval="daily",
            # A start would be further back than pipelines catch up one day, and each would warn of it.
            schedule_end_time=f"2099-01-0{revision}T00:00:00Z",
            environment="development",
        )


def _setting(name: str) -> str:
    return os.environ[f"BENCH_{name}"]
