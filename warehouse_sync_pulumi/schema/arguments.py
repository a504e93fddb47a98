"""The types of arguments that more than one resource has, and the arguments of every object."""

from typing import Annotated

from pulumi import Input
from typing_extensions import TypedDict

from .kind import Field
from .timestamps import same_timestamp, timestamp
from .values import flag, not_the_mask, number, slug, text

__all__ = ["Flag", "Id", "ObjectArgs", "Secret", "Slug", "Text", "Timestamp", "Workspace"]

Text = Annotated[Input[str], Field(text)]
Slug = Annotated[Input[str], Field(slug)]
Id = Annotated[Input[str], Field(slug, replaces=True)]
Workspace = Annotated[Input[int], Field(number, replaces=True)]
Flag = Annotated[Input[bool], Field(flag, computed=True)]
Timestamp = Annotated[Input[str], Field(timestamp, same_timestamp)]
Secret = Annotated[Input[str], Field(not_the_mask, secret=True)]


class ObjectArgs(TypedDict, total=False):
    """The arguments that every object has."""

    name: Text | None
    """What people see. Default: the API's `id`. [page]"""
    workspace_id: Workspace | None
    """The workspace that it is in. Default: the stack's `warehouse-sync:workspaceId`. A change replaces. [page]"""
