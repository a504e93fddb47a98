"""What the functions ask the API, whichever host a program calls them through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from .api import models
from .connection import CONNECTION
from .data_model import DATA_MODEL
from .pipeline import PIPELINE
from .schema import format_timestamp, number, parse_timestamp

if TYPE_CHECKING:
    from .api.client import Client
    from .schema import Kind

__all__ = ["QUERIES", "Query", "as_text", "checked_page_size"]

_LARGEST_PAGE = 1000
"""Runs. About 600 bytes each, so that a page stays far below the largest answer that is read."""


class Query(NamedTuple):
    """One function's question."""

    ask: Callable[[Client, int, Mapping[str, Any]], Any]
    """Asks for it: the client, the workspace, and the function's arguments."""
    result: type[models.Answer]
    """What is answered, or what each of the `items` is."""
    is_list: bool = False
    """Whether it answers `items`. Functions answer Pulumi with objects."""


def as_text(date: str | datetime) -> str:
    """A time as the API takes it."""
    return format_timestamp(parse_timestamp(date) if isinstance(date, str) else date)


def checked_page_size(value: Any) -> int:
    """How many runs a page is to have; raises ValueError for what none can have."""
    size = number(value)
    if not 1 <= size <= _LARGEST_PAGE:
        raise ValueError(f"page_size is {size}: it must be from 1 to {_LARGEST_PAGE}")
    return size


def _one(kind: Kind, result: type[models.Answer]) -> Query:
    return Query(lambda client, workspace, given: client.get(kind.address(workspace, given[kind.id_argument])), result)


def _all(kind: Kind, result: type[models.Answer]) -> Query:
    return Query(lambda client, workspace, _: {"items": client.list(kind.address(workspace))}, result, is_list=True)


def _status(client: Client, workspace: int, given: Mapping[str, Any]) -> Any:
    return client.runs.status(PIPELINE.address(workspace, given["pipeline_id"]))


def _run(client: Client, workspace: int, given: Mapping[str, Any]) -> Any:
    return client.runs.get(PIPELINE.address(workspace, given["pipeline_id"]), number(given["pipeline_run_id"]))


def _runs(client: Client, workspace: int, given: Mapping[str, Any]) -> Any:
    pipeline = PIPELINE.address(workspace, given["pipeline_id"])
    size = checked_page_size(given.get("page_size", 100))
    start, end = (None if date is None else as_text(date) for date in (given.get("start_date"), given.get("end_date")))
    return {"items": client.runs.each(pipeline, start=start, end=end, page_size=size)}


QUERIES = {
    "getConnection": _one(CONNECTION, models.Connection),
    "getConnections": _all(CONNECTION, models.Connection),
    "getDataModel": _one(DATA_MODEL, models.DataModel),
    "getDataModels": _all(DATA_MODEL, models.DataModel),
    "getPipeline": _one(PIPELINE, models.Pipeline),
    "getPipelines": _all(PIPELINE, models.Pipeline),
    "getPipelineRun": Query(_run, models.PipelineRun),
    "getPipelineRuns": Query(_runs, models.PipelineRun, is_list=True),
    "getPipelineStatus": Query(_status, models.PipelineStatus),
}
"""By the last part of the function's token."""
