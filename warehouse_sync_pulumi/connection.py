"""`Connection`: the Snowflake account that pipelines read from."""

from enum import Enum
from typing import Annotated

import pulumi
from typing_extensions import Required, TypedDict, Unpack

from .engine.dynamic import SyncProvider
from .engine.resource import SyncResource
from .schema import Field, Flag, Kind, Secret, Text, number, slug, text

__all__ = ["Connection", "ConnectionArgs", "ConnectionType"]


class ConnectionType(str, Enum):
    """The kinds of warehouse that the API connects to [page]. Other texts are accepted: the API decides."""

    SNOWFLAKE = "snowflake"


class ConnectionArgs(TypedDict, total=False):
    """The arguments of a `Connection`. Each rule names its source: the API's reference page, or recorded requests."""

    connection_id: Annotated[pulumi.Input[str], Field(slug, replaces=True)] | None
    """The API's `id`: letters, digits, `_` and `-`. Default: the resource's name. A change replaces: so does
    a new name of the resource where this is left out. [page]"""
    name: Text | None
    """What people see. Default: the `connection_id`. [page]"""
    workspace_id: Annotated[pulumi.Input[int], Field(number, replaces=True)] | None
    """The workspace to create it in. Default: the stack's `warehouse-sync:workspaceId`. A change replaces. [page]"""
    type: Annotated[pulumi.Input[str | ConnectionType], Field(text, default="snowflake", replaces=True)] | None
    """The kind of warehouse. Default: `snowflake`. A change replaces. [page]"""
    source_account_id: Required[Text | None]
    """The warehouse account's id, such as `gd1234`. [page]"""
    region: Required[Text | None]
    """The warehouse's region, such as `us-central1.gcp`. [page]"""
    warehouse: Required[Text | None]
    """The compute resource to use for syncing. [page]"""
    database: Required[Text | None]
    """The database that holds the data. [page]"""
    role: Text | None
    """The Snowflake role to assume. Default: none; the service judges whether a connection can do without. [page]"""
    user: Required[Text | None]
    """The user to log in as. [page]"""
    password: Secret | None
    """The user's password. Needed to create a connection and for every change of it; secret everywhere. [page]"""
    snowflake_aws_iam_user_arn: Text | None
    """`STORAGE_AWS_IAM_USER_ARN` of the Snowflake storage integration. [page]"""
    snowflake_aws_external_id: Text | None
    """`STORAGE_AWS_EXTERNAL_ID` of the Snowflake storage integration. [page]"""
    is_active: Flag | None
    """Whether pipelines may use it. Default: the server's choice. [recorded]"""


CONNECTION = Kind(name="Connection", noun="connection", collection="connections", arguments=ConnectionArgs)


class ConnectionProvider(SyncProvider):
    """Manages connections for Pulumi's engine."""

    kind = CONNECTION


class Connection(SyncResource, module="warehouse-sync", name="Connection"):
    """A Snowflake account that pipelines read from.

    Creating one takes about ten seconds: the service logs in to the warehouse to test the credentials [recorded]. Wrong
    ones fail with the API's 505. One connection serves all pipelines on the same warehouse.
    """

    kind = CONNECTION

    connection_id: pulumi.Output[str]
    """The API's `id`; the same as the resource's `id`."""
    name: pulumi.Output[str]
    """What people see."""
    workspace_id: pulumi.Output[int]
    """The workspace that it is in."""
    type: pulumi.Output[str]
    """The kind of warehouse."""
    source_account_id: pulumi.Output[str]
    """The warehouse account's id."""
    region: pulumi.Output[str]
    """The warehouse's region."""
    warehouse: pulumi.Output[str]
    """The compute resource used for syncing."""
    database: pulumi.Output[str]
    """The database that holds the data."""
    role: pulumi.Output[str | None]
    """The Snowflake role assumed; nothing where there is none."""
    user: pulumi.Output[str]
    """The user logged in as."""
    password: pulumi.Output[str | None]
    """The password as the program gave it, a secret; nothing on an imported connection that was never written."""
    snowflake_aws_iam_user_arn: pulumi.Output[str | None]
    """`STORAGE_AWS_IAM_USER_ARN` of the storage integration."""
    snowflake_aws_external_id: pulumi.Output[str | None]
    """`STORAGE_AWS_EXTERNAL_ID` of the storage integration."""
    is_active: pulumi.Output[bool | None]
    """Whether pipelines may use it."""
    is_faulted: pulumi.Output[bool | None]
    """Whether the service failed to reach the warehouse."""
    created_on: pulumi.Output[str | None]
    """When it was created: UTC, without a zone."""
    created_by: pulumi.Output[str | None]
    """Who created it."""
    last_modified_on: pulumi.Output[str | None]
    """When it was last changed: UTC, without a zone."""
    last_modified_by: pulumi.Output[str | None]
    """Who changed it last."""

    def __init__(
        self,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        **args: Unpack[ConnectionArgs],
    ) -> None:
        super().__init__(ConnectionProvider(), resource_name, args, opts)
