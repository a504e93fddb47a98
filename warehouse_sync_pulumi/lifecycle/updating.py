"""What an update changes: the diff, and the object written whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..errors import NotFoundError
from ..schema import moment_of, same_second
from .outputs import address_of, inputs_of, merged_outputs, outputs_of, same, typed, with_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from ..schema import Kind
    from .client import Client

    Values = Mapping[str, Any]

__all__ = ["Difference", "Updated", "Written", "body_of", "diff", "replace_whole", "update"]


class Difference(NamedTuple):
    """What a program asks for that is not so."""

    changed: Mapping[str, Literal["ADD", "DELETE", "UPDATE"]]
    """The arguments, and how they change."""
    replaces: frozenset[str]
    """Those that need a new object."""
    delete_first: bool
    """Whether a new object would take the old one's address, so that the old one would have to go first."""
    is_unfinished: bool = False
    """Whether an update has something left to do although the program asks for nothing else."""


class Updated(NamedTuple):
    """An object that was replaced whole."""

    outputs: dict[str, Any]
    overwritten: list[str]
    """The arguments that were changed outside since the last refresh, and now are as the program says again."""
    dropped: list[str]
    """As of `Written`."""


class Written(NamedTuple):
    """What came of writing an object whole."""

    outputs: dict[str, Any]
    dropped: list[str]
    """The fields that this version does not know, and that the answer no longer shows: they could not be sent."""


def diff(kind: Kind, olds: Values, news: Values, ignored: AbstractSet[str] = frozenset()) -> Difference:
    """What an update from these outputs to these inputs would change, but for what is `ignored`.

    Raises SecretMissingError when a secret is missing without which it cannot be written: better in the preview.
    """
    before = inputs_of(kind, olds)
    changed = {
        name: _change(before.get(name), news.get(name))
        for name in kind.fields
        if not same(kind, name, before.get(name), news.get(name)) and name not in ignored
    }
    replaces = frozenset(name for name in changed if kind.fields[name].replaces)
    if changed and not replaces:
        with_secrets(kind, olds, news)
    # Whoever asks for a replacement, the engine too: it creates first unless it is told otherwise.
    keeps_address = not changed.keys() & {kind.id_argument, "workspace_id"}
    return Difference(changed, replaces, delete_first=keeps_address)


def _change(before: Any, now: Any) -> Literal["ADD", "DELETE", "UPDATE"]:
    return "ADD" if before is None else "DELETE" if now is None else "UPDATE"


def update(kind: Kind, client: Client, olds: Values, news: Values, ignored: AbstractSet[str] = frozenset()) -> Updated:
    """Replace an object whole: the API has no other way to change one.

    What the program does not state, and did not before, stays as it is on the server; so does what is `ignored`. An
    argument that the program no longer has is cleared. What was changed outside since the last refresh is overwritten
    where the program states it.

    Raises NotFoundError when the object is gone, or is another one that somebody made in its place.
    """
    inputs = with_secrets(kind, olds, typed(kind, news))
    address = address_of(kind, inputs)
    found = client.find(address)
    if found is None:
        raise NotFoundError(
            f"cannot update {address}: it does not exist; if it was deleted, run `pulumi refresh`, and the next up "
            "creates it again",
            status=404,
        )
    if _is_another(olds, found):
        raise NotFoundError(
            f"cannot update {address}: it was deleted and made again outside Pulumi, by {found.get('created_by')} on "
            f"{found['created_on']}; `pulumi refresh` brings the new one under this stack",
            status=404,
        )
    there = merged_outputs(kind, found, olds)
    kept = kind.fields.keys() & ignored - kind.secrets
    inputs = {name: value for name, value in inputs.items() if name not in kept}
    inputs |= typed(kind, {name: there[name] for name in kept if there.get(name) is not None})
    overwritten = [
        name
        for name in kind.fields
        if name in inputs
        and name not in kind.secrets
        and not same(kind, name, olds.get(name), there.get(name))
        and not same(kind, name, there.get(name), inputs[name])
    ]
    written = replace_whole(kind, client, olds, inputs, found)
    return Updated(written.outputs, overwritten, written.dropped)


def replace_whole(kind: Kind, client: Client, olds: Values, inputs: Values, found: Values) -> Written:
    """Write an object whole, over the one that is there."""
    before = inputs_of(kind, olds)
    left_to_server = [name for name, field in kind.fields.items() if name not in before and not field.local]
    there = {name: found.get(kind.api_name(name), olds.get(name)) for name in left_to_server}
    everything = (name for name, field in kind.fields.items() if not field.local)
    whole = {**dict.fromkeys(everything), **typed(kind, there), **inputs}
    answer = client.replace(address_of(kind, inputs), body_of(kind, whole))
    return Written(outputs_of(kind, inputs, answer), _dropped(kind, found, answer))


def _dropped(kind: Kind, before: Values, after: Values) -> list[str]:
    """The fields that no version of ours knows, and that had a value before an update and have none after it.

    They are not sent: what can be written of them and what is only read, nobody but the API knows.
    """
    gone = {name for name, value in before.items() if value not in (None, "") and after.get(name) is None}
    gone.difference_update(map(kind.api_name, kind.fields))
    if not gone:
        return []
    from ..api import models  # which most deployments do without

    known = getattr(models, kind.name, models.Answer).model_fields
    return sorted(name for name in gone.difference(known) if name.isprintable())


def body_of(kind: Kind, values: Values) -> dict[str, Any]:
    """A request's body: the arguments under the API's own names."""
    return {kind.api_name(name): value for name, value in values.items()}


def _is_another(olds: Values, found: Values) -> bool:
    """Whether an object was made at another time than the one in the state."""
    before, now = moment_of(olds.get("created_on")), moment_of(found.get("created_on"))
    return before is not None and now is not None and not same_second(before, now)
