"""How a resource says what its arguments are.

The arguments of a resource are a `TypedDict` whose fields carry a `Field`: what the provider must know of one argument.
`Kind` reads them from there, so each fact about an argument stands once, beside its type and its description.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_args, get_origin

from ..api.address import Address
from .values import same_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Set as AbstractSet

__all__ = ["Field", "Kind", "Problem", "no_such_argument"]


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


class Problem(NamedTuple):
    """What is wrong with an object's arguments; `argument` is the one whose value is at fault, or empty."""

    argument: str
    reason: str
    is_warning: bool = False
    """Whether it only warns, and stops nothing."""
    without_value: str = ""
    """The reason, for an argument that the program marks as a secret, where `reason` quotes its value."""

    def redacted(self, secret_arguments: AbstractSet[str]) -> Problem:
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
    """What is wrong, or to be warned of, beyond each argument's own form. It is handed the arguments that are known and
    each right in itself, and those of the last deployment, so that it can be silent about what has not changed."""

    @cached_property
    def id_argument(self) -> str:
        """The argument that holds the API's `id`."""
        return f"{self.noun.replace(' ', '_')}_id"

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """What the provider knows of each argument, the id first."""
        annotations = self.arguments.__annotations__
        return {
            name: _field(annotations[name]) for name in sorted(annotations, key=lambda name: name != self.id_argument)
        }

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

    @cached_property
    def nullable(self) -> frozenset[str]:
        """The required arguments that an object may lack all the same; of one that it has, None is a mistake."""
        annotations = self.arguments.__annotations__
        return frozenset(name for name in self.required if type(None) in get_args(get_args(annotations[name])[0]))

    def no_such_argument(self, name: str, spelling: Callable[[str], str] = str) -> str:
        """What is wrong with an argument that there is none of; `spelling` is how a program spells their names."""
        return no_such_argument(self.name, name, [spelling(field) for field in self.fields])

    def config_key(self, id_: str, argument: str) -> str:
        """Where an imported program looks for the secret of an object in the stack's configuration."""
        return f"{id_}-{argument.replace('_', '-')}"

    def address(self, workspace_id: int, id_: str | None = None) -> Address:
        """The address of one object of this kind, or of all of them."""
        return Address(workspace_id, self.collection, self.noun, id_)

    def api_name(self, argument: str) -> str:
        """The API's name of an argument."""
        return "id" if argument == self.id_argument else argument


def no_such_argument(of: str, name: str, names: Iterable[str]) -> str:
    """What is wrong with an argument that a resource or a function has not."""
    from difflib import get_close_matches  # for nothing but this failure

    close = get_close_matches(name, names := list(names), n=1)
    hint = f"; did you mean {close[0]}?" if close else f": it takes {', '.join(sorted(names))}"
    return f"{of} has no argument {name}{hint}"


def _field(annotation: Any) -> Field:
    """The field of `Required[Annotated[…, Field(…)]]`, or of `Annotated[…, Field(…)] | None`."""
    if get_origin(annotation) is not Annotated:
        return _field(get_args(annotation)[0])
    return next(extra for extra in annotation.__metadata__ if isinstance(extra, Field))
