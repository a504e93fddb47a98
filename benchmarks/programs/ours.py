"""The resources of this package."""

from benchmarks.declared import declare
from warehouse_sync_pulumi import Connection, DataModel, Pipeline

declare(Connection, DataModel, Pipeline)
