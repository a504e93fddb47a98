"""How a resource says what its arguments are.

The arguments of a resource are a `TypedDict` whose fields carry a `Field`: what the provider must know of one argument.
`Kind` reads them from there, so each fact about an argument stands once, beside its type and its description.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_args, get_origin

from pulumi import Input

from ..api.address import Address
from ..redaction import MASK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Set as AbstractSet
    from enum import Enum

__all__ = ["Field", "Flag", "Kind", "Moment", "Problem", "Secret", "Slug", "Text", "choice", "instant", "written"]


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


_EXACT = 2**53
"""Up to here every whole number has a float of its own, and Pulumi carries all numbers as floats."""


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


def instant(value: str) -> datetime:
    """The point in time that a text names; one without a zone is UTC, as the API writes them [recorded]."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?", value.strip().upper())
    if match is None:
        raise ValueError("must be a time such as 2022-10-30T11:00:16Z")
    day, clock, fraction, zone = match.groups()
    microseconds = f"{fraction or '.0':0<7}"[:7]
    offset = "+00:00" if zone in (None, "Z") else zone
    try:
        return datetime.fromisoformat(f"{day}T{clock}{microseconds}{offset}").astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise ValueError("must be a time that exists, such as 2022-10-30T11:00:16Z") from None


def written(point: datetime) -> str:
    """A point in time in the API's format [page], in UTC; without a zone it is UTC already."""
    return (point.astimezone(timezone.utc) if point.tzinfo else point).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(value: Any) -> str:
    """A time in the API's format [page], 2022-10-30T11:00:16Z, or with another offset; kept as the program wrote it."""
    if not isinstance(value, str):
        raise ValueError("must be a time such as 2022-10-30T11:00:16Z")  # noqa: TRY004 - as in `flag`
    instant(value)
    return value


def real(value: Any) -> str:
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


def same_moment(one: Any, other: Any) -> bool:
    """Whether two texts name the same point in time."""
    try:
        return instant(one) == instant(other)
    except (ValueError, AttributeError):
        return bool(one == other)


def same_value(one: Any, other: Any) -> bool:
    """Whether two values are the same: 1.0 is 1, and true is not."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


@dataclass(frozen=True, eq=False)  # a type that carries it must have a hash, whatever its default
class Field:
    """What the provider must know of one argument."""

    parse: Callable[[Any], Any]
    """Makes the API's value of what the program gave, or raises a ValueError that says what it must be."""
    same: Callable[[Any, Any], bool] = same_value
    """Whether two values mean the same to the API."""
    default: Any = None
    """What the provider fills in where the program is silent. None leaves it to the server."""
    replaces: bool = False
    """Whether a change needs a new object."""
    secret: bool = False
    """Whether nobody may see its value. The API answers a mask in its place [recorded]."""
    computed: bool = False
    """Whether the server may choose a value at any time while the program leaves it out."""
    local: bool = False
    """Whether it speaks to the provider alone: it is no part of the object, so neither kept nor sent nor compared."""


Text = Annotated[Input[str], Field(text)]
Slug = Annotated[Input[str], Field(slug)]
Flag = Annotated[Input[bool], Field(flag, computed=True)]
Moment = Annotated[Input[str], Field(moment, same_moment)]
Secret = Annotated[Input[str], Field(real, secret=True)]


class Problem(NamedTuple):
    """What is wrong with an object's arguments; `argument` is the one whose value is at fault, or empty."""

    argument: str
    reason: str
    is_warning: bool = False
    """Whether it will only probably disappoint: a warning stops nothing."""
    without_value: str = ""
    """The reason, for an argument that the program marks as a secret, where `reason` quotes its value."""

    def discreet(self, secret_arguments: AbstractSet[str]) -> Problem:
        """The problem, without the values of arguments that are secret."""
        is_secret = self.argument in secret_arguments and self.without_value
        return self._replace(reason=self.without_value) if is_secret else self


def _no_problems(_arguments: Mapping[str, Any], _before: Mapping[str, Any]) -> Iterable[Problem]:
    return ()


@dataclass(frozen=True)
class Kind:
    """One kind of object: what it is called, and what its arguments are."""

    name: str
    """As in the resource's type: `Connection`."""
    noun: str
    """As in a sentence: `connection`."""
    collection: str
    """As in the API's paths: `connections`."""
    arguments: type
    """The `TypedDict` of its arguments."""
    problems: Callable[[Mapping[str, Any], Mapping[str, Any]], Iterable[Problem]] = _no_problems
    """What is wrong, or will disappoint, beyond each argument's own form. It is handed the arguments that are known and
    each right in itself, and those of the last deployment, so that it can be silent about what has not changed."""

    @cached_property
    def id_argument(self) -> str:
        """The argument that holds the API's `id`."""
        return f"{self.noun.replace(' ', '_')}_id"

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """What the provider knows of each argument."""
        return {name: _field(annotation) for name, annotation in self.arguments.__annotations__.items()}

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The arguments whose values nobody may see."""
        return frozenset(name for name, field in self.fields.items() if field.secret)

    @cached_property
    def required(self) -> frozenset[str]:
        """The arguments without which nothing can be created.

        The secrets are among them, although the type makes them optional: an imported object has none in its state.
        """
        return frozenset(getattr(self.arguments, "__required_keys__", ())) | self.secrets

    def no_such_argument(self, name: str) -> str:
        """What is wrong with an argument that there is none of."""
        from difflib import get_close_matches  # for nothing but this failure

        close = get_close_matches(name, self.fields, n=1)
        hint = f"; did you mean {close[0]}?" if close else f": it takes {', '.join(sorted(self.fields))}"
        return f"{self.name} has no argument {name}{hint}"

    def config_key(self, id_: str, argument: str) -> str:
        """Where an imported program looks for the secret of an object in the stack's configuration."""
        return f"{id_}-{argument.replace('_', '-')}"

    def address(self, workspace_id: int, id_: str | None = None) -> Address:
        """Where one object of this kind stands, or all of them."""
        return Address(workspace_id, self.collection, self.noun, id_)

    def api_name(self, argument: str) -> str:
        """The API's name of an argument."""
        return "id" if argument == self.id_argument else argument


def _field(annotation: Any) -> Field:
    """The field of `Required[Annotated[…, Field(…)]]`, or of `Annotated[…, Field(…)] | None`."""
    if get_origin(annotation) is not Annotated:
        return _field(get_args(annotation)[0])
    return next(extra for extra in annotation.__metadata__ if isinstance(extra, Field))
