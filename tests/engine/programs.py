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
    *,
    name: str = "orders",
    opts: str = "None",
) -> str:
    """A connection, a data model and a pipeline with the id `orders`, wired by their outputs.

    Arguments are added to the usual ones; one that is None is left out. The resources may have another name than the
    objects; `opts` are those of all three, as a program writes them.
    """

    def arguments(id_argument: str, usual: dict[str, Any], changes: dict[str, Any] | None) -> str:
        given = {} if name == "orders" else {id_argument: "orders"}
        given |= usual | (changes or {})
        return repr({name: value for name, value in given.items() if value is not None})

    first = f'"{name}", ' if opts == "None" else f'"{name}", opts={opts}, '
    return f"""
connection = Connection({first}**{arguments("connection_id", CONNECTION, connection)})
data_model = DataModel({first}**{arguments("data_model_id", DATA_MODEL, data_model)})
wires = dict(connection_id=connection.connection_id, data_model_id=data_model.id)
pipeline = Pipeline({first}**(wires | {arguments("pipeline_id", PIPELINE, pipeline)}))
"""
