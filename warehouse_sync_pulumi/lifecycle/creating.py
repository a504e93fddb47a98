"""Creating an object, or taking over one that exists already and is this stack's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ..errors import (
    AnswerLostError,
    ApiError,
    BadRequestError,
    ExistsError,
    IncompleteError,
    NotFoundError,
    StatusError,
    UnreachableError,
    WarehouseError,
)
from .checking import IMPORT
from .outputs import address_of, outputs_of, parsed, typed, with_secrets
from .updating import body_of, replace_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..api.address import Address
    from ..schema import Kind
    from .client import Client

    Values = Mapping[str, Any]

__all__ = ["CreateRecord", "Created", "create"]

_ATTEMPTS = 3
"""How often a create is sent whose answer is lost and that turns out to have had no effect."""
_SERVER_ERROR = 500


class Created(NamedTuple):
    """An object that is there now."""

    id: str
    outputs: dict[str, Any]
    taken_over: str = ""
    """Why an object that existed already was taken over; empty for one that was made."""
    dropped: Sequence[str] = ()
    """What it may have lost when it was written, as of `Written`."""


class CreateRecord(Protocol):
    """The record of a create, which outlives the process."""

    def begin(self) -> None:
        """The request follows."""

    def succeed(self, answer: Values) -> None:
        """The object is there."""

    def fail(self) -> None:
        """Nothing came of the request."""

    def made_by_killed_run(self, found: Values) -> bool:
        """Whether an object is what an earlier run made before it was killed."""

    def may_be_made_by_this_run(self, found: Values) -> bool:
        """Whether an object can be what this run's own request made, whose answer was lost."""


def create(kind: Kind, client: Client, inputs: Values, record: CreateRecord, *, adopts_equal: bool = False) -> Created:
    """Create an object, or take over the one that an earlier attempt of this stack left behind.

    `record` is the record of this create, and of an earlier one that was killed. `adopts_equal` takes over any object
    that is equal, whoever made it.

    Raises ExistsError when the id is taken by an object that this stack did not make or that differs, and
    IncompleteError when the object is there but its secret could not be written.
    """
    if inputs.get(IMPORT):
        return _import(kind, client, typed(kind, inputs))
    inputs = with_secrets(kind, {}, typed(kind, inputs))
    record.begin()
    return _create(kind, client, inputs, record, adopts_equal=adopts_equal)


def _create(kind: Kind, client: Client, inputs: Values, record: CreateRecord, *, adopts_equal: bool) -> Created:
    """Send the request, and look what came of it where that is not sure.

    Once an answer was lost, the record stays, whatever fails later: the object may be there, now or in a moment.
    """
    address = address_of(kind, inputs)
    was_lost = False
    failure: AnswerLostError | BadRequestError
    for _attempt in range(_ATTEMPTS):
        try:
            answer = client.create(address, body_of(kind, inputs))
        except AnswerLostError as error:
            failure, was_lost = error, True
        except ApiError as error:
            if not was_lost and _had_no_effect(error):
                record.fail()
            if not isinstance(error, BadRequestError):
                raise
            failure = error
        else:
            record.succeed(answer)
            return Created(inputs[kind.id_argument], outputs_of(kind, inputs, answer))
        found = _find_after(failure, client, address)
        if found is not None:
            proof = _proof(record, found, was_lost=was_lost, adopts_equal=adopts_equal)
            compared = _compare(kind, inputs, found)
            if compared.different or proof is None:
                is_own = record.made_by_killed_run(found)
                raise _exists(kind, address, failure, compared.different, is_own=is_own)
            record.succeed(found)
            return _adopt(kind, client, inputs, found, compared.unseen)._replace(taken_over=proof)
        if isinstance(failure, BadRequestError):
            break
    raise failure


def _had_no_effect(failure: ApiError) -> bool:
    """Whether a create that failed has made nothing: it was not sent, or refused. A server that fails is neither."""
    return isinstance(failure, (UnreachableError, WarehouseError)) or (
        isinstance(failure, StatusError) and failure.status < _SERVER_ERROR
    )


def _proof(record: CreateRecord, found: Values, *, was_lost: bool, adopts_equal: bool) -> str | None:
    """Why an object may be taken over, as the rest of a sentence; None where it may not."""
    if was_lost and record.may_be_made_by_this_run(found):
        return "was made by the request whose answer was lost"
    if record.made_by_killed_run(found):
        return "was made for this resource by an earlier run"
    return "is as the program says; unset warehouse-sync:adopt after this run" if adopts_equal else None


def _find_after(failure: ApiError, client: Client, address: Address) -> dict[str, Any] | None:
    """The object at an address after a create failed. Where nobody can tell, the failure is all that is known."""
    try:
        return client.find(address)
    except ApiError:
        raise failure from None


def _exists(kind: Kind, address: Address, failure: ApiError, different: Sequence[str], *, is_own: bool) -> ExistsError:
    """Why an id is not to be had, and the ways out; `is_own` where an earlier run made the object for this resource."""
    argument, id_ = kind.id_argument, address.id
    if is_own:
        return ExistsError(
            f"{str(failure).rstrip('.')}; an earlier run created it, with another {', '.join(different)}: deploy once "
            "what the program said then, and make the change after that"
        )
    also = f" and differs in {', '.join(different)}" if different else ""
    killed = "" if different else ". Created by a run that was killed: WAREHOUSE_SYNC_ADOPT=equal for the next run"
    return ExistsError(
        f"{str(failure).rstrip('.')}; it exists already{also}, and is not known to be this resource's. Renamed or "
        'moved: add aliases=[pulumi.Alias(name="OLD-NAME")] or pulumi.Alias(parent=OLD_PARENT). To be replaced '
        "(--replace, taint): add delete_before_replace=True. Another stack's: use an id of this stack's own, "
        f'{argument}=f"{{pulumi.get_stack()}}-{id_}". To be managed here: `warehouse-sync import {id_} --apply`, or '
        f"add import_={id_!r}{killed}"
    )


def _import(kind: Kind, client: Client, inputs: Values) -> Created:
    """Take over an object that has to be as the program says it."""
    address = address_of(kind, inputs)
    found = client.find(address)
    if found is None:
        raise NotFoundError(f"cannot import {address}: it does not exist; without import_ it is created", status=404)
    compared = _compare(kind, inputs, found)
    if compared.different:
        raise ExistsError(
            f"cannot import {address}: it differs in {', '.join(compared.different)}; change the program to match"
        )
    return _adopt(kind, client, inputs, found, compared.unseen)


class _Compared(NamedTuple):
    """An object beside what the program says."""

    different: list[str]
    """The arguments in which it is not as the program says."""
    unseen: list[str]
    """The arguments that the program gives and the answer does not show: the secrets, and what it leaves out."""


def _compare(kind: Kind, inputs: Values, found: Values) -> _Compared:
    compared = _Compared([], [])
    for name, field in kind.fields.items():
        wanted, there = inputs.get(name), found.get(kind.api_name(name))
        if field.secret or _is_left_out(kind, name, found):
            if wanted is not None:
                compared.unseen.append(name)
        elif wanted is None:
            if there and not field.computed:
                compared.different.append(name)
        # White space around a text, as around a query in triple quotes, may not have survived the first attempt.
        elif there is None or not field.same(_stripped(wanted), _stripped(parsed(field, there))):
            compared.different.append(name)
    return compared


def _is_left_out(kind: Kind, name: str, found: Values) -> bool:
    """Some answers leave out whether a connection or a data model is active [recorded]."""
    return kind.fields[name].computed and kind.api_name(name) not in found


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _adopt(kind: Kind, client: Client, inputs: Values, found: Values, unseen: Sequence[str]) -> Created:
    """Manage an object that is there; what cannot be seen of it, its secrets above all, is written if it is given."""
    id_, there = inputs[kind.id_argument], outputs_of(kind, inputs, found)
    if not unseen:
        return Created(id_, there)
    try:
        written = replace_whole(kind, client, there, with_secrets(kind, {}, inputs), found)
    except ApiError as error:
        # Without the secret, so that it is a difference until it is written, whatever is refreshed in between.
        known = {name: value for name, value in there.items() if name not in kind.secrets}
        raise IncompleteError(str(error), id_=id_, outputs=known) from None
    return Created(id_, written.outputs, dropped=written.dropped)
