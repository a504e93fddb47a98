"""What an argument accepts, and the API's value that it makes of it.

Each takes what the program gave, and raises a ValueError that says what it must be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..redaction import MASK

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import Enum

__all__ = ["choice", "flag", "not_the_mask", "number", "same_value", "slug", "text"]


_EXACT = 2**53
"""Up to here every whole number has a float of its own, and Pulumi carries all numbers as floats."""


def text(value: Any) -> str:
    """Text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be text that is not empty")
    return value


def slug(value: Any) -> str:
    """An id as the API takes it [page]: letters, digits, `_` and `-`."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_-]+", value):
        raise ValueError("must be a slug: letters, digits, _ and - only")
    return value


def number(value: Any) -> int:
    """A whole number; the engine hands every number over as a float, and configuration as text."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,15}", value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value // 1:
        raise ValueError("must be a whole number")
    if abs(value) >= _EXACT:
        raise ValueError(f"must be smaller than {_EXACT}: Pulumi rounds larger numbers")
    return int(value)


def flag(value: Any) -> bool:
    """True or false; configuration hands them over as text."""
    if value in ("true", "false"):
        return bool(value == "true")
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 - every refusal of a value is a ValueError
    return value


def not_the_mask(value: Any) -> str:
    """A secret itself, and not what the API shows in its place."""
    if value == MASK:
        raise ValueError("must be the secret itself, and is the mask that the API shows in its place")
    return text(value)


def choice(members: type[Enum]) -> Callable[[Any], str]:
    """One of the values of an enumeration."""

    def parse(value: Any) -> str:
        values = [str(member.value) for member in members]
        if value not in values:
            raise ValueError(f"must be one of {', '.join(values)}")
        return str(value)

    return parse


def same_value(one: Any, other: Any) -> bool:
    """Whether two values are the same: 1.0 is 1, and true is not."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
