"""Whether the inside of the installed Pulumi SDK is as `sdk.py` expects it, read from its source without running it."""

from __future__ import annotations

import ast
from importlib.util import find_spec
from pathlib import Path

import pulumi

__all__ = ["unexpected"]

_CALLS = ("Check", "Diff", "Create", "Read", "Update", "Delete", "Cancel")


def unexpected() -> list[str]:
    """What is not as expected, each with what it costs; empty where all is. Nothing fails for it: see `sdk.py`."""
    functions, locals_of = _functions()
    found = []
    if any(functions.get(name) != ["self", "request", "context"] for name in _CALLS):
        found.append("the server's calls: failures show a traceback, custom_timeouts do not count")
    if not {"result", "fields"} <= locals_of.get("Diff", set()):
        found.append("the answer to a diff: previews show arguments that do not change")
    if "server" not in locals_of.get("main", set()):
        found.append("the server: four resources at a time")
    if not hasattr(pulumi.Output, "_untrack"):
        found.append("a resource's outputs: large programs take longer")
    return found


def _functions() -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    """The arguments of each function in the server's module, and the names that each assigns."""
    spec = find_spec("pulumi.dynamic.__main__")
    if spec is None or spec.origin is None:
        return {}, {}
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assigned = {
        function.name: {
            node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        for function in functions
    }
    return {function.name: [arg.arg for arg in function.args.args] for function in functions}, assigned
