"""`Pipeline`: a data model run on a connection, on a schedule."""

from collections.abc import Mapping
from enum import Enum
from typing import Annotated, Any

import pulumi
from typing_extensions import Required, Unpack

from .engine.dynamic import SyncProvider
from .engine.manager import Checked
from .engine.objects import ObjectManager
from .engine.resource import SyncResource
from .review.schedules import ActivePipelines, schedule_problems
from .schema import (
    Field,
    Flag,
    Id,
    Kind,
    ObjectArgs,
    Secret,
    Slug,
    Timestamp,
    choice,
    number,
    same_timestamp,
    timestamp,
)

__all__ = ["Environment", "Pipeline", "PipelineArgs", "ScheduleInterval"]


class ScheduleInterval(str, Enum):
    """How often a pipeline runs."""

    HOURLY = "hourly"
    """[page]"""
    DAILY = "daily"
    """[page]"""
    WEEKLY = "weekly"
    """[page]"""
    MONTHLY = "monthly"
    """[page]"""
    ON_DEMAND = "on_demand"
    """When it is triggered, by a `PipelineRun` or otherwise. [page]"""
    ONCE = "once"
    """At once after its creation, and never again. [recorded]"""


class Environment(str, Enum):
    """The mParticle environment that data is sent to [page]."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class PipelineArgs(ObjectArgs, total=False):
    """The arguments of a `Pipeline`. Each rule names its source: the API's reference page, or recorded requests."""

    pipeline_id: Id | None
    """The API's `id`: letters, digits, `_` and `-`. Default: the resource's name. A change replaces: so does
    a new name of the resource where this is left out. [page]"""
    connection_id: Required[Slug | None]
    """The connection to read from: a `Connection`'s `connection_id` or `id`. [page]"""
    data_model_id: Required[Slug | None]
    """The data model to run: a `DataModel`'s `data_model_id` or `id`. [page]"""
    partner_feed_id: Annotated[pulumi.Input[int], Field(number, computed=True)] | None
    """The id of the feed that receives the data. Default: the server finds it by the key. [page]"""
    partner_feed_key: Secret | None
    """The key of the feed that receives the data. Needed to create a pipeline and for every change of it; secret
    everywhere. [page]"""
    schedule_interval: Required[Annotated[pulumi.Input[str | ScheduleInterval], Field(choice(ScheduleInterval))] | None]
    """How often to run: a `ScheduleInterval`, or its value as text. [page]"""
    schedule_start_time: Annotated[pulumi.Input[str], Field(timestamp, same_timestamp, computed=True)] | None
    """From when on to send data, and the anchor of the schedule: `2022-10-30T11:00:16Z`. Default: the server's choice,
    as far back as the vendor catches up. [page]"""
    schedule_end_time: Timestamp | None
    """When to stop: `2022-10-30T11:00:16Z`. Default: never. [page]"""
    environment: Required[Annotated[pulumi.Input[str | Environment], Field(choice(Environment))] | None]
    """Where the data goes: an `Environment`, or its value as text. [page]"""
    is_active: Flag | None
    """Whether it runs on its schedule; false pauses it. Default: the server's choice. [page]"""
    is_draft: Flag | None
    """Whether it is kept from running until this becomes false. Default: the server's choice. [page]"""


PIPELINE = Kind(
    name="Pipeline", noun="pipeline", collection="pipelines", arguments=PipelineArgs, problems=schedule_problems
)


class PipelineManager(ObjectManager):
    """Counts the active ones besides, since the vendor limits them."""

    def check(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Checked:
        """As for any object; and warn of too many that are active."""
        checked = super().check(olds, news)
        warning = self.operation.shared(ActivePipelines).add(checked.inputs, olds)
        if warning is not None:
            self.warn_once(warning)
        return checked


class PipelineProvider(SyncProvider):
    """Manages pipelines for Pulumi's engine."""

    kind = PIPELINE
    manager_class = PipelineManager


class Pipeline(SyncResource, module="warehouse-sync", name="Pipeline"):
    """A data model run on a connection, on a schedule.

    To pause one, set `is_active=False` [page]. A workspace holds at most 5 active pipelines [recorded].
    """

    provider = PipelineProvider

    is_faulted: pulumi.Output[bool | None]
    """Whether the service gave up on it; see `faulted_reason`."""
    faulted_reason: pulumi.Output[str | None]
    """Why it is faulted."""

    # Written by `make reference` from here on, from the arguments.
    pipeline_id: pulumi.Output[str]
    """The API's `id`; the same as the resource's `id`."""
    name: pulumi.Output[str]
    """What people see."""
    connection_id: pulumi.Output[str | None]
    """The connection to read from."""
    data_model_id: pulumi.Output[str | None]
    """The data model to run."""
    partner_feed_id: pulumi.Output[int | None]
    """The id of the feed that receives the data."""
    partner_feed_key: pulumi.Output[str | None]
    """The key of the feed that receives the data: a secret, as the program gave it; nothing on an imported pipeline
    that was never written."""
    schedule_interval: pulumi.Output[str | None]
    """How often to run."""
    schedule_start_time: pulumi.Output[str | None]
    """From when on to send data, and the anchor of the schedule."""
    schedule_end_time: pulumi.Output[str | None]
    """When to stop."""
    environment: pulumi.Output[str | None]
    """Where the data goes."""
    is_active: pulumi.Output[bool | None]
    """Whether it runs on its schedule."""
    is_draft: pulumi.Output[bool | None]
    """Whether it is kept from running until this becomes false."""

    def __init__(
        self,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        **args: Unpack[PipelineArgs],
    ) -> None:
        super().__init__(resource_name, args, opts)
