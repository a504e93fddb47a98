"""`Connection`: the Snowflake account that pipelines read from."""

from enum import Enum
from typing import Annotated

import pulumi
from typing_extensions import Required, Unpack

from .engine.dynamic import SyncProvider
from .engine.resource import SyncResource
from .schema import Field, Flag, Id, Kind, ObjectArgs, Secret, Text, text

__all__ = ["Connection", "ConnectionArgs", "ConnectionType"]


class ConnectionType(str, Enum):
    """The kinds of warehouse that the API connects to [page]. Other texts are accepted: the API decides."""

    SNOWFLAKE = "snowflake"


class ConnectionArgs(ObjectArgs, total=False):
    """The arguments of a `Connection`. Each rule names its source: the API's reference page, or recorded requests."""

    connection_id: Id | None
    """The API's `id`: letters, digits, `_` and `-`. Default: the resource's name. A change replaces: so does
    a new name of the resource where this is left out. [page]"""
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

    provider = ConnectionProvider

    is_faulted: pulumi.Output[bool | None]
    """Whether the service failed to reach the warehouse."""

    # Written by `make reference` from here on, from the arguments.
    connection_id: pulumi.Output[str]
    """The API's `id`; the same as the resource's `id`."""
    name: pulumi.Output[str]
    """What people see."""
    type: pulumi.Output[str]
    """The kind of warehouse."""
    source_account_id: pulumi.Output[str | None]
    """The warehouse account's id, such as `gd1234`."""
    region: pulumi.Output[str | None]
    """The warehouse's region, such as `us-central1.gcp`."""
    warehouse: pulumi.Output[str | None]
    """The compute resource to use for syncing."""
    database: pulumi.Output[str | None]
    """The database that holds the data."""
    role: pulumi.Output[str | None]
    """The Snowflake role to assume."""
    user: pulumi.Output[str | None]
    """The user to log in as."""
    password: pulumi.Output[str | None]
    """The user's password: a secret, as the program gave it; nothing on an imported connection that was never
    written."""
    snowflake_aws_iam_user_arn: pulumi.Output[str | None]
    """`STORAGE_AWS_IAM_USER_ARN` of the Snowflake storage integration."""
    snowflake_aws_external_id: pulumi.Output[str | None]
    """`STORAGE_AWS_EXTERNAL_ID` of the Snowflake storage integration."""
    is_active: pulumi.Output[bool | None]
    """Whether pipelines may use it."""

    def __init__(
        self,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        **args: Unpack[ConnectionArgs],
    ) -> None:
        super().__init__(resource_name, args, opts)
