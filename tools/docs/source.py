"""What stands in the source of a class and is gone when it runs: the docstring below each attribute, and its type."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from warehouse_sync_pulumi.schema import arguments

__all__ = ["attribute_texts", "attribute_types", "file_of"]


def attribute_texts(cls: type) -> dict[str, str]:
    """The docstring of each attribute that has a line of its own in the class; empty where there is none."""
    return {name: text for name, _, text in _attributes(cls)}


def attribute_types(cls: type) -> dict[str, str]:
    """The type of each annotated attribute as a program sees it, without what says how Pulumi hands it over."""
    return {name: _plain(annotation) for name, annotation, _ in _attributes(cls) if annotation is not None}


def file_of(cls: type) -> Path:
    """The file that defines a class."""
    return Path(inspect.getfile(cls))


def _attributes(cls: Any) -> Iterator[tuple[str, ast.expr | None, str]]:
    """The attributes of a class, and then those of the classes of this package that it is made from."""
    yield from _own_attributes(cls)
    for base in getattr(cls, "__orig_bases__", cls.__bases__):  # a TypedDict forgets the others
        if str(getattr(base, "__module__", "")).startswith("warehouse_sync_pulumi."):
            yield from _attributes(base)


def _own_attributes(cls: type) -> Iterator[tuple[str, ast.expr | None, str]]:
    module = ast.parse(file_of(cls).read_text(encoding="utf-8"))
    (body,) = (node.body for node in module.body if isinstance(node, ast.ClassDef) and node.name == cls.__name__)
    for statement, after in zip_longest(body, body[1:]):
        text = ""
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str):
            text = after.value.value
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            if not ast.unparse(statement.annotation).startswith("ClassVar"):
                yield statement.target.id, statement.annotation, text
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            yield statement.targets[0].id, None, text


def _plain(annotation: ast.expr) -> str:
    """`Required[Annotated[pulumi.Input[str], …]]` is `str`, and so is `Annotated[pulumi.Input[str], …] | None`."""
    if isinstance(annotation, ast.BinOp):
        return f"{_plain(annotation.left)} | {_plain(annotation.right)}"
    if isinstance(annotation, ast.Subscript):
        name, inner = ast.unparse(annotation.value), annotation.slice
        if name in ("Required", "pulumi.Input", "pulumi.Output", "Input"):
            return _plain(inner)
        if name == "Annotated":
            assert isinstance(inner, ast.Tuple)  # noqa: S101 - `Annotated` takes several
            return _plain(inner.elts[0])
    text = ast.unparse(annotation)
    alias = _aliases().get(text)
    return text if alias is None else _plain(alias)


@cache
def _aliases() -> dict[str, ast.expr]:
    """The types of arguments that have a name of their own, such as `Text`."""
    statements = ast.parse(inspect.getsource(arguments)).body
    return {ast.unparse(s.targets[0]): s.value for s in statements if isinstance(s, ast.Assign)}
