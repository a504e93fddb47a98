"""Dynamic resources that do nothing: what they take is what the engine and the SDK take, and so the floor.

Their state holds what the true resources' holds, so that the engine has as much to write. Otherwise the floor is as low
as it goes: the provider is importable and no secret, which spares each resource 2 kB of state and its encryption.
"""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.dynamic import CheckResult, CreateResult, Resource, ResourceProvider, UpdateResult

__all__ = ["Connection", "DataModel", "Pipeline"]

_MADE = {"created_by": "developer@mparticle.com", "created_on": "2026-01-01T00:00:00.000"}


class NothingProvider(ResourceProvider):
    """Answers without doing anything."""

    serialize_as_secret_always = False
    filled: dict[str, Any] = {}  # noqa: RUF012 - nobody changes it
    """What the service adds to an object."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Add the workspace, as the true one does."""
        return CheckResult({**news, "workspace_id": 1234}, [])

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Say that it is done."""
        return CreateResult(props["name"], {**props, **_MADE, **self.filled})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Say that it is done."""
        return UpdateResult({**_news, **_MADE, **self.filled})


class ConnectionProvider(NothingProvider):
    """Manages connections that are none."""

    filled = {"is_faulted": False, "__defaults": []}  # noqa: RUF012


class DataModelProvider(NothingProvider):
    """Manages data models that are none."""

    filled = {"load_timestamp_field_time_offset": 0, "__defaults": ["load_timestamp_field_time_offset"]}  # noqa: RUF012


class PipelineProvider(NothingProvider):
    """Manages pipelines that are none."""

    filled = {  # noqa: RUF012
        "is_active": True,
        "is_draft": False,
        "is_faulted": False,
        "partner_feed_id": 1234,
        "__defaults": ["is_active", "is_draft", "partner_feed_id"],
    }


class Connection(Resource, module="nothing", name="Connection"):
    """A connection that is none."""

    def __init__(self, resource_name: str, *, password: str, **args: Any) -> None:
        given = {"connection_id": resource_name, "password": pulumi.Output.secret(password)}
        super().__init__(ConnectionProvider(), resource_name, {**given, **args})


class DataModel(Resource, module="nothing", name="DataModel"):
    """A data model that is none."""

    def __init__(self, resource_name: str, **args: Any) -> None:
        super().__init__(DataModelProvider(), resource_name, {"data_model_id": resource_name, **args})


class Pipeline(Resource, module="nothing", name="Pipeline"):
    """A pipeline that is none."""

    def __init__(self, resource_name: str, *, partner_feed_key: str, **args: Any) -> None:
        given = {"pipeline_id": resource_name, "partner_feed_key": pulumi.Output.secret(partner_feed_key)}
        super().__init__(PipelineProvider(), resource_name, {**given, **args})
