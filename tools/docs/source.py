"""What stands in the source of a class and is gone when it runs: the docstring below each attribute, and its type."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest

from warehouse_sync_pulumi.schema import kind

__all__ = ["attribute_texts", "attribute_types"]


def attribute_texts(cls: type) -> dict[str, str]:
    """The docstring of each attribute that has a line of its own in the class; empty where there is none."""
    return {name: text for name, _, text in _attributes(cls)}


def attribute_types(cls: type) -> dict[str, str]:
    """The type of each annotated attribute as a program sees it, without what says how Pulumi hands it over."""
    return {name: _plain(annotation) for name, annotation, _ in _attributes(cls) if annotation is not None}


def _attributes(cls: type) -> Iterator[tuple[str, ast.expr | None, str]]:
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(body, ast.ClassDef)  # noqa: S101 - it is the source of a class
    for statement, after in zip_longest(body.body, body.body[1:]):
        text = ""
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str):
            text = after.value.value
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
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
    statements = ast.parse(inspect.getsource(kind)).body
    return {ast.unparse(s.targets[0]): s.value for s in statements if isinstance(s, ast.Assign)}
