"""What the resource classes share: from a program's arguments to the engine's properties."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi
from pulumi.dynamic import Resource

from ..lifecycle import EXPLICIT_NONE, IMPORT, MARKED_SECRET, SENT
from . import sdk
from .dependencies import once_they_exist

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from typing_extensions import Self

    from ..schema import Kind
    from .dynamic import SyncProvider

__all__ = ["SyncResource"]


class SyncResource(Resource):
    """An object of the API that the program manages."""

    provider: ClassVar[type[SyncProvider]]
    kind: ClassVar[Kind]
    _names: ClassVar[tuple[str, ...]]
    """Of its outputs; looked up once, because `str` of a type takes its time."""

    workspace_id: pulumi.Output[int]
    """The workspace that it is in."""
    created_on: pulumi.Output[str | None]
    """When it was created: UTC, without a zone."""
    created_by: pulumi.Output[str | None]
    """Who created it."""
    last_modified_on: pulumi.Output[str | None]
    """When it was last changed: UTC, without a zone."""
    last_modified_by: pulumi.Output[str | None]
    """Who changed it last."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.kind = cls.provider.kind
        # The SDK reads those of the class alone, and takes a whole number without one for a float.
        cls.__annotations__ = {**_outputs(SyncResource), **cls.__annotations__}
        cls._names = tuple(_outputs(cls))

    def __init__(
        self,
        resource_name: str,
        args: Mapping[str, Any],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        kind = self.kind
        for name in args.keys() - kind.fields.keys():
            raise pulumi.RunError(f"'{resource_name}': {kind.no_such_argument(name)}")
        # An output exists only where a property does: the engine fills in those that are None here.
        props: dict[str, Any] = dict.fromkeys(self._names)
        props.update((name, _plain(value)) for name, value in args.items())
        props[MARKED_SECRET] = _marked_secret(args)
        props[EXPLICIT_NONE] = sorted(name for name in kind.nullable & args.keys() if args[name] is None) or None
        # What was sent may hold what the program marked as a secret.
        secret = pulumi.ResourceOptions(additional_secret_outputs=sorted(kind.secrets | {SENT}))
        opts = pulumi.ResourceOptions.merge(opts, secret)
        if kind.id_argument in kind.fields and props[kind.id_argument] is None and opts.id is None:
            props[kind.id_argument] = resource_name
        for name in kind.secrets:
            if props[name] is not None:
                props[name] = pulumi.Output.secret(props[name])
        if opts.import_ is not None:
            # The engine's own import would ask to read the object without saying by which provider.
            props[IMPORT], opts.import_ = opts.import_, None
        super().__init__(self.provider(), resource_name, props, opts)
        sdk.await_only("workspace_id", self)

    @classmethod
    def output_names(cls) -> frozenset[str]:
        """The names of its outputs, but for the `id`."""
        return frozenset(cls._names)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],  # noqa: A002 - its name in all of Pulumi's packages
        opts: pulumi.ResourceOptions | None = None,
        *,
        workspace_id: pulumi.Input[int] | None = None,
    ) -> Self:
        """Read an existing object without managing it: no deployment changes it, and a destroy leaves it.

        `workspace_id` is by default the stack's. The deployment fails when there is no such object; in a preview, one
        that the same program is yet to create is unknown. Outputs that are secret hold nothing: the API does not give
        them back.
        """
        construct: Any = cls  # its arguments are those of the kind, which are not needed here
        args = {} if workspace_id is None else {"workspace_id": workspace_id}
        depends_on = None if opts is None else opts.depends_on
        if depends_on or any(isinstance(value, pulumi.Output) for value in (id, workspace_id)):
            id = once_they_exist(  # noqa: A001 - as above
                pulumi.Output.all(id, workspace_id), depends_on
            ).apply(lambda known: known[0])
        got: Self = construct(
            resource_name, opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id)), **args
        )
        return got


def _outputs(cls: type) -> dict[str, Any]:
    return {name: hint for name, hint in cls.__annotations__.items() if "Output" in str(hint)}


def _marked_secret(args: Mapping[str, Any]) -> Awaitable[list[str] | None] | None:
    """The names of the arguments that the program marked as secret: the provider gets the mere values."""
    outputs = {name: value for name, value in args.items() if isinstance(value, pulumi.Output)}

    async def names() -> list[str] | None:
        return [name for name, output in outputs.items() if await output.is_secret()] or None

    return names() if outputs else None


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
