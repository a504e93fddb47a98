"""An object's outputs, and the inputs that would lead to them.

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

from typing import TYPE_CHECKING, Any

from pulumi.output import Unknown

from ..errors import SecretMissingError
from ..redaction import hide_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..api.address import Address
    from ..schema import Field, Kind

    Values = Mapping[str, Any]

__all__ = [
    "DEFAULTS",
    "SENT",
    "address_in_state",
    "address_of",
    "adjusted",
    "inputs_of",
    "merged_outputs",
    "outputs_of",
    "parsed",
    "record",
    "same",
    "typed",
    "with_secrets",
]

DEFAULTS, SENT = "__defaults", "__sent"


def inputs_of(kind: Kind, outputs: Values) -> dict[str, Any]:
    """The inputs that would lead to these outputs."""
    left_to_server, sent = outputs.get(DEFAULTS) or (), outputs.get(SENT) or {}
    inputs = {name: sent.get(name, outputs.get(name)) for name in kind.fields if name not in left_to_server}
    return typed(kind, inputs)


def outputs_of(kind: Kind, inputs: Values, answer: Values) -> dict[str, Any]:
    """The outputs of an object that the API answers, and of which a program says `inputs`."""
    outputs = merged_outputs(kind, answer, inputs)
    arguments = set(kind.fields) - kind.secrets
    left_to_server = {name for name in arguments if inputs.get(name) is None and outputs.get(name) is not None}
    sent = {name: inputs[name] for name in arguments & inputs.keys() if outputs.get(name) != inputs[name]}
    return outputs | record(left_to_server, sent)


def merged_outputs(kind: Kind, answer: Values, known: Values) -> dict[str, Any]:
    """An answer as outputs. `known` is what is known already: the secrets, and what the answer leaves out."""
    secrets = [known[name] for name in kind.secrets if known.get(name)]
    outputs = {name: known[name] for name in kind.fields if known.get(name) is not None}
    for key, value in answer.items():
        name = kind.id_argument if key == "id" else key
        if name in kind.secrets or key.startswith("__"):
            continue
        if name in kind.fields and value is not None:
            value = parsed(kind.fields[name], value)  # noqa: PLW2901 - the API reference has some integers as texts
        is_known = value == known.get(name) and name in kind.fields
        outputs[name] = value if is_known else hide_in(value, secrets)
    return outputs


def record(left_to_server: set[str], sent: Values) -> dict[str, Any]:
    """The hidden keys of the outputs."""
    return {DEFAULTS: sorted(left_to_server)} | ({SENT: dict(sent)} if sent else {})


def adjusted(kind: Kind, outputs: Values) -> list[str]:
    """The arguments that the server answered otherwise than they were sent, so that somebody can be told."""
    sent = outputs.get(SENT) or {}
    return [name for name, value in sent.items() if not same(kind, name, outputs.get(name), value)]


def same(kind: Kind, name: str, before: Any, now: Any) -> bool:
    """Whether an argument means now what it meant before; a secret that is left out is no change."""
    if isinstance(now, Unknown):
        return False
    if now is None:
        return before is None or name in kind.secrets
    return before is not None and kind.fields[name].same(before, now)


def address_of(kind: Kind, inputs: Values) -> Address:
    """Where a program says that an object is."""
    return kind.address(parsed(kind.fields["workspace_id"], inputs["workspace_id"]), inputs[kind.id_argument])


def address_in_state(kind: Kind, id_: str, outputs: Values) -> Address:
    """Where the program said that it is: an answer that names another workspace leads nowhere else."""
    said = (outputs.get(SENT) or {}).get("workspace_id", outputs.get("workspace_id"))
    return kind.address(parsed(kind.fields["workspace_id"], said), id_)


def typed(kind: Kind, values: Values) -> dict[str, Any]:
    """The arguments among the values, of the API's types: the engine hands every number over as a float."""
    return {name: parsed(field, values[name]) for name, field in kind.fields.items() if values.get(name) is not None}


def parsed(field: Field, value: Any) -> Any:
    """A value of the API's type; one that cannot be read stays as it is."""
    try:
        return field.parse(value)
    except ValueError:
        return value  # from a server that is newer than this client


def with_secrets(kind: Kind, olds: Values, news: Values) -> dict[str, Any]:
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
