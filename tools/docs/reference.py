"""The pages of the reference: one for each resource, and those of functions, settings and commands."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import warehouse_sync_pulumi
from warehouse_sync_pulumi import errors
from warehouse_sync_pulumi.cli import COMMANDS, group
from warehouse_sync_pulumi.config import SETTINGS
from warehouse_sync_pulumi.engine.resource import SyncResource

from .source import attribute_texts, attribute_types
from .tables import DOCS, replaced, table

if TYPE_CHECKING:
    from warehouse_sync_pulumi.schema import Kind

__all__ = ["RESOURCES", "Said", "page_of", "pages"]

_PUBLIC = [getattr(warehouse_sync_pulumi, name) for name in warehouse_sync_pulumi.__all__]


def _classes(base: type) -> list[Any]:
    return [thing for thing in _PUBLIC if isinstance(thing, type) and issubclass(thing, base)]


RESOURCES: list[type[SyncResource]] = _classes(SyncResource)
_RESULTS = {name: getattr(warehouse_sync_pulumi, name) for name in warehouse_sync_pulumi.__all__ if "Result" in name}
_NEW = "# {name}\n\n" + "\n\n".join(
    f"{heading}<!-- {part}: written by `make reference` -->\n<!-- end of {part} -->"
    for part, heading in {"description": "", "inputs": "## Inputs\n\n", "outputs": "## Outputs\n\n"}.items()
)


def page_of(resource: type[SyncResource]) -> Path:
    """The page of a resource."""
    return DOCS / f"{resource.kind.noun.replace(' ', '-')}.md"


def pages() -> dict[Path, str]:
    """Every page of the reference as the code has it now; a resource that has none yet gets the beginning of one."""
    written = {}
    for resource in RESOURCES:
        page = page_of(resource)
        text = page.read_text(encoding="utf-8") if page.exists() else _NEW.format(name=resource.kind.name) + "\n"
        written[page] = replaced(text, _resource(resource))
    for name, parts in _others().items():
        page = DOCS / name
        written[page] = replaced(page.read_text(encoding="utf-8"), parts)
    return written


def _others() -> dict[str, dict[str, list[str]]]:
    return {
        "functions.md": {
            "functions": list(_functions()),
            "results": [line for name, model in _RESULTS.items() for line in _result(name, model)],
            "failures": ["```text", *_failures(), "```"],
        },
        "settings.md": {"settings": _settings()},
        "commands.md": {"commands": [line for name in COMMANDS for line in _command(name)]},
    }


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


def _resource(resource: type[SyncResource]) -> dict[str, list[str]]:
    kind = resource.kind
    texts, types = attribute_texts(resource), attribute_types(resource)
    left_out = "".join(f" but `{name}`" for name, field in kind.fields.items() if field.local)
    rows = [(f"`{name}`", f"`{type_}`", _line(texts[name])) for name, type_ in types.items() if name not in kind.fields]
    outputs = [f"Every input{left_out}, `id`, and", "", *table(("output", "type", "meaning"), rows)]
    return {"description": _prose(resource), "inputs": list(_inputs(kind)), "outputs": outputs}


def _inputs(kind: Kind) -> Iterator[str]:
    required = kind.required
    for heading, names in {
        "Required": [name for name in kind.fields if name in required],
        "Optional": [name for name in kind.fields if name not in required],
    }.items():
        yield from ("", f"### {heading}", "")
        yield from table(("input", "type", "meaning"), [_input(kind, name) for name in names])
    types = " ".join(attribute_types(kind.arguments).values())
    for enumeration in _classes(Enum):
        # The rules of SQL have a page of their own.
        if re.search(rf"\b{enumeration.__name__}\b", types) and enumeration is not warehouse_sync_pulumi.SqlRule:
            yield from _enumeration(enumeration)


def _input(kind: Kind, name: str) -> Sequence[str]:
    said, field = Said(attribute_texts(kind.arguments)[name]), kind.fields[name]
    default = f"Default: {said.default}." if said.default else ""
    secret = "Secret." if field.secret and "secret" not in said.text else ""
    source = "" if said.source == "this package" else _unmarked(f" [{said.source}]").strip()
    type_ = attribute_types(kind.arguments)[name].removesuffix(" | None")
    return f"`{name}`", f"`{type_}`", " ".join(filter(None, (said.text, default, secret, source)))


def _enumeration(enumeration: type[Enum]) -> Iterator[str]:
    yield from ("", f"### {enumeration.__name__}", "", *_prose(enumeration), "")
    texts, known = attribute_texts(enumeration), attribute_types(enumeration)
    meaning = {name: _line(text) for name, text in texts.items() if _line(text) and name not in known}
    head = ["member", "value", *(name.replace("_", " ") for name in known), *(["meaning"] if meaning else [])]
    yield from table(
        head,
        [
            [
                f"`{member.name}`",
                f"`{member.value}`",
                *(_cell(getattr(member, name)) for name in known),
                *([meaning.get(member.name, "")] if meaning else []),
            ]
            for member in enumeration
        ],
    )


def _functions() -> Iterator[str]:
    for function in _PUBLIC:
        if inspect.isfunction(function) and not function.__name__.endswith("_output"):
            call = f"{function.__name__}{_signature(function)}"
            yield from ("", f"## {function.__name__}", "", "```text", call, "```", "", *_prose(function))


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
            f"`{s.key}`",
            f"`{s.variable}`",
            f"`{s.default}`" if s.default else "none",
            f"{s.description}{' Secret.' if s.secret else ''}",
        )
        for s in SETTINGS.values()
    ]
    return table(("key", "environment variable", "default", "meaning"), rows)


def _failures() -> list[str]:
    """The tree in the docstring of `errors`."""
    lines = (errors.__doc__ or "").splitlines()
    return lines[lines.index("WarehouseSyncError") :]


def _command(name: str) -> Iterator[str]:
    # A command keeps the names of its option for help from the first context that asks for them.
    context = click.Context(group, info_name="warehouse-sync", **group.context_settings)
    command = group.get_command(context, name)
    assert command is not None  # noqa: S101 - it is one of COMMANDS
    usage = " ".join(command.collect_usage_pieces(context))
    yield from ("", f"## warehouse-sync {name}", "", COMMANDS[name], "", f"`warehouse-sync {name} {usage}`", "")
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    rows = [
        (f"`{option}`", _line(text)) for option, text in filter(None, (o.get_help_record(context) for o in options))
    ]
    yield from table(("option", "meaning"), rows)


def _prose(thing: object) -> list[str]:
    return _unmarked(inspect.getdoc(thing) or "").splitlines()


def _line(text: str) -> str:
    return _unmarked(re.sub(r"\s+", " ", text)).strip()


def _unmarked(text: str) -> str:
    """A text without the mark of what the API's reference says, which is the usual case."""
    return re.sub(r"\s*\[page\]|page, (?=recorded|guess)", "", text)


def _cell(value: object) -> str:
    return ("yes" if value else "") if isinstance(value, bool) else str(value)
