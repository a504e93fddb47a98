"""What a type checker must see as text: the outputs of each resource, and the fields of what the functions answer.

They follow from the resource's arguments, and from the outputs that its class declares by itself.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import warehouse_sync_pulumi
from warehouse_sync_pulumi.engine.resource import SyncResource
from warehouse_sync_pulumi.schema import Kind

from .reference import RESOURCES, Said
from .source import attribute_texts, attribute_types, file_of

__all__ = ["MARK", "rewritten", "stale"]

MARK = "    # Written by `make reference` from here on"


class _Output(NamedTuple):
    type: str
    text: str
    is_answered: bool = True
    """Whether the API answers it too."""
    is_secret: bool = False


def stale() -> dict[Path, str]:
    """The modules that are not what the arguments say now, as they should be."""
    modules: dict[Path, str] = {}
    for cls, lines in _classes():
        path = file_of(cls)
        modules[path] = rewritten(modules.get(path) or path.read_text(encoding="utf-8"), cls.__name__, lines)
    return {path: text for path, text in modules.items() if text != path.read_text(encoding="utf-8")}


def rewritten(source: str, cls: str, lines: Sequence[str]) -> str:
    """A module with these lines in place of what follows the mark in a class."""
    body = r"(?:(?:[ ].*)?\n)*"
    found = re.search(rf"^class {cls}\b.*\n(?:(?:[ ].*)?\n)*?{re.escape(MARK)}.*\n({body})", source, re.MULTILINE)
    if found is None:
        raise ValueError(f"class {cls} needs a line for where its text is written to: {MARK}")
    after = source[found.end() :]
    return source[: found.start(1)] + "".join(f"{line}\n" for line in lines) + ("\n\n" if after else "") + after


def _classes() -> Iterator[tuple[type, list[str]]]:
    for resource in RESOURCES:
        yield resource, list(_resource(resource))
    for resource in RESOURCES:
        model = getattr(warehouse_sync_pulumi, f"Get{resource.kind.name}Result", None)
        if model is not None:
            yield model, list(_result(resource, model))


def _resource(resource: type[SyncResource]) -> Iterator[str]:
    for name, output in _arguments(resource.kind).items():
        if name not in attribute_types(SyncResource):
            yield f"    {name}: pulumi.Output[{output.type}]"
            yield from textwrap.wrap(
                f'"""{output.text}"""', 120, initial_indent=" " * 4, subsequent_indent=" " * 4, break_on_hyphens=False
            )
    yield from f"""
    def __init__(
        self,
        resource_name: str,
        *,
        opts: pulumi.ResourceOptions | None = None,
        **args: Unpack[{resource.kind.arguments.__name__}],
    ) -> None:
        super().__init__(resource_name, args, opts)""".splitlines()


def _result(resource: type[SyncResource], model: type) -> Iterator[str]:
    """The fields that a model does not declare by itself."""
    declared = file_of(model).read_text(encoding="utf-8").partition(f"\nclass {model.__name__}(")[2].partition(MARK)[0]
    outputs = {"id": _Output("str", "")} | _arguments(resource.kind)
    types, texts = attribute_types(resource), attribute_texts(resource)
    outputs |= {name: _Output(types[name], texts[name]) for name in types if name not in outputs}
    for name, output in outputs.items():
        if re.search(rf"^    {name}:", declared, re.MULTILINE) or not output.is_answered:
            continue
        if output.is_secret:
            yield f"    {name}: Hidden | None = Field(None, exclude=True, repr=False)"
        elif name == resource.kind.id_argument and name in resource.kind.fields:
            yield f'    {name}: str = Field(LEFT_OUT, validation_alias=AliasChoices("{name}", "id"))'
            yield '    """The same as `id`."""'
        elif output.type.endswith(" | None"):
            yield f"    {name}: {output.type} = None"
        else:
            yield f"    {name}: {output.type} = LEFT_OUT"


def _arguments(kind: Kind) -> dict[str, _Output]:
    """The outputs that are arguments."""
    types, texts = attribute_types(kind.arguments), attribute_texts(kind.arguments)
    return {
        name: _Output(
            # An output holds a text where the argument takes a member of an enumeration too.
            types[name].split(" | ")[0] + ("" if _is_always_there(kind, name) else " | None"),
            _text(kind, name, texts[name]),
            is_answered=Said(texts[name]).source != Said("").source,
            is_secret=field.secret,
        )
        for name, field in kind.fields.items()
        if not field.local
    }


def _is_always_there(kind: Kind, name: str) -> bool:
    """Whether every object has a value for an argument: by the program, or by the provider where it is left out."""
    is_filled_in = kind.fields[name].default is not None or name in (kind.id_argument, "name", "workspace_id")
    return is_filled_in or name in kind.required - kind.nullable - kind.secrets


def _text(kind: Kind, name: str, text: str) -> str:
    """The first sentence of an argument's docstring, since what follows is for who gives it a value."""
    if name == kind.id_argument:
        return "The API's `id`; the same as the resource's `id`."
    (first,) = re.findall(r"\A.+?(?=[.:;](?:\s|\Z))", re.sub(r"\s+", " ", text))
    if kind.fields[name].secret:
        return f"{first}: a secret, as the program gave it; nothing on an imported {kind.noun} that was never written."
    return f"{first}."
