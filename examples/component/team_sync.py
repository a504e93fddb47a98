"""A component: what one team sends to mParticle, behind an interface of the few things that differ between teams."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from warehouse_sync_pulumi import (
    Connection,
    ConnectionArgs,
    DataModel,
    Environment,
    LoadTimestampFieldType,
    Pipeline,
    ScheduleInterval,
)

__all__ = ["Query", "TeamSync"]


@dataclass(frozen=True)
class Query:
    """Which rows a team sends, and how often."""

    sql: str
    interval: ScheduleInterval = ScheduleInterval.DAILY
    timestamp: str = "last_updated_date_time"
    """The column by which changed rows are found."""


class TeamSync(pulumi.ComponentResource):
    """A team's connection, and a data model and a pipeline for each of its queries."""

    connection: Connection
    pipelines: Mapping[str, Pipeline]
    """By the name of their query."""

    def __init__(  # noqa: PLR0913 - each by its name
        self,
        name: str,
        *,
        warehouse: ConnectionArgs,
        feed_key: pulumi.Input[str],
        queries: Mapping[str, Query],
        environment: Environment = Environment.DEVELOPMENT,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("examples:index:TeamSync", name, {}, opts)
        inside = pulumi.ResourceOptions(parent=self)
        self.connection = Connection(f"{name}-connection", opts=inside, **warehouse)
        self.pipelines = {
            query_name: self._pipeline(f"{name}-{query_name}", query, feed_key, environment, inside)
            for query_name, query in queries.items()
        }
        self.register_outputs({})

    def _pipeline(
        self,
        name: str,
        query: Query,
        feed_key: pulumi.Input[str],
        environment: Environment,
        inside: pulumi.ResourceOptions,
    ) -> Pipeline:
        model = DataModel(
            f"{name}-model",
            sql_query=query.sql,
            load_timestamp_field_name=query.timestamp,
            load_timestamp_field_type=LoadTimestampFieldType.TIMESTAMP_LTZ,
            opts=inside,
        )
        return Pipeline(
            f"{name}-pipeline",
            connection_id=self.connection.connection_id,
            data_model_id=model.data_model_id,
            partner_feed_key=feed_key,
            schedule_interval=query.interval,
            schedule_start_time="2023-01-01T00:00:00Z",
            environment=environment,
            is_active=True,
            opts=inside,
        )
