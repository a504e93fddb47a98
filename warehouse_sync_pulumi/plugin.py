"""The packaged provider, for programs in any language: the command `pulumi-resource-warehouse-sync`."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from .api.clients import connect
from .config import NAMESPACE
from .connection import Connection
from .data_model import DataModel
from .engine.packaged import Package, Resource, serve
from .engine.spelling import camel_in, snake, spelled
from .errors import WarehouseSyncError
from .pipeline import Pipeline
from .pipeline_run import PipelineRun
from .schema import no_such_argument, number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .config import Settings
    from .engine.host import Host

__all__ = ["PACKAGE", "main"]


_RESOURCES = (
    Connection,
    DataModel,
    Pipeline,
    PipelineRun,
)


def _schema() -> str:
    """Written by `make reference` from the definitions of the arguments, outputs, functions and settings."""
    return files(__package__).joinpath("schema.json").read_text(encoding="utf-8")


def _invoke(function: str, settings: Settings, given: Mapping[str, Any], host: Host) -> Mapping[str, Any]:
    """A function's answer."""
    from .queries import QUERIES  # a deployment without functions need not wait for it

    if function not in QUERIES:
        raise WarehouseSyncError(f"this provider has no function {function}: it has {', '.join(QUERIES)}")
    ask, result, is_list = QUERIES[function]
    known = _checked(function, given)
    try:
        client = connect(settings.endpoint(), host.tell, host.debug)
        answer = ask(client, settings.workspace_id(known.get("workspace_id")), known)
    except ValueError as refused:
        raise WarehouseSyncError(f"{function} failed: {camel_in(str(refused), known)}") from None
    answers = answer["items"] if is_list else [answer]
    found = [spelled(result.model_validate(item).model_dump()) for item in answers]
    return {"items": found} if is_list else dict(found[0])


def _checked(function: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A function's arguments under Python's names; raises WarehouseSyncError for all that is wrong with them."""
    inputs = json.loads(_schema())["functions"][f"{NAMESPACE}:index:{function}"]["inputs"]
    types = {name: said["type"] for name, said in inputs["properties"].items()}
    wrong = [f"{function}: {name} is missing" for name in inputs["required"] if name not in given]
    values = {}
    for name, value in sorted(given.items()):
        if name not in types:
            wrong.append(no_such_argument(function, name, types))
            continue
        try:
            values[snake(name)] = {"string": text, "integer": number}[types[name]](value)
        except ValueError as refused:
            wrong.append(f"{function}: {name} {refused}")
    if wrong:
        raise WarehouseSyncError("; ".join(wrong))
    return values


PACKAGE = Package(
    version=lambda: str(json.loads(_schema())["version"]),
    schema=_schema,
    resources={
        resource.kind.name: Resource(resource.kind, resource.provider.manager_class, resource.output_names())
        for resource in _RESOURCES
    },
    invoke=_invoke,
)


def main() -> None:
    """Serve the engine that started this process."""
    serve(PACKAGE)


if __name__ == "__main__":
    main()
