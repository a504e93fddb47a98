"""What the imported objects are called: as resources in the stack, and as variables in the program."""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from .workspace import Existing

__all__ = ["OWN_NAMES", "Named", "named"]

OWN_NAMES = frozenset({"config", "pathlib", "pulumi", "sql", "warehouse_sync_pulumi"})
"""What a written program calls its own things."""
_RESERVED = OWN_NAMES | set(keyword.kwlist) | set(keyword.softkwlist) | set(dir(builtins))


@dataclass(frozen=True)
class Named:
    """An object with its names."""

    existing: Existing
    name: str
    """The resource's."""
    variable: str
    """The program's."""


def named(objects: Sequence[Existing], taken: Collection[tuple[str, str]]) -> list[Named]:
    """Name the objects; `taken` are the types and names of resources that the stack holds."""
    variables = _variables(objects)
    used = set(taken)
    result = []
    for existing in objects:
        name = _free(existing.id, existing.id, {name for type_, name in used if type_ == existing.resource.type}, "-")
        used.add((existing.resource.type, name))
        result.append(Named(existing, name, variables[existing.key]))
    return result


def _variables(objects: Sequence[Existing]) -> dict[tuple[str, int, str], str]:
    """A variable for each object; those whose plain names clash get their kind's noun besides, or a number."""
    plain = {existing.key: _identifier(existing) for existing in objects}
    wanted = Counter(plain.values())
    variables: dict[tuple[str, int, str], str] = {}
    used: set[str] = set()
    for existing in sorted(objects, key=lambda existing: wanted[plain[existing.key]] > 1):
        base = plain[existing.key]
        candidate = base if wanted[base] == 1 else _with_noun(existing, base)
        variables[existing.key] = _free(candidate, base, used, "_")
        used.add(variables[existing.key])
    return variables


def _identifier(existing: Existing) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", existing.id)
    base = spaced.strip("_").lower()
    if not base or base[0].isdigit():
        return "_".join(filter(None, [_noun(existing), base]))
    return _with_noun(existing, base) if base in _RESERVED else base


def _with_noun(existing: Existing, base: str) -> str:
    noun = _noun(existing)
    return base if base == noun or base.endswith(f"_{noun}") else f"{base}_{noun}"


def _noun(existing: Existing) -> str:
    return existing.kind.noun.replace(" ", "_")


def _free(candidate: str, base: str, used: Collection[str], joint: str) -> str:
    numbered = (f"{base}{joint}{number}" for number in count(2))
    return candidate if candidate not in used else next(name for name in numbered if name not in used)
