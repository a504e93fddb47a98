"""A Pulumi provider for mParticle's Warehouse Sync API.

`Connection` (a Snowflake account), `DataModel` (a SQL query) and `Pipeline` (the two joined, on a schedule) are
resources for a program; so is `PipelineRun`, which triggers a pipeline. `get_connection` and its like read what exists.
"""

from . import _requirement as _requirement  # first, since it refuses an SDK that is too old
from .connection import Connection, ConnectionArgs, ConnectionType
from .data_model import DataModel, DataModelArgs, DataModelType, LoadTimestampFieldType
from .errors import WarehouseSyncError
from .pipeline import Environment, Pipeline, PipelineArgs, ScheduleInterval
from .pipeline_run import PipelineRun, PipelineRunArgs, WhenBusy
from .sql import SqlRule

__all__ = [
    "Connection",
    "ConnectionArgs",
    "ConnectionType",
    "DataModel",
    "DataModelArgs",
    "DataModelType",
    "Environment",
    "LoadTimestampFieldType",
    "Pipeline",
    "PipelineArgs",
    "PipelineRun",
    "PipelineRunArgs",
    "ScheduleInterval",
    "SqlRule",
    "WarehouseSyncError",
    "WhenBusy",
]
