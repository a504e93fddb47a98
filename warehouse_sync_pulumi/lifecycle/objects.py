"""What happens to an object between a program and the API: check, diff, create, read, update, delete.

Once, for every kind; it knows neither gRPC nor HTTP.

An object's outputs are its arguments, under their own names, and whatever else the API answers. Two more keys, hidden
from the user by their underscores, keep what the outputs alone do not tell:

`__defaults`
    the arguments that the program left to the server, and for which the server chose a value. They are no diff.
`__sent`
    the arguments that the server answered otherwise than they were sent, as they were sent. They are no diff either.

With both, the inputs of the last write can be made again from the outputs. So a diff compares inputs with inputs, and
what was changed outside shows, because reading puts it into the inputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from pulumi.output import Unknown

from ..errors import (
    AnswerLostError,
    ApiError,
    BadRequestError,
    ExistsError,
    IncompleteError,
    NotFoundError,
    SecretMissingError,
    WarehouseSyncError,
)
from ..redaction import hide_in
from ..schema import Problem, instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..api.address import Address
    from ..schema import Field, Kind

    Values = Mapping[str, Any]

__all__ = [
    "DEFAULTS",
    "IMPORT",
    "MARKED_SECRET",
    "SENT",
    "Begun",
    "Client",
    "Created",
    "Difference",
    "Updated",
    "address_in_state",
    "address_of",
    "adjusted",
    "check",
    "create",
    "delete",
    "diff",
    "inputs_of",
    "outputs_of",
    "read",
    "update",
]

DEFAULTS, SENT = "__defaults", "__sent"
IMPORT = "__import"
"""Among the inputs of an object that is to be taken over, not created: the id that the program's `import_` names."""
MARKED_SECRET = "__marked_secret"  # noqa: S105 - a name
"""Among the inputs of a check: the arguments that the program marks as secret, so that no message may hold them."""
_ATTEMPTS = 3
"""How often a create is sent whose answer is lost and that turns out to have had no effect."""


class Client(Protocol):
    """What a lifecycle asks of the API."""

    def find(self, address: Address) -> dict[str, Any] | None:
        """One object; None when there is none."""

    def find_listed(self, address: Address) -> dict[str, Any] | None:
        """As `find`, a few seconds old at most."""

    def create(self, address: Address, body: Values) -> dict[str, Any]:
        """Create an object."""

    def replace(self, address: Address, body: Values) -> dict[str, Any]:
        """Replace an object whole."""

    def delete(self, address: Address) -> None:
        """Delete an object."""


class Difference(NamedTuple):
    """What a program asks for that is not so."""

    changed: Mapping[str, Literal["ADD", "DELETE", "UPDATE"]]
    """The arguments, and how they change."""
    replaces: frozenset[str]
    """Those that need a new object."""
    delete_first: bool
    """Whether a new object would take the old one's address, so that the old one would have to go first."""


class Created(NamedTuple):
    """An object that is there now."""

    id: str
    outputs: dict[str, Any]
    was_there: bool = False
    """Whether it existed already, and was taken over."""


class Updated(NamedTuple):
    """An object that was replaced whole."""

    outputs: dict[str, Any]
    overwritten: list[str]
    """The arguments that were changed outside since the last refresh, and now are as the program says again."""


class Begun(Protocol):
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


class _Unrecorded:
    """A create of which nothing is recorded."""

    def begin(self) -> None:
        pass

    def succeed(self, answer: Values) -> None:
        pass

    def fail(self) -> None:
        pass

    def made_by_killed_run(self, _found: Values) -> bool:
        return False

    def may_be_made_by_this_run(self, _found: Values) -> bool:
        return True


def check(kind: Kind, olds: Values, news: Values, workspace_id: str | None) -> tuple[dict[str, Any], list[Problem]]:
    """The inputs that a program means, and everything that is wrong with them.

    `olds` are the inputs of the last deployment, or nothing when the object is to be created. `workspace_id` is the
    stack's, for an object that names none.
    """
    problems = [Problem("", kind.no_such_argument(name)) for name in news if _is_unknown(kind, name)]
    given = {name: news[name] for name in kind.fields if news.get(name) is not None}
    given.setdefault("workspace_id", workspace_id)
    given.setdefault("name", given.get(kind.id_argument))
    values: dict[str, Any] = {}
    for name, field in kind.fields.items():
        value = given.get(name)
        value = field.default if value is None else value
        if value is None:
            continue
        if isinstance(value, Unknown):
            values[name] = value
            continue
        try:
            values[name] = field.parse(value)
        except ValueError as error:
            problems.append(Problem(name, str(error)))
    missing = (kind.required | {"workspace_id"}) - values.keys() - {problem.argument for problem in problems}
    if olds or news.get(IMPORT):
        # An object that exists already has no secrets in its state, and needs none until something must be written.
        missing -= {name for name in kind.secrets if olds.get(name) is None}
    problems += (_missing(kind, name) for name in sorted(missing))
    known = {name: value for name, value in values.items() if not isinstance(value, Unknown)}
    # What is taken over has to be as the program says it, so the service has judged it already.
    problems += kind.problems(known, olds or (known if news.get(IMPORT) else {}))
    values = {name: value for name, value in values.items() if not kind.fields[name].local}
    if news.get(IMPORT) and not olds:
        values[IMPORT] = news[IMPORT]
        if news[IMPORT] != known.get(kind.id_argument):
            problems.append(Problem("", f"import_ must be the {kind.id_argument}, and is {news[IMPORT]!r}"))
    return values, problems


def _is_unknown(kind: Kind, name: str) -> bool:
    """Whether a property is no argument: a transform of the program may add some that no constructor has seen."""
    return name not in kind.fields and not name.startswith("__")


def _missing(kind: Kind, name: str) -> Problem:
    if name == "workspace_id":
        return Problem(
            "", "workspace_id is missing: give it here, or `pulumi config set warehouse-sync:workspaceId ID`"
        )
    return Problem("", f"{name} is missing: a {kind.noun} cannot be created without it")


def diff(kind: Kind, olds: Values, news: Values) -> Difference:
    """What an update from these outputs to these inputs would change.

    Raises SecretMissingError when that cannot be written for want of a secret: better in the preview than later.
    """
    before = inputs_of(kind, olds)
    changed = {
        name: _change(before.get(name), news.get(name))
        for name in kind.fields
        if not _same(kind, name, before.get(name), news.get(name))
    }
    replaces = frozenset(name for name in changed if kind.fields[name].replaces)
    if changed and not replaces:
        _with_secrets(kind, olds, news)
    # Whoever asks for a replacement, the engine too: it creates first unless it is told otherwise.
    keeps_address = not changed.keys() & {kind.id_argument, "workspace_id"}
    return Difference(changed, replaces, delete_first=keeps_address)


def _change(before: Any, now: Any) -> Literal["ADD", "DELETE", "UPDATE"]:
    return "ADD" if before is None else "DELETE" if now is None else "UPDATE"


def _same(kind: Kind, name: str, before: Any, now: Any) -> bool:
    if isinstance(now, Unknown):
        return False
    if now is None:
        return before is None or name in kind.secrets
    return before is not None and kind.fields[name].same(before, now)


def inputs_of(kind: Kind, outputs: Values) -> dict[str, Any]:
    """The inputs that would lead to these outputs."""
    left_to_server, sent = outputs.get(DEFAULTS) or (), outputs.get(SENT) or {}
    inputs = {name: sent.get(name, outputs.get(name)) for name in kind.fields if name not in left_to_server}
    return _typed(kind, inputs)


def create(
    kind: Kind, client: Client, inputs: Values, begun: Begun | None = None, *, adopts_equal: bool = False
) -> Created:
    """Create an object, or take over the one that an earlier attempt of this stack left behind.

    `begun` is the record of this create, and of an earlier one that was killed. `adopts_equal` takes over any object
    that is equal, whoever made it.

    Raises ExistsError when the id is taken by an object that this stack did not make or that differs, and
    IncompleteError when the object is there but its secret could not be written.
    """
    if inputs.get(IMPORT):
        return _import(kind, client, _typed(kind, inputs))
    begun = begun or _Unrecorded()
    begun.begin()
    try:
        return _create(kind, client, _with_secrets(kind, {}, _typed(kind, inputs)), begun, adopts_equal=adopts_equal)
    except (AnswerLostError, IncompleteError):
        raise  # it may be there, now or in a moment
    except WarehouseSyncError:
        begun.fail()
        raise


def _create(kind: Kind, client: Client, inputs: Values, begun: Begun, *, adopts_equal: bool) -> Created:
    address = address_of(kind, inputs)
    was_lost = False
    failure: AnswerLostError | BadRequestError
    for _attempt in range(_ATTEMPTS):
        try:
            answer = client.create(address, _body(kind, inputs))
        except (AnswerLostError, BadRequestError) as error:
            failure = error
        else:
            begun.succeed(answer)
            return Created(inputs[kind.id_argument], outputs_of(kind, inputs, answer))
        was_lost = was_lost or isinstance(failure, AnswerLostError)
        found = _find_after(failure, client, address)
        if found is not None:
            is_own = begun.made_by_killed_run(found) or (was_lost and begun.may_be_made_by_this_run(found))
            compared = _compare(kind, inputs, found)
            if compared.different or not (is_own or adopts_equal):
                raise _exists(kind, address, failure, compared.different)
            begun.succeed(found)
            return _adopt(kind, client, inputs, found, compared.unseen)
        if isinstance(failure, BadRequestError):
            break
    raise failure


def _find_after(failure: ApiError, client: Client, address: Address) -> dict[str, Any] | None:
    """The object at an address after a create failed. Where nobody can tell, the failure is all that is known."""
    try:
        return client.find(address)
    except ApiError:
        raise failure from None


def _exists(kind: Kind, address: Address, failure: ApiError, different: Sequence[str]) -> ExistsError:
    """Why an id is not to be had, and the ways out."""
    argument, id_ = kind.id_argument, address.id
    also = f" and differs in {', '.join(different)}" if different else ""
    killed = "" if different else "; if a run was killed while it made it: WAREHOUSE_SYNC_ADOPT=equal for the next run"
    return ExistsError(
        f"{str(failure).rstrip('.')}; it exists already{also}, and is not known to be this resource's. If the resource "
        'was renamed or moved: aliases=[pulumi.Alias(name="OLD-NAME")] or pulumi.Alias(parent=OLD_PARENT) in its '
        "options; if it is to be replaced (--replace, taint): delete_before_replace=True; if another stack has it: "
        f'an id of this stack\'s own, {argument}=f"{{pulumi.get_stack()}}-{id_}"; if it is to be managed here: '
        f"`warehouse-sync import {id_} --apply`, or import_={id_!r}{killed}"
    )


def _import(kind: Kind, client: Client, inputs: Values) -> Created:
    """Take over an object that has to be as the program says it."""
    address = address_of(kind, inputs)
    found = client.find(address)
    if found is None:
        raise NotFoundError(f"cannot import {address}: there is none; without import_ it is created", status=404)
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
        elif there is None or not field.same(_stripped(wanted), _stripped(_parsed(field, there))):
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
        return Created(id_, there, was_there=True)
    try:
        outputs = _replace(kind, client, there, _with_secrets(kind, {}, inputs), found)
    except ApiError as error:
        # Without the secret, so that it is a difference until it is written, whatever is refreshed in between.
        known = {name: value for name, value in there.items() if name not in kind.secrets}
        raise IncompleteError(str(error), id_=id_, outputs=known) from None
    return Created(id_, outputs, was_there=True)


def read(kind: Kind, client: Client, id_: str, olds: Values) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """An object's outputs as they are now, and the inputs that would lead to them; None when it is gone."""
    found = client.find_listed(address_in_state(kind, id_, olds))
    if found is None:
        return None
    outputs = _outputs(kind, found, olds)
    left_to_server, sent = set(olds.get(DEFAULTS) or ()), dict(olds.get(SENT) or {})
    for name, field in kind.fields.items():
        before, now = olds.get(name), outputs.get(name)
        if (before is None and now is None) or (before is not None and now is not None and field.same(before, now)):
            continue
        sent.pop(name, None)
        if now is None:
            left_to_server.discard(name)
        elif before is None and field.computed:
            left_to_server.add(name)
    outputs |= _record(left_to_server, sent)
    return outputs, inputs_of(kind, outputs)


def update(kind: Kind, client: Client, olds: Values, news: Values) -> Updated:
    """Replace an object whole: the API has no other way to change one.

    What the program does not state, and did not before, stays as it is on the server. An argument that the program no
    longer has is cleared. What was changed outside since the last refresh is overwritten where the program states it.

    Raises NotFoundError when the object is gone, or is another one that somebody made in its place.
    """
    inputs = _with_secrets(kind, olds, _typed(kind, news))
    address = address_of(kind, inputs)
    found = client.find(address)
    if found is None:
        raise NotFoundError(
            f"cannot update {address}: there is none; if it was deleted, `pulumi refresh` notices, and the next up "
            "creates it anew",
            status=404,
        )
    if _is_another(olds, found):
        raise NotFoundError(
            f"cannot update {address}: it was deleted and made again outside Pulumi, by {found.get('created_by')} on "
            f"{found['created_on']}; `pulumi refresh` takes the new one as this stack's",
            status=404,
        )
    there = _outputs(kind, found, olds)
    overwritten = [
        name
        for name in kind.fields
        if name in inputs
        and name not in kind.secrets
        and not _same(kind, name, olds.get(name), there.get(name))
        and not _same(kind, name, there.get(name), inputs[name])
    ]
    return Updated(_replace(kind, client, olds, inputs, found), overwritten)


def _replace(kind: Kind, client: Client, olds: Values, inputs: Values, found: Values) -> dict[str, Any]:
    """Write an object whole, over the one that is there, and return its outputs."""
    stated = inputs_of(kind, olds).keys() | inputs.keys()
    left_to_server = [name for name, field in kind.fields.items() if name not in stated and not field.local]
    there = {name: found.get(kind.api_name(name), olds.get(name)) for name in left_to_server}
    everything = (name for name, field in kind.fields.items() if not field.local)
    whole = {**dict.fromkeys(everything), **_typed(kind, there), **inputs}
    return outputs_of(kind, inputs, client.replace(address_of(kind, inputs), _body(kind, whole)))


def _body(kind: Kind, values: Values) -> dict[str, Any]:
    return {kind.api_name(name): value for name, value in values.items()}


def _is_another(olds: Values, found: Values) -> bool:
    """Whether an object was made at another time than the one in the state."""
    try:
        made = [instant(values["created_on"]) for values in (olds, found)]
    except (KeyError, ValueError, AttributeError):
        return False
    return abs((made[0] - made[1]).total_seconds()) > 1  # some answers leave out fractions of a second [recorded]


def delete(kind: Kind, client: Client, id_: str, olds: Values) -> None:
    """Delete an object; one that is gone already is deleted."""
    client.delete(address_in_state(kind, id_, olds))


def adjusted(kind: Kind, outputs: Values) -> list[str]:
    """The arguments that the server answered otherwise than they were sent, so that somebody can be told."""
    sent = outputs.get(SENT) or {}
    return [name for name, value in sent.items() if not _same(kind, name, outputs.get(name), value)]


def address_of(kind: Kind, inputs: Values) -> Address:
    """Where a program says that an object is."""
    return kind.address(_parsed(kind.fields["workspace_id"], inputs["workspace_id"]), inputs[kind.id_argument])


def address_in_state(kind: Kind, id_: str, outputs: Values) -> Address:
    """Where the program said that it is: an answer that names another workspace leads nowhere else."""
    said = (outputs.get(SENT) or {}).get("workspace_id", outputs.get("workspace_id"))
    return kind.address(_parsed(kind.fields["workspace_id"], said), id_)


def _typed(kind: Kind, values: Values) -> dict[str, Any]:
    """The arguments among the values, of the API's types: the engine hands every number over as a float."""
    return {name: _parsed(field, values[name]) for name, field in kind.fields.items() if values.get(name) is not None}


def _parsed(field: Field, value: Any) -> Any:
    try:
        return field.parse(value)
    except ValueError:
        return value  # from a server that is newer than this client


def _with_secrets(kind: Kind, olds: Values, news: Values) -> dict[str, Any]:
    """The inputs with the secrets, wherever they are known from; without them nothing can be written."""
    known = {name: news.get(name) or olds.get(name) for name in kind.secrets}
    missing = sorted(name for name, value in known.items() if value is None)
    if missing:
        # The API answers a mask, and what it does with a mask in a PUT is not documented: only the real value is sent.
        id_, name = str(news.get(kind.id_argument)), missing[0]
        key = kind.config_key(id_, name)
        raise SecretMissingError(
            f"cannot write {kind.noun} '{id_}': its {name} is not known (an import cannot read it), and the API "
            f"replaces objects whole; `pulumi config set --secret {key}`, and let the program give the {kind.noun} "
            f'{name}=pulumi.Config().get_secret("{key}")'
        )
    return {**news, **known}


def _outputs(kind: Kind, answer: Values, known: Values) -> dict[str, Any]:
    """An answer as outputs. `known` is what is known already: the secrets, and what the answer leaves out."""
    secrets = [known[name] for name in kind.secrets if known.get(name)]
    outputs = {name: known[name] for name in kind.fields if known.get(name) is not None}
    for key, value in answer.items():
        name = kind.id_argument if key == "id" else key
        if name in kind.secrets or key.startswith("__"):
            continue
        if name in kind.fields and value is not None:
            value = _parsed(kind.fields[name], value)  # noqa: PLW2901 - the page has some integers as texts
        is_known = value == known.get(name) and name in kind.fields
        outputs[name] = value if is_known else hide_in(value, secrets)
    return outputs


def outputs_of(kind: Kind, inputs: Values, answer: Values) -> dict[str, Any]:
    """The outputs of an object that the API answers, and of which a program says `inputs`."""
    outputs = _outputs(kind, answer, inputs)
    arguments = set(kind.fields) - kind.secrets
    left_to_server = {name for name in arguments if inputs.get(name) is None and outputs.get(name) is not None}
    sent = {name: inputs[name] for name in arguments & inputs.keys() if outputs.get(name) != inputs[name]}
    return outputs | _record(left_to_server, sent)


def _record(left_to_server: set[str], sent: Values) -> dict[str, Any]:
    return {DEFAULTS: sorted(left_to_server)} | ({SENT: dict(sent)} if sent else {})
