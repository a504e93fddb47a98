"""Small changes to a function's code, of the kind that somebody makes by mistake."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import warehouse_sync_pulumi

PACKAGE = Path(warehouse_sync_pulumi.__file__).parent
OPPOSITE = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
}
EDGE = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}


@dataclass(frozen=True)
class Mutant:
    """One change, in one function."""

    module: str
    """Its path in the package."""
    function: str
    line: int
    name: str
    """The function and the change: the same as long as nobody edits either."""
    code: CodeType

    @cached_property
    def rank(self) -> int:
        """Where it comes when a sample is taken: no order at all, and always the same."""
        return int(hashlib.sha256(f"{self.module} {self.name}".encode()).hexdigest(), 16)

    def apply(self) -> None:
        """Change the function, for whoever has it, in this process."""
        of = import_module(f"warehouse_sync_pulumi.{self.module.removesuffix('.py').replace('/', '.')}")
        found: Any = of
        for part in self.function.split("."):
            found = vars(found)[part]
        while not isinstance(found, FunctionType) or hasattr(found, "__wrapped__"):
            found = next(
                getattr(found, name) for name in ("__wrapped__", "__func__", "func", "fget") if hasattr(found, name)
            )
        found.__code__ = self.code


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module of the package."""
    module = path.relative_to(PACKAGE).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    seen: dict[str, int] = {}
    for function, definition in _functions(tree):
        original = _code(compile(tree, str(path), "exec"), definition)
        for node in _nodes(definition):
            for replacement in _replacements(node):
                changed = deepcopy(tree)
                twin = _at(changed, node)
                new = ast.copy_location(replacement, node)
                _replace(changed, twin, new)
                ast.fix_missing_locations(changed)
                code = _code(compile(changed, str(path), "exec"), definition)
                if len(code.co_freevars) != len(original.co_freevars):
                    continue
                name = f"{function}: {_text(node)} -> {_text(replacement)}"
                seen[name] = seen.get(name, 0) + 1
                name += f" ({seen[name]})" if seen[name] > 1 else ""
                yield Mutant(module, function, node.lineno, name, code)


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of a module, and the methods of its classes; not those of protocols, which do nothing."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        if isinstance(node, ast.ClassDef) and not any(ast.unparse(base) == "Protocol" for base in node.bases):
            methods = (inner for inner in node.body if isinstance(inner, ast.FunctionDef))
            yield from ((f"{node.name}.{method.name}", method) for method in methods)


def _nodes(definition: ast.FunctionDef) -> Iterator[Any]:
    """Its code, without annotations, which do nothing."""
    pending: list[Any] = [*definition.body]
    while pending:
        node = pending.pop()
        yield node
        parts = ((name, part) for name, part in ast.iter_fields(node) if name not in ("annotation", "returns"))
        for _, part in parts:
            pending += [one for one in (part if isinstance(part, list) else [part]) if isinstance(one, ast.AST)]


def _replacements(node: ast.AST) -> Iterator[Any]:
    match node:
        case ast.Compare(ops=[operator]):
            kinds = [kinds[type(operator)] for kinds in (OPPOSITE, EDGE) if type(operator) in kinds]
            yield from (ast.Compare(node.left, [kind()], node.comparators) for kind in kinds)
        case ast.BoolOp(op=operator):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.IfExp():
            yield ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        case ast.Constant(value=bool() | int() as value):
            yield ast.Constant(not value if isinstance(value, bool) else value + 1)
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Break() | ast.Continue():
            yield ast.Pass()
        case ast.BinOp(op=ast.BitOr() | ast.BitAnd() | ast.Sub()):
            yield node.left


def _text(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


def _at(tree: ast.AST, node: Any) -> ast.AST:
    """The node of a copy that stands where another one stands in the original."""
    place = (type(node), node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
    return next(
        twin
        for twin in ast.walk(tree)
        if hasattr(twin, "lineno")
        and (type(twin), twin.lineno, twin.col_offset, twin.end_lineno, twin.end_col_offset) == place
    )


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
            elif isinstance(value, list) and any(item is old for item in value):
                value[:] = [new if item is old else item for item in value]


def _code(code: CodeType, definition: ast.FunctionDef) -> CodeType:
    """The code of a function that a module's code defines."""
    first = min([definition.lineno, *(decorator.lineno for decorator in definition.decorator_list)])
    pending = [code]
    while pending:
        one = pending.pop()
        if one.co_name == definition.name and one.co_firstlineno == first:
            return one
        pending += [inner for inner in one.co_consts if isinstance(inner, CodeType)]
    raise LookupError(definition.name)
