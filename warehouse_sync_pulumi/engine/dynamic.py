"""The host of dynamic resources: what Pulumi's SDK calls, in the words of `pulumi.dynamic`.

The module path and the name of each provider class are in users' state files, in the `__provider` of each resource:
they never change.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from ..config import NAMESPACE, Settings
from . import sdk
from .objects import ObjectManager
from .spelling import PROVIDER_KEY, in_snake, is_camel

if TYPE_CHECKING:
    from ..schema import Kind
    from .manager import Manager

__all__ = ["SyncProvider"]


class SyncProvider(ResourceProvider):
    """Hands to the manager of one kind what the engine asks."""

    serialize_as_secret_always = False  # the serialised provider names a class, and nothing else
    kind: ClassVar[Kind]
    manager_class: ClassVar[type[Manager]] = ObjectManager

    _settings = Settings()

    @cached_property
    def _manager(self) -> Manager:
        return self.manager_class(self.kind, sdk, self._settings)

    def configure(self, req: ConfigureRequest) -> None:
        """Take the stack's configuration; called once, before anything else."""
        self._settings = Settings(lambda key: req.config.get(f"{NAMESPACE}:{key}"))
        sdk.lift_concurrency_limit()

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Say what the program means, and all that is wrong with it."""
        checked = self._manager.check(in_snake(_olds), news)
        return CheckResult(checked.inputs, [CheckFailure(found.argument, found.reason) for found in checked.failures])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Say what an update would change."""
        difference = self._manager.diff(_id, in_snake(_olds), _news)
        if difference.is_unfinished:
            return DiffResult(changes=True)
        changed = difference.changed
        if is_camel(_olds) and not changed:
            # Without a step of its own the state would keep the old names, and a program would lose its outputs.
            changed = {PROVIDER_KEY: "ADD"}
        return sdk.DetailedDiff(changed, difference.replaces, delete_before_replace=difference.delete_first)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the object."""
        created = self._manager.create(props)
        return CreateResult(created.id, created.outputs)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Read the object as it is now."""
        read = self._manager.read(id_, props)
        return ReadResult("", {}) if read is None else ReadResult(id_, read.outputs, read.inputs)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Make the object as the program says."""
        olds = in_snake(_olds)
        if is_camel(_olds) and self._manager.is_up_to_date(_id, olds, _news):
            return UpdateResult(olds)
        return UpdateResult(self._manager.update(olds, _news))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete the object."""
        self._manager.delete(_id, _props)
