"""The resources of the packaged provider, as a generated SDK declares them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pulumi

import benchmarks
from benchmarks.declared import declare

_SCHEMA = Path(benchmarks.__file__).parents[1] / "warehouse_sync_pulumi" / "schema.json"
_RESOURCES = json.loads(_SCHEMA.read_text(encoding="utf-8"))["resources"]


class PackagedResource(pulumi.CustomResource):
    """A resource of the type that its class is named for."""

    def __init__(self, resource_name: str, **args: Any) -> None:
        type_ = f"warehouse-sync:index:{type(self).__name__}"
        given = {re.sub(r"_(.)", lambda match: match[1].upper(), name): value for name, value in args.items()}
        properties = _RESOURCES[type_]["properties"]
        secret = {name: pulumi.Output.secret(value) for name, value in given.items() if "secret" in properties[name]}
        super().__init__(type_, resource_name, dict.fromkeys(properties) | given | secret)


class Connection(PackagedResource):
    """A connection."""


class DataModel(PackagedResource):
    """A data model."""


class Pipeline(PackagedResource):
    """A pipeline."""


declare(Connection, DataModel, Pipeline)
