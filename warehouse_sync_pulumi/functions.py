"""Functions for programs: what exists in a workspace, and how its pipelines run.

Each asks the API when it is called, in a preview too. Its twin with `_output` takes Pulumi inputs and gives an output:
it asks once those are known and the resources behind them exist, and is unknown in a preview until then.

Settings come from the stack's configuration and the environment. A failure, such as a missing object, is a
`WarehouseSyncError` of one line, which ends a program without a traceback.
"""

from __future__ import annotations

import asyncio
import traceback
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi

from .api.clients import connect
from .api.models import Connection as GetConnectionResult
from .api.models import DataModel as GetDataModelResult
from .api.models import Pipeline as GetPipelineResult
from .api.models import PipelineRun as GetPipelineRunResult
from .api.models import PipelineStatus as GetPipelineStatusResult
from .config import NAMESPACE, Settings
from .engine import sdk
from .engine.dependencies import once_they_exist
from .errors import WarehouseSyncError, shows_tracebacks
from .queries import QUERIES, as_text, checked_page_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = [
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

T = TypeVar("T")
Options = pulumi.InvokeOutputOptions
"""Of a twin: `depends_on` is what counts here, the resources that must be there before it asks."""


def get_connection(connection_id: str, workspace_id: int | None = None) -> GetConnectionResult:
    """One connection, without its password. `workspace_id` is by default the stack's.

    Raises NotFoundError when there is none.
    """
    given = {"connection_id": connection_id, "workspace_id": workspace_id}
    return GetConnectionResult.model_validate(_ask("getConnection", given))


def get_connection_output(
    connection_id: pulumi.Input[str],
    workspace_id: pulumi.Input[int | None] | None = None,
    opts: Options | None = None,
) -> pulumi.Output[GetConnectionResult]:
    """As `get_connection`, for inputs."""
    return _output(get_connection, opts, connection_id=connection_id, workspace_id=workspace_id)


def get_connections(workspace_id: int | None = None) -> list[GetConnectionResult]:
    """Every connection of a workspace, without their passwords. `workspace_id` is by default the stack's."""
    found = _ask_for_all("getConnections", {"workspace_id": workspace_id})
    return [GetConnectionResult.model_validate(item) for item in found]


def get_connections_output(
    workspace_id: pulumi.Input[int | None] | None = None, opts: Options | None = None
) -> pulumi.Output[list[GetConnectionResult]]:
    """As `get_connections`, for inputs."""
    return _output(get_connections, opts, workspace_id=workspace_id)


def get_data_model(data_model_id: str, workspace_id: int | None = None) -> GetDataModelResult:
    """One data model. `workspace_id` is by default the stack's.

    Raises NotFoundError when there is none.
    """
    given = {"data_model_id": data_model_id, "workspace_id": workspace_id}
    return GetDataModelResult.model_validate(_ask("getDataModel", given))


def get_data_model_output(
    data_model_id: pulumi.Input[str],
    workspace_id: pulumi.Input[int | None] | None = None,
    opts: Options | None = None,
) -> pulumi.Output[GetDataModelResult]:
    """As `get_data_model`, for inputs."""
    return _output(get_data_model, opts, data_model_id=data_model_id, workspace_id=workspace_id)


def get_data_models(workspace_id: int | None = None) -> list[GetDataModelResult]:
    """Every data model of a workspace. `workspace_id` is by default the stack's."""
    found = _ask_for_all("getDataModels", {"workspace_id": workspace_id})
    return [GetDataModelResult.model_validate(item) for item in found]


def get_data_models_output(
    workspace_id: pulumi.Input[int | None] | None = None, opts: Options | None = None
) -> pulumi.Output[list[GetDataModelResult]]:
    """As `get_data_models`, for inputs."""
    return _output(get_data_models, opts, workspace_id=workspace_id)


def get_pipeline(pipeline_id: str, workspace_id: int | None = None) -> GetPipelineResult:
    """One pipeline, without its feed's key. `workspace_id` is by default the stack's.

    Raises NotFoundError when there is none.
    """
    given = {"pipeline_id": pipeline_id, "workspace_id": workspace_id}
    return GetPipelineResult.model_validate(_ask("getPipeline", given))


def get_pipeline_output(
    pipeline_id: pulumi.Input[str],
    workspace_id: pulumi.Input[int | None] | None = None,
    opts: Options | None = None,
) -> pulumi.Output[GetPipelineResult]:
    """As `get_pipeline`, for inputs."""
    return _output(get_pipeline, opts, pipeline_id=pipeline_id, workspace_id=workspace_id)


def get_pipelines(workspace_id: int | None = None) -> list[GetPipelineResult]:
    """Every pipeline of a workspace, without their feeds' keys. `workspace_id` is by default the stack's."""
    found = _ask_for_all("getPipelines", {"workspace_id": workspace_id})
    return [GetPipelineResult.model_validate(item) for item in found]


def get_pipelines_output(
    workspace_id: pulumi.Input[int | None] | None = None, opts: Options | None = None
) -> pulumi.Output[list[GetPipelineResult]]:
    """As `get_pipelines`, for inputs."""
    return _output(get_pipelines, opts, workspace_id=workspace_id)


def get_pipeline_status(pipeline_id: str, workspace_id: int | None = None) -> GetPipelineStatusResult:
    """A pipeline's status, and its latest run. `workspace_id` is by default the stack's.

    Raises NotFoundError when there is no such pipeline, and for about a minute after its creation [recorded].
    """
    given = {"pipeline_id": pipeline_id, "workspace_id": workspace_id}
    return GetPipelineStatusResult.model_validate(_ask("getPipelineStatus", given))


def get_pipeline_status_output(
    pipeline_id: pulumi.Input[str],
    workspace_id: pulumi.Input[int | None] | None = None,
    opts: Options | None = None,
) -> pulumi.Output[GetPipelineStatusResult]:
    """As `get_pipeline_status`, for inputs."""
    return _output(get_pipeline_status, opts, pipeline_id=pipeline_id, workspace_id=workspace_id)


def get_pipeline_run(pipeline_id: str, pipeline_run_id: int, workspace_id: int | None = None) -> GetPipelineRunResult:
    """One run of a pipeline. `workspace_id` is by default the stack's.

    Raises NotFoundError when there is none.
    """
    given = {"pipeline_id": pipeline_id, "pipeline_run_id": pipeline_run_id, "workspace_id": workspace_id}
    return GetPipelineRunResult.model_validate(_ask("getPipelineRun", given))


def get_pipeline_run_output(
    pipeline_id: pulumi.Input[str],
    pipeline_run_id: pulumi.Input[int],
    workspace_id: pulumi.Input[int | None] | None = None,
    opts: Options | None = None,
) -> pulumi.Output[GetPipelineRunResult]:
    """As `get_pipeline_run`, for inputs."""
    given = {"pipeline_id": pipeline_id, "pipeline_run_id": pipeline_run_id, "workspace_id": workspace_id}
    return _output(get_pipeline_run, opts, **given)


def get_pipeline_runs(
    pipeline_id: str,
    workspace_id: int | None = None,
    *,
    start_date: str | datetime | None = None,
    end_date: str | datetime | None = None,
    page_size: int = 100,
) -> Iterator[GetPipelineRunResult]:
    """The runs of a pipeline, each once, in the service's order; a page is fetched when it is used.

    `start_date` and `end_date` bound the runs' `logical_date`: a time such as 2022-10-30T11:00:16Z, or a `datetime`
    (one without a zone is UTC). `page_size` is a number of runs, from 1 to 1000. `workspace_id` is by default the
    stack's.

    Raises NotFoundError, at the first run, when there is no such pipeline.
    """
    size = checked_page_size(page_size)
    start, end = (None if date is None else as_text(date) for date in (start_date, end_date))
    given = {"pipeline_id": pipeline_id, "workspace_id": workspace_id, "start_date": start, "end_date": end}

    def each() -> Iterator[GetPipelineRunResult]:
        with _traceback_where_wanted():
            for item in _ask_for_all("getPipelineRuns", given, page_size=size):
                yield GetPipelineRunResult.model_validate(item)

    return each()


def get_pipeline_runs_output(
    pipeline_id: pulumi.Input[str],
    workspace_id: pulumi.Input[int | None] | None = None,
    *,
    start_date: pulumi.Input[str | datetime | None] | None = None,
    end_date: pulumi.Input[str | datetime | None] | None = None,
    opts: Options | None = None,
) -> pulumi.Output[list[GetPipelineRunResult]]:
    """As `get_pipeline_runs`, for inputs; all runs, since an output is whole."""

    def get_all(**given: Any) -> list[GetPipelineRunResult]:
        return list(get_pipeline_runs(**given))

    given = {"pipeline_id": pipeline_id, "workspace_id": workspace_id, "start_date": start_date, "end_date": end_date}
    return _output(get_all, opts, **given)


def _ask_for_all(function: str, given: dict[str, Any], **options: Any) -> Iterable[Any]:
    """Every object that the API answers. Functions answer Pulumi with objects, so that mocks give a list as `items`."""
    found: Iterable[Any] = _ask(function, given, **options).get("items", ())
    return found


def _ask(function: str, given: dict[str, Any], **options: Any) -> Any:
    """The API's answer, or that of the mocks in a program's unit test; `options` are none of a mock's business."""
    with _traceback_where_wanted():
        mocked = sdk.mocked(f"{NAMESPACE}:index:{function}", given)
        if mocked is not None:
            return dict(mocked)
        settings = Settings(pulumi.Config(NAMESPACE).get)
        client = connect(settings.endpoint(), _tell, pulumi.log.debug)
        return QUERIES[function].ask(client, settings.workspace_id(given["workspace_id"]), given | options)


@contextmanager
def _traceback_where_wanted() -> Iterator[None]:
    """Pulumi shows a failure in one line; its traceback goes before it where somebody asked for all."""
    try:
        yield
    except WarehouseSyncError:
        if shows_tracebacks():
            traceback.print_exc()
        raise


def _tell(message: str) -> None:
    pulumi.log.info(message, ephemeral=True)


def _output(function: Callable[..., T], opts: Options | None, **inputs: pulumi.Input[Any]) -> pulumi.Output[T]:
    """The function of the inputs, once they are known and the resources that they come from exist."""
    given = once_they_exist(pulumi.Output.all(**inputs), None if opts is None else opts.depends_on)
    # Not in the event loop, so that several ask at once and nothing else waits.
    return given.apply(lambda known: asyncio.to_thread(function, **known))
