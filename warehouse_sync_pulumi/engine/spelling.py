"""Names as the two hosts spell them: `source_account_id` in Python, `sourceAccountId` in all of Pulumi's packages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["PROVIDER_KEY", "camel", "camel_in", "in_snake", "is_camel", "snake", "spelled"]

PROVIDER_KEY = "__provider"
"""In what a dynamic resource keeps in the state, and in nothing else: its provider."""


def camel(name: str) -> str:
    """A name as packages spell it; one that begins with an underscore is hidden, and stays as it is."""
    return name if name.startswith("_") else re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)


def snake(name: str) -> str:
    """A name as Python and the API spell it."""
    return name if name.startswith("_") else re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"_{match[1].lower()}", name)


def is_camel(state: Mapping[str, Any]) -> bool:
    """Whether the packaged provider wrote this state: every resource has a workspace."""
    return camel("workspace_id") in state


def in_snake(state: Mapping[str, Any]) -> dict[str, Any]:
    """A state under Python's names, whichever provider wrote it."""
    return {snake(name): value for name, value in state.items()}


_QUOTED = r"(?<!\w)'[^'\n]*'(?!\w)|\banswered \d{3}: [^;\n]*"
"""What a message has from elsewhere: a name or a value, and what the API said."""


def camel_in(text: str, names: Iterable[str], given: str = "") -> str:
    """A message about arguments, with their names as packages spell them.

    What it quotes stays as it is, and so does what stands in the text that the program gives: a query has columns of
    its own.
    """
    snakes = [name for name in names if camel(name) != name and not re.search(rf"\b{name}\b", given, re.IGNORECASE)]
    pattern = "|".join([_QUOTED, *(rf"\b{name}\b" for name in snakes)])
    return re.sub(pattern, lambda match: camel(match[0]) if match[0] in snakes else match[0], text)


def spelled(value: Any) -> Any:
    """A JSON value whose names are spelt as packages spell them, at any depth."""
    if isinstance(value, dict):
        return {camel(name): spelled(item) for name, item in value.items()}
    return [spelled(item) for item in value] if isinstance(value, list) else value
