"""Dynamic resources as tutorials write them: in the program, with a client and a token for each call."""

from __future__ import annotations

import os
import sys
from typing import Any

import httpx
import pulumi
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

from benchmarks.declared import declare

SECRETS = ("password", "partner_feed_key")
# Each provider that the SDK serialises by value nests the next one's a level deeper: about 310 resources are the most
# that Python's own limit allows.
sys.setrecursionlimit(100_000)


class PlainProvider(ResourceProvider):
    """Manages the objects of one collection."""

    def __init__(self, collection: str) -> None:
        super().__init__()
        self.collection = collection

    def request(self, method: str, path: str, props: dict[str, Any] | None = None) -> Any:
        """Send one request."""
        workspace = int(os.environ["WAREHOUSE_SYNC_WORKSPACE_ID"])
        body = None
        if props is not None:
            body = {key: value for key, value in props.items() if key != "__provider"}
            body |= {"id": props["name"], "workspace_id": workspace}
        with httpx.Client(timeout=90) as client:
            token = client.post(
                os.environ["WAREHOUSE_SYNC_AUTH_URL"],
                json={
                    "client_id": os.environ["WAREHOUSE_SYNC_CLIENT_ID"],
                    "client_secret": os.environ["WAREHOUSE_SYNC_CLIENT_SECRET"],
                    "audience": "https://api.mparticle.com",
                    "grant_type": "client_credentials",
                },
            ).json()["access_token"]
            response = client.request(
                method,
                f"{os.environ['WAREHOUSE_SYNC_API_URL']}/platform/experimental/workspaces/{workspace}"
                f"/inputs/warehouse/{self.collection}{path}",
                json=body,
                headers={"Authorization": f"Bearer {token}"},
            )
            response.raise_for_status()
            return response.json() if response.content else None

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the object."""
        return CreateResult(self.request("POST", "", props)["id"], props)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Compare what there is with what there shall be."""
        return DiffResult(changes=any(_olds.get(key) != value for key, value in _news.items()))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Read the object."""
        answer = self.request("GET", f"/{id_}")
        return ReadResult(id_, {key: value if key in SECRETS else answer.get(key) for key, value in props.items()})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Replace the object."""
        self.request("PUT", f"/{_id}", _news)
        return UpdateResult(_news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete the object."""
        self.request("DELETE", f"/{_id}")


class PlainResource(Resource, module="plain", name="Object"):
    """An object of one collection."""

    collection: str

    def __init__(self, resource_name: str, **args: Any) -> None:
        props = {key: pulumi.Output.secret(value) if key in SECRETS else value for key, value in args.items()}
        super().__init__(PlainProvider(self.collection), resource_name, props)


class Connection(PlainResource, module="plain", name="Connection"):
    """A connection."""

    collection = "connections"


class DataModel(PlainResource, module="plain", name="DataModel"):
    """A data model."""

    collection = "data-models"


class Pipeline(PlainResource, module="plain", name="Pipeline"):
    """A pipeline."""

    collection = "pipelines"


declare(Connection, DataModel, Pipeline)
