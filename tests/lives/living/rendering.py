"""From what a program declares to its source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from living.program import CLASSES, ID, Declared, Hidden, Past, Program, Ref, urn

PRELUDE = """\
import pulumi
from warehouse_sync_pulumi import *

class {name}(pulumi.ComponentResource):
    def __init__(self, name, kind, opts=None):
        super().__init__(kind, name, None, opts)

""".format(name="Team")


def source(program: Program) -> str:
    """A program's text."""
    lines = [PRELUDE]
    for name, component in program.components.items():
        aliases = [f"pulumi.Alias(type_={type_!r})" for type_ in component.aliases]
        opts = f", pulumi.ResourceOptions(aliases=[{', '.join(aliases)}])" if aliases else ""
        lines.append(f"{name} = Team({name!r}, {component.type!r}{opts})")
    lines += (_resource(program, slot) for slot in in_order(program))
    return "\n".join(lines) + "\n"


def in_order(program: Program) -> list[str]:
    """The slots, each after those that it names."""
    ordered: list[str] = []
    left = list(program.slots)
    while left:
        free = [slot for slot in left if not set(_named(program.slots[slot])) & (set(left) - {slot})]
        assert free, f"resources that wait for one another: {left}"
        ordered += free
        left = [slot for slot in left if slot not in free]
    return ordered


def _named(declared: Declared) -> Iterator[str]:
    yield from (value.slot for value in declared.args.values() if isinstance(value, Ref))
    yield from declared.options.get("depends_on", ())
    if "deleted_with" in declared.options:
        yield declared.options["deleted_with"]


def _resource(program: Program, slot: str) -> str:
    declared = program.slots[slot]
    args = {}
    if declared.id is not None:
        by_stack = f'f"{{pulumi.get_stack()}}-{declared.id}"'
        args[ID[declared.kind]] = by_stack if program.ids_by_stack else repr(declared.id)
    if declared.workspace is not None:
        args["workspace_id"] = repr(declared.workspace)
    args |= {name: _value(value) for name, value in declared.args.items()}
    if options := _options(program, declared):
        args["opts"] = f"pulumi.ResourceOptions({', '.join(f'{name}={text}' for name, text in options.items())})"
    given = "".join(f",\n    {name}={text}" for name, text in args.items())
    return f"{slot} = {CLASSES[declared.kind]}({declared.name!r}{given})"


def _value(value: Any) -> str:
    if isinstance(value, Ref):
        return f"{value.slot}.id"
    return f"pulumi.Output.secret({value.text!r})" if isinstance(value, Hidden) else repr(value)


def _options(program: Program, declared: Declared) -> dict[str, str]:
    options = {}
    if declared.component:
        options["parent"] = declared.component
    if declared.aliases:
        options["aliases"] = f"[{', '.join(_alias(program, declared, past) for past in declared.aliases)}]"
    for name, value in declared.options.items():
        if name == "depends_on":
            options[name] = f"[{', '.join(value)}]"
        else:
            options[name] = value if name == "deleted_with" else repr(value)
    return options


def _alias(program: Program, declared: Declared, past: Past) -> str:
    """An alias as a person writes it: by name, by parent, or, where both changed, by the whole URN."""
    place = program.components[declared.component].type if declared.component else None
    if past.component_type == place:
        return f"pulumi.Alias(name={past.name!r})"
    if past.name == declared.name:
        if past.component_type is None:
            return "pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)"
        for name, component in program.components.items():
            if component.type == past.component_type:
                return f"pulumi.Alias(parent={name})"
    text = urn("{pulumi.get_stack()}", declared.kind, past.name, past.component_type)
    return f'f"{text}"'
