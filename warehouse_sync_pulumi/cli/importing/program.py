"""The program: one statement for each object, wired by variables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .literals import literal
from .workspace import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .arguments import Checked
    from .workspace import Resource

__all__ = ["MARKER", "Program", "Style"]

MARKER = "as `warehouse-sync import` found them"
"""In the docstring of each written program."""
_INDENT = "    "

_SECRETS = """\
# The API gives no secret back, and none is needed until a change of its object is
# deployed: `pulumi config set --secret KEY`, with the KEY that stands below.
config = pulumi.Config()
"""
_SQL = '''\
def sql(name: str) -> str:
    """The query in sql/NAME.sql, without the newline that ends the file."""
    path = pathlib.Path(__file__).with_name("sql") / f"{name}.sql"
    return path.read_text(encoding="utf-8").removesuffix("\\n")
'''


@dataclass(frozen=True)
class Style:
    """What a user may choose about a program."""

    sql_files: bool = False
    """Whether queries stand in files of their own."""
    protect: bool = False
    """Whether the resources are protected from deletion."""


@dataclass(frozen=True)
class Program:
    """A program that manages the objects, and what is known about those that it only refers to."""

    objects: Sequence[Checked]
    workspace_id: int
    elsewhere: Mapping[tuple[str, int, str], str] = field(default_factory=dict)
    """A remark for each other object that exists, by its `Existing.key`."""
    style: Style = field(default_factory=Style)

    def sql_files(self) -> dict[str, str]:
        """The queries that stand in files of their own: their text by file name."""
        return {
            f"{checked.item.variable}.sql": f"{checked.explicit['sql_query']}\n"
            for checked in self.objects
            if self._in_file(checked)
        }

    def text(self) -> str:
        """The source of the program."""
        return "\n".join(self._parts())

    def _parts(self) -> Iterator[str]:
        classes = sorted({checked.item.existing.resource.cls.__name__ for checked in self.objects})
        has_secrets = any(checked.item.existing.kind.secrets for checked in self.objects)
        has_files = any(map(self._in_file, self.objects))
        yield f'"""The Warehouse Sync objects of workspace {self.workspace_id}, {MARKER}."""\n'
        if has_files:
            yield "import pathlib\n"
        third_party = "import pulumi\n" if has_secrets or self.style.protect else ""
        yield f"{third_party}from warehouse_sync_pulumi import {', '.join(classes)}\n"
        if has_secrets:
            yield _SECRETS
        if has_files:
            yield f"\n{_SQL}\n"
        for resource in RESOURCES:
            statements = [self._statement(checked) for checked in self._of(resource)]
            if statements:
                noun = resource.kind.noun
                yield f"# --- {noun[0].upper()}{noun[1:]}s\n"
                yield from statements

    def _of(self, resource: Resource) -> list[Checked]:
        return [checked for checked in self.objects if checked.item.existing.resource is resource]

    def _statement(self, checked: Checked) -> str:
        item = checked.item
        lines = [f"{item.variable} = {item.existing.resource.cls.__name__}(\n", f"{_INDENT}{literal(item.name)},\n"]
        for name in item.existing.kind.fields:
            if name in item.existing.kind.secrets:
                key = item.existing.kind.config_key(item.existing.id, name)
                lines.append(f"{_INDENT}{name}=config.get_secret({literal(key)}),\n")
            elif name in checked.explicit:
                lines += self._argument(checked, name, checked.explicit[name])
        if self.style.protect:
            lines.append(f"{_INDENT}opts=pulumi.ResourceOptions(protect=True),\n")
        return "".join([*lines, ")\n"])

    def _argument(self, checked: Checked, name: str, value: Any) -> Iterator[str]:
        target = next((resource for resource in RESOURCES if resource.kind.id_argument == name), None)
        if target is not None and target is not checked.item.existing.resource and value is not None:
            yield from self._reference(target, name, value)
        elif name == "sql_query" and self._in_file(checked):
            yield f"{_INDENT}{name}=sql({literal(checked.item.variable)}),\n"
        else:
            yield f"{_INDENT}{name}={literal(value, indent=_INDENT)},\n"

    def _reference(self, target: Resource, name: str, id_: str) -> Iterator[str]:
        for other in self._of(target):
            if other.item.existing.id == id_:
                yield f"{_INDENT}{name}={other.item.variable}.{name},\n"
                return
        gone = f"The workspace has no {target.kind.noun} of this id."
        yield f"{_INDENT}# {self.elsewhere.get((target.type, self.workspace_id, id_), gone)}\n"
        yield f"{_INDENT}{name}={literal(id_)},\n"

    def _in_file(self, checked: Checked) -> bool:
        """Whether a query stands in a file; reading it back would change a carriage return, so that stays inside."""
        query = checked.explicit.get("sql_query", "\r")
        return self.style.sql_files and "\r" not in query and _is_encodable(query)


def _is_encodable(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)
