"""Dynamic resources that do nothing: what they take is what the engine and the SDK take, and so the floor.

The floor is set as low as it goes. The provider is importable and no secret, which spares each resource 2 kB of state
and its encryption; and the state holds the inputs alone, without the fields that the API answers besides.
"""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider, UpdateResult

__all__ = ["Connection", "DataModel", "Pipeline"]


class NothingProvider(ResourceProvider):
    """Answers without doing anything."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Say that it is done."""
        return CreateResult(props["name"], props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Say that it is done."""
        return UpdateResult(_news)


class Connection(Resource, module="nothing", name="Connection"):
    """A connection that is none."""

    def __init__(self, resource_name: str, *, password: str, **args: Any) -> None:
        super().__init__(NothingProvider(), resource_name, {"password": pulumi.Output.secret(password), **args})


class DataModel(Resource, module="nothing", name="DataModel"):
    """A data model that is none."""

    def __init__(self, resource_name: str, **args: Any) -> None:
        super().__init__(NothingProvider(), resource_name, args)


class Pipeline(Resource, module="nothing", name="Pipeline"):
    """A pipeline that is none."""

    def __init__(self, resource_name: str, *, partner_feed_key: str, **args: Any) -> None:
        secret = pulumi.Output.secret(partner_feed_key)
        super().__init__(NothingProvider(), resource_name, {"partner_feed_key": secret, **args})
