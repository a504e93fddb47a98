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

from .errors import (
    AnswerLostError,
    ApiError,
    BadRequestError,
    ExistsError,
    IncompleteError,
    NotFoundError,
    SecretMissingError,
)
from .schema import Problem
from .secrets import hide_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .api.address import Address
    from .schema import Field, Kind

    Values = Mapping[str, Any]

__all__ = [
    "DEFAULTS",
    "IMPORT",
    "Client",
    "Difference",
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
    """Whether the new object takes the old one's place, so that the old one has to go first."""


def check(kind: Kind, olds: Values, news: Values, workspace_id: str | None) -> tuple[dict[str, Any], list[Problem]]:
    """The inputs that a program means, and everything that is wrong with them.

    `olds` are the inputs of the last deployment, or nothing when the object is to be created. `workspace_id` is the
    stack's, for an object that names none.
    """
    given = {name: news[name] for name in kind.fields if news.get(name) is not None}
    given.setdefault("workspace_id", workspace_id)
    given.setdefault("name", given.get(kind.id_argument))
    values: dict[str, Any] = {}
    problems: list[Problem] = []
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
    return Difference(changed, replaces, bool(replaces) and not replaces & {kind.id_argument, "workspace_id"})


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


def create(kind: Kind, client: Client, inputs: Values) -> tuple[str, dict[str, Any]]:
    """Create an object, or adopt the one that an earlier attempt left behind; its id and outputs.

    Raises ExistsError when the id is taken by an object that differs, and IncompleteError when the object is there but
    its secret could not be written.
    """
    if inputs.get(IMPORT):
        return _take_over(kind, client, _typed(kind, inputs))
    inputs = _with_secrets(kind, {}, _typed(kind, inputs))
    address = _address(kind, inputs)
    body = {kind.api_name(name): value for name, value in inputs.items()}
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return inputs[kind.id_argument], outputs_of(kind, inputs, client.create(address, body))
        except (AnswerLostError, BadRequestError) as error:
            failure: ApiError = error
        try:
            found = client.find(address)
        except ApiError:
            raise failure from None
        if found is not None:
            if differing := _differing(kind, inputs, found):
                raise ExistsError(
                    f"{failure}; {address} exists already and differs in {differing}: to manage that one, import it "
                    f"(`warehouse-sync import`) and change the program to match; or choose another {kind.id_argument}"
                )
            return inputs[kind.id_argument], _adopt(kind, client, inputs, found)
        if isinstance(failure, BadRequestError) or attempt == _ATTEMPTS:
            break
    raise failure


def _take_over(kind: Kind, client: Client, inputs: Values) -> tuple[str, dict[str, Any]]:
    """Import an object that has to be as the program says it."""
    address = _address(kind, inputs)
    found = client.find(address)
    if found is None:
        raise NotFoundError(f"cannot import {address}: there is none; without import_ it is created", status=404)
    if differing := _differing(kind, inputs, found):
        raise ExistsError(f"cannot import {address}: it differs in {differing}; change the program to match")
    return inputs[kind.id_argument], _adopt(kind, client, inputs, found)


def _differing(kind: Kind, inputs: Values, found: Values) -> str:
    """The names of the arguments in which an object is not what the program says; they can be seen, unlike secrets."""
    return ", ".join(name for name in kind.fields if not _is_adoptable(kind, name, inputs.get(name), found))


def _adopt(kind: Kind, client: Client, inputs: Values, found: Values) -> dict[str, Any]:
    """Manage an object that is there; what cannot be seen of it, its secrets above all, is written if it is given."""
    there = outputs_of(kind, inputs, found)
    unseen = [name for name in kind.fields if name in kind.secrets or _is_unseen(kind, name, found)]
    if not any(inputs.get(name) is not None for name in unseen):
        return there
    try:
        return update(kind, client, there, inputs)
    except ApiError as error:
        # Without the secret, so that it is a difference until it is written, whatever is refreshed in between.
        known = {name: value for name, value in there.items() if name not in kind.secrets}
        raise IncompleteError(str(error), id_=inputs[kind.id_argument], outputs=known) from None


def _is_unseen(kind: Kind, name: str, found: Values) -> bool:
    """Some answers leave out whether a connection or a data model is active [recorded]."""
    return kind.fields[name].computed and kind.api_name(name) not in found


def _is_adoptable(kind: Kind, name: str, wanted: Any, found: Values) -> bool:
    field, there = kind.fields[name], found.get(kind.api_name(name))
    if field.secret or _is_unseen(kind, name, found) or (wanted is None and (field.computed or not there)):
        return True
    if wanted is None or there is None:
        return False
    # White space around a text, as around a query in triple quotes, may not have survived the first attempt.
    wanted, there = (value.strip() if isinstance(value, str) else value for value in (wanted, _parsed(field, there)))
    return field.same(wanted, there)


def read(kind: Kind, client: Client, id_: str, olds: Values) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """An object's outputs as they are now, and the inputs that would lead to them; None when it is gone."""
    found = client.find_listed(_address_in_state(kind, id_, olds))
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


def update(kind: Kind, client: Client, olds: Values, news: Values) -> dict[str, Any]:
    """Replace an object whole, and return its outputs.

    An argument that the program no longer has is cleared. One that it always left to the server keeps the value that
    the server chose: leaving it out could make the server choose again, and move a pipeline's start.
    """
    inputs = _with_secrets(kind, olds, _typed(kind, news))
    address = _address(kind, inputs)
    chosen = {name: olds.get(name) for name in olds.get(DEFAULTS) or ()}
    everything = (name for name, field in kind.fields.items() if not field.local)
    whole = dict.fromkeys(everything) | _typed(kind, chosen) | inputs
    try:
        answer = client.replace(address, {kind.api_name(name): value for name, value in whole.items()})
    except NotFoundError as error:
        raise NotFoundError(
            f"{error}; if it was deleted, `pulumi refresh` notices, and the next up creates it anew", status=404
        ) from None
    return outputs_of(kind, inputs, answer)


def delete(kind: Kind, client: Client, id_: str, olds: Values) -> None:
    """Delete an object; one that is gone already is deleted."""
    client.delete(_address_in_state(kind, id_, olds))


def adjusted(kind: Kind, outputs: Values) -> list[str]:
    """The arguments that the server answered otherwise than they were sent, so that somebody can be told."""
    sent = outputs.get(SENT) or {}
    return [name for name, value in sent.items() if not _same(kind, name, outputs.get(name), value)]


def _address(kind: Kind, inputs: Values) -> Address:
    return kind.address(inputs["workspace_id"], inputs[kind.id_argument])


def _address_in_state(kind: Kind, id_: str, outputs: Values) -> Address:
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
