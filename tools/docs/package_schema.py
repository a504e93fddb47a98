"""The packaged provider's schema, in Pulumi's words: written from what the package exports, as the reference is."""

from __future__ import annotations

import inspect
import json
import re
from enum import Enum
from pathlib import Path
from typing import Any

import warehouse_sync_pulumi
from warehouse_sync_pulumi.api import models
from warehouse_sync_pulumi.api.models import Answer
from warehouse_sync_pulumi.config import NAMESPACE, SETTINGS
from warehouse_sync_pulumi.engine.resource import SyncResource
from warehouse_sync_pulumi.engine.spelling import camel, camel_in
from warehouse_sync_pulumi.queries import QUERIES, Query

from .reference import RESOURCES, Said
from .source import attribute_texts, attribute_types

__all__ = ["PAGE", "rewritten"]

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "warehouse_sync_pulumi" / "schema.json"

Schema = dict[str, Any]

_PLAIN = {"str": "string", "int": "integer", "bool": "boolean", "float": "number", "datetime": "string"}
_ENUMS: dict[str, type[Enum]] = {
    name: thing
    for name in warehouse_sync_pulumi.__all__
    if isinstance(thing := getattr(warehouse_sync_pulumi, name), type) and issubclass(thing, Enum)
}
_NAMES = frozenset(name for resource in RESOURCES for name in (*resource.kind.fields, *resource.output_names())) | {
    "page_size"
}
_SETTING_TYPES = {"workspaceId": "integer", "retryTimeout": "number"}


def rewritten(_page: str) -> str:
    """The schema as the code has it now."""
    return json.dumps(_package(), indent=2, ensure_ascii=False) + "\n"


def _package() -> Schema:
    settings = {
        key: {
            "type": _SETTING_TYPES.get(key, "string"),
            "description": f"{s.description} Or `{s.variable}` in the environment."
            + (f" Default: `{s.default}`." if s.default else ""),
            **({"secret": True} if s.secret else {}),
        }
        for key, s in SETTINGS.items()
    }
    answers = {query.result for query in QUERIES.values()}
    return {
        "name": NAMESPACE,
        "displayName": "mParticle Warehouse Sync",
        "version": _version(),
        "description": _line(_line((warehouse_sync_pulumi.__doc__ or "").split("\n\n")[0])),
        "keywords": ["pulumi", "mparticle", "warehouse-sync", "snowflake", "category/infrastructure", "kind/native"],
        "license": "Apache-2.0",
        "meta": {"moduleFormat": "(.*)"},
        "language": {
            "nodejs": {"packageName": "warehouse-sync-pulumi", "respectSchemaVersion": True},
            "python": {
                "packageName": "pulumi_warehouse_sync",
                "pyproject": {"enabled": True},
                "respectSchemaVersion": True,
            },
        },
        "config": {"variables": settings},
        "provider": {
            "description": "The account that resources are in. Whatever is left out here comes from the environment; "
            "the stack's configuration speaks for the resources without a provider of their own.",
            "inputProperties": settings,
        },
        "types": {
            **{_token(name): _enum(enum) for name, enum in sorted(_ENUMS.items())},
            **{_token(_result_name(answer)): _answer(answer) for answer in sorted(answers, key=_result_name)},
        },
        "resources": {_token(resource.kind.name): _resource(resource) for resource in RESOURCES},
        "functions": {_token(name): _function(name, query) for name, query in QUERIES.items()},
    }


def _resource(resource: type[SyncResource]) -> Schema:
    kind = resource.kind
    texts, types = attribute_texts(resource), attribute_types(resource)
    outputs = {name: type_ for name, type_ in types.items() if name in resource.output_names()}
    said, arguments = attribute_texts(kind.arguments), attribute_types(kind.arguments)
    inputs = {}
    for name, field in kind.fields.items():
        default = field.default if isinstance(field.default, (bool, int)) else None
        inputs[camel(name)] = {
            **_type(arguments[name], is_input=True),
            "description": _spelt(Said(said[name]).text + _default(Said(said[name]).default)),
            **({"secret": True} if field.secret else {}),
            **({"willReplaceOnChanges": True} if field.replaces else {}),
            **({} if default is None else {"default": default}),
        }
    return {
        "description": _spelt(inspect.getdoc(resource) or ""),
        "properties": {
            camel(name): {
                **_type(type_),
                "description": _spelt(texts[name]),
                **({"secret": True} if name in kind.secrets else {}),
            }
            for name, type_ in outputs.items()
        },
        "required": sorted(camel(name) for name, type_ in outputs.items() if "None" not in type_),
        "inputProperties": inputs,
        "requiredInputs": sorted(camel(name) for name in getattr(kind.arguments, "__required_keys__", ())),
        "aliases": [{"type": f"pulumi-python:{resource._resource_type_name}"}],  # noqa: SLF001 - its only name
    }


def _default(text: str) -> str:
    return f" Default: {text}." if text else ""


def _function(name: str, query: Query) -> Schema:
    function = getattr(warehouse_sync_pulumi, re.sub(r"([A-Z])", lambda match: f"_{match[1].lower()}", name))
    parameters = inspect.signature(function).parameters.values()
    result = {"$ref": f"#/types/{_token(_result_name(query.result))}"}
    items = {"items": {"type": "array", "items": result, "description": "All of them."}}
    return {
        "description": _spelt((inspect.getdoc(function) or "").split("\n\n")[0]),
        "inputs": {
            "properties": {camel(p.name): _type(str(p.annotation)) for p in parameters},
            "required": sorted(camel(p.name) for p in parameters if p.default is p.empty),
        },
        "outputs": {"properties": items, "required": ["items"]} if query.is_list else _answer(query.result),
    }


def _answer(answer: type[Answer]) -> Schema:
    like = next((r for r in RESOURCES if _result_name(answer) == f"Get{r.kind.name}Result"), None)
    texts = attribute_texts(like) if like else {}
    texts |= {name: text for name, text in attribute_texts(answer).items() if text}
    types = {n: t for n, t in attribute_types(answer).items() if not answer.model_fields[n].exclude}
    return {
        "type": "object",
        "description": _spelt(inspect.getdoc(answer) or ""),
        "properties": {
            camel(name): {
                **_type(type_),
                **({"description": _spelt(texts[name])} if texts.get(name) else {}),
            }
            for name, type_ in types.items()
        },
    }


def _enum(enum: type[Enum]) -> Schema:
    texts = attribute_texts(enum)
    return {
        "type": "string",
        "description": _spelt(inspect.getdoc(enum) or ""),
        "enum": [
            {
                "name": "".join(part.capitalize() for part in member.name.split("_")),
                "value": member.value,
                **({"description": _spelt(texts[member.name])} if texts.get(member.name) else {}),
            }
            for member in enum
        ],
    }


def _type(text: str, *, is_input: bool = False) -> Schema:
    """The schema of a type as it stands in the source."""
    parts = [part.strip() for part in re.split(r"\|(?![^\[]*\])", text) if part.strip() != "None"]
    if match := re.fullmatch(r"Sequence\[(.+)\]", text := parts[0]):
        return {"type": "array", "items": _type(match[1], is_input=is_input)}
    if text.startswith("Mapping["):
        return {"type": "object", "additionalProperties": {"$ref": "pulumi.json#/Any"}}
    if is_input and len(parts) > 1 and parts[1] in _ENUMS:
        return {"oneOf": [{"type": "string"}, {"type": "string", "$ref": f"#/types/{_token(parts[1])}"}]}
    if text in _PLAIN:
        return {"type": _PLAIN[text]}
    return {"$ref": f"#/types/{_token(_result_name(getattr(models, text)))}"}


def _result_name(answer: type[Answer]) -> str:
    return f"Get{answer.__name__}Result"


def _token(name: str) -> str:
    return f"{NAMESPACE}:index:{name}"


def _spelt(text: str) -> str:
    """A description, with names as packages spell them and without where each rule was found."""
    text = re.sub(r"\s*\[(?:page|recorded|guess)(?:, (?:page|recorded|guess))*\]", "", text)
    return camel_in(_line(text), _NAMES)


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _version() -> str:
    found = re.search(r'^version = "(.+)"$', (REPOSITORY / "pyproject.toml").read_text(), re.MULTILINE)
    assert found is not None  # noqa: S101 - the project has a version
    return found[1]
