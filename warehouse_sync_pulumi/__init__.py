"""A Pulumi provider for mParticle's Warehouse Sync API.

`Connection` (a Snowflake account), `DataModel` (a SQL query) and `Pipeline` (the two joined, on a schedule) are
resources for a program; so is `PipelineRun`, which triggers a pipeline. `get_connection` and its like read what exists.
"""

from .engine import requirement as _requirement  # noqa: F401 - first, since it refuses an SDK that is too old

# isort: split
from importlib import import_module
from typing import TYPE_CHECKING

from .connection import Connection, ConnectionArgs, ConnectionType
from .data_model import DataModel, DataModelArgs, DataModelType, LoadTimestampFieldType
from .errors import NotFoundError, WarehouseSyncError
from .pipeline import Environment, Pipeline, PipelineArgs, ScheduleInterval
from .pipeline_run import PipelineRun, PipelineRunArgs, WhenBusy
from .review.sql import SqlRule

if TYPE_CHECKING:
    from .api.models import Connection as GetConnectionResult
    from .api.models import DataModel as GetDataModelResult
    from .api.models import Pipeline as GetPipelineResult
    from .api.models import PipelineRun as GetPipelineRunResult
    from .api.models import PipelineStatus as GetPipelineStatusResult
    from .functions import (
        get_connection,
        get_connection_output,
        get_connections,
        get_connections_output,
        get_data_model,
        get_data_model_output,
        get_data_models,
        get_data_models_output,
        get_pipeline,
        get_pipeline_output,
        get_pipeline_run,
        get_pipeline_run_output,
        get_pipeline_runs,
        get_pipeline_runs_output,
        get_pipeline_status,
        get_pipeline_status_output,
        get_pipelines,
        get_pipelines_output,
    )

__all__ = [
    "Connection",
    "ConnectionArgs",
    "ConnectionType",
    "DataModel",
    "DataModelArgs",
    "DataModelType",
    "Environment",
    "GetConnectionResult",
    "GetDataModelResult",
    "GetPipelineResult",
    "GetPipelineRunResult",
    "GetPipelineStatusResult",
    "LoadTimestampFieldType",
    "NotFoundError",
    "Pipeline",
    "PipelineArgs",
    "PipelineRun",
    "PipelineRunArgs",
    "ScheduleInterval",
    "SqlRule",
    "WarehouseSyncError",
    "WhenBusy",
    "get_connection",
    "get_connection_output",
    "get_connections",
    "get_connections_output",
    "get_data_model",
    "get_data_model_output",
    "get_data_models",
    "get_data_models_output",
    "get_pipeline",
    "get_pipeline_output",
    "get_pipeline_run",
    "get_pipeline_run_output",
    "get_pipeline_runs",
    "get_pipeline_runs_output",
    "get_pipeline_status",
    "get_pipeline_status_output",
    "get_pipelines",
    "get_pipelines_output",
]


if not TYPE_CHECKING:  # a type checker knows what is declared above, and refuses any other name

    def __getattr__(name: str) -> object:
        """Import a function, or the class of its result, when it is used: a preview without any need not wait."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(".functions", __name__), name)
