"""What the resource classes share: from a program's arguments to the engine's properties."""

from __future__ import annotations

from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi
from pulumi.dynamic import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .provider import BaseProvider
    from .schema import Kind

__all__ = ["SyncResource"]


class SyncResource(Resource):
    """An object of the API that the program manages."""

    kind: ClassVar[Kind]

    def __init__(
        self,
        provider: BaseProvider,
        resource_name: str,
        args: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        kind = self.kind
        for name in args.keys() - kind.fields.keys():
            close = get_close_matches(name, kind.fields, n=1)
            hint = f"; did you mean {close[0]}?" if close else f": it takes {', '.join(sorted(kind.fields))}"
            raise pulumi.RunError(f"{kind.name} '{resource_name}' has no argument {name}{hint}")
        # An output exists only where a property does: the engine fills in those that are None here.
        props: dict[str, Any] = dict.fromkeys(_outputs_of(type(self)))
        props.update((name, _plain(value)) for name, value in args.items())
        if kind.id_argument in kind.fields and props[kind.id_argument] is None:
            props[kind.id_argument] = resource_name
        for name in kind.secrets:
            if props[name] is not None:
                props[name] = pulumi.Output.secret(props[name])
        secret = pulumi.ResourceOptions(additional_secret_outputs=sorted(kind.secrets))
        super().__init__(provider, resource_name, props, pulumi.ResourceOptions.merge(opts, secret))


def _outputs_of(resource: type) -> list[str]:
    return [name for name, hint in resource.__annotations__.items() if "Output" in str(hint)]


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
