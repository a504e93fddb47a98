"""The tables of docs/reference.md: a section for whatever the package exports."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

import click

import warehouse_sync_pulumi
from warehouse_sync_pulumi import errors
from warehouse_sync_pulumi.cli import COMMANDS, group
from warehouse_sync_pulumi.config import NAMESPACE, SETTINGS
from warehouse_sync_pulumi.engine.resource import SyncResource

from .source import attribute_texts, attribute_types
from .tables import DOCS, replaced, table

if TYPE_CHECKING:
    from warehouse_sync_pulumi.schema import Kind

__all__ = ["PAGE", "RESOURCES", "Said", "rewritten"]

PAGE = DOCS / "reference.md"
_PUBLIC = [getattr(warehouse_sync_pulumi, name) for name in warehouse_sync_pulumi.__all__]


def _classes(base: type) -> list[Any]:
    return [thing for thing in _PUBLIC if isinstance(thing, type) and issubclass(thing, base)]


RESOURCES: list[type[SyncResource]] = _classes(SyncResource)
_RESULTS = {name: getattr(warehouse_sync_pulumi, name) for name in warehouse_sync_pulumi.__all__ if "Result" in name}


def rewritten(page: str) -> str:
    """The page with every table as the code has it now."""
    parts = {
        "resources": [line for resource in RESOURCES for line in _resource(resource)],
        "values": [line for enumeration in _classes(Enum) for line in _enumeration(enumeration)],
        "functions": _functions(),
        "results": [line for name, model in _RESULTS.items() for line in _result(name, model)],
        "settings": _settings(),
        "failures": ["```text", *_failures(), "```"],
        "commands": [line for name in COMMANDS for line in _command(name)],
    }
    return replaced(page, parts)


class Said:
    """What the docstring of an argument says: in prose, its default, and where each rule was found."""

    def __init__(self, docstring: str) -> None:
        text = re.sub(r"\s+", " ", docstring).strip()
        sources = re.search(r"\s*\[((?:page|recorded|guess)(?:, (?:page|recorded|guess))*)\]$", text)
        self.source = sources[1] if sources else "this package"
        text = text[: sources.start()] if sources else text
        default = re.search(r"\s*Default: (.+?)\.(?=\s|$)", text)
        self.default = default[1] if default else ""
        self.text = text.replace(default[0], "") if default else text


def _resource(resource: type[SyncResource]) -> Iterator[str]:
    kind = resource.kind
    yield from ("", f"### {kind.name}", "", *_prose(resource), "", "Arguments:", "")
    yield from table(
        ("argument", "type", "required or default", "change replaces", "secret", "description", "source"),
        list(_arguments(kind)),
    )
    texts, types = attribute_texts(resource), attribute_types(resource)
    left_out = "".join(f" but `{name}`" for name, field in kind.fields.items() if field.local)
    yield from ("", f"Outputs: every argument{left_out}, `id`, and", "")
    rows = [(f"`{name}`", f"`{type_}`", _line(texts[name])) for name, type_ in types.items() if name not in kind.fields]
    yield from table(("output", "type", "description"), rows)


def _arguments(kind: Kind) -> Iterator[Sequence[str]]:
    texts, types = attribute_texts(kind.arguments), attribute_types(kind.arguments)
    required: frozenset[str] = getattr(kind.arguments, "__required_keys__", frozenset())
    for name, field in kind.fields.items():
        said = Said(texts[name])
        needed = "required" if name in required else "required to write" if field.secret else said.default or "none"
        yield (
            f"`{name}`",
            f"`{types[name]}`",
            needed,
            _cell(field.replaces),
            _cell(field.secret),
            said.text,
            said.source,
        )


def _enumeration(enumeration: type[Enum]) -> Iterator[str]:
    yield from ("", f"### {enumeration.__name__}", "", *_prose(enumeration), "")
    texts, known = attribute_texts(enumeration), attribute_types(enumeration)
    meaning = {name: text for name, text in texts.items() if text and name not in known}
    head = ["member", "value", *(name.replace("_", " ") for name in known), *(["meaning"] if meaning else [])]
    yield from table(
        head,
        [
            [
                f"`{member.name}`",
                f"`{member.value}`",
                *(_cell(getattr(member, name)) for name in known),
                *([_line(meaning.get(member.name, ""))] if meaning else []),
            ]
            for member in enumeration
        ],
    )


def _functions() -> list[str]:
    functions = [thing for thing in _PUBLIC if inspect.isfunction(thing) and not thing.__name__.endswith("_output")]
    rows = [(f"`{f.__name__}{_signature(f)}`", _line(inspect.getdoc(f) or "")) for f in functions]
    return table(("function", "what it gives"), rows)


def _result(name: str, model: type[Any]) -> Iterator[str]:
    """A field that a resource has too means the same there."""
    yield from ("", f"### {name}", "", *_prose(model), "")
    like = next((r for r in RESOURCES if f"Get{r.kind.name}Result" == name), None)
    texts = (attribute_texts(like) if like else {}) | {k: text for k, text in attribute_texts(model).items() if text}
    fields = {k: _public(type_) for k, type_ in attribute_types(model).items() if not model.model_fields[k].exclude}
    rows = [(f"`{k}`", f"`{type_}`", _line(texts.get(k, ""))) for k, type_ in fields.items()]
    yield from table(("field", "type", "description"), rows)


def _public(type_: str) -> str:
    """A type by its public name."""
    names = {model.__name__: name for name, model in _RESULTS.items()}
    return re.sub(r"\w+", lambda word: names.get(word[0], word[0]), type_)


def _signature(function: Callable[..., Any]) -> str:
    signature = str(inspect.signature(function))
    return re.sub(r"'([^']*)'", r"\1", signature)


def _settings() -> list[str]:
    rows = [
        (
            f"`{NAMESPACE}:{s.key}`",
            f"`{s.variable}`",
            "environment" if s.environment_first else "stack",
            f"`{s.default}`" if s.default else "none",
            _cell(s.secret),
            s.description,
        )
        for s in SETTINGS.values()
    ]
    return table(
        ("stack configuration", "environment variable", "precedence", "default", "secret", "description"), rows
    )


def _failures() -> list[str]:
    """The tree in the docstring of `errors`."""
    lines = (errors.__doc__ or "").splitlines()
    return lines[lines.index("WarehouseSyncError") :]


def _command(name: str) -> Iterator[str]:
    context = click.Context(group, info_name="warehouse-sync")
    command = group.get_command(context, name)
    assert command is not None  # noqa: S101 - it is one of COMMANDS
    usage = " ".join(command.collect_usage_pieces(context))
    yield from ("", f"### warehouse-sync {name}", "", COMMANDS[name], "", f"`warehouse-sync {name} {usage}`", "")
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    rows = [
        (f"`{option}`", _line(text)) for option, text in filter(None, (o.get_help_record(context) for o in options))
    ]
    yield from table(("option", "meaning"), rows)


def _prose(thing: type) -> list[str]:
    return (inspect.getdoc(thing) or "").splitlines()


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _cell(value: object) -> str:
    return ("yes" if value else "") if isinstance(value, bool) else str(value)
