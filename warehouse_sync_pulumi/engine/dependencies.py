"""Waiting, in a program, for the resources that a value comes from."""

from __future__ import annotations

from typing import Any

import pulumi

from . import sdk

__all__ = ["once_they_exist"]


def once_they_exist(value: pulumi.Input[Any], depends_on: Any = None) -> pulumi.Output[Any]:
    """The value, once the resources that it comes from exist, and those that it is said to depend on.

    In a preview, an object that is yet to be created has no id, although the arguments it is given are known. The value
    then is unknown, and nobody asks the API for what is not there.
    """
    given: pulumi.Output[Any] = pulumi.Output.from_input(value)

    async def ids() -> list[pulumi.Output[Any]]:
        resources = await given.resources()
        if depends_on is not None:
            wanted: Any = await pulumi.Output.from_input(depends_on).future()
            resources |= set(wanted) if isinstance(wanted, (list, tuple)) else {wanted}
        everything = await sdk.with_children(resources)
        return [resource.id for resource in everything if isinstance(resource, pulumi.CustomResource)]

    existing: Any = ids()
    known: pulumi.Output[Any] = pulumi.Output.all(given, pulumi.Output.from_input(existing))
    return known.apply(lambda both: both[0])
