"""The provider that Pulumi's engine calls: `lifecycle`, in the words of `pulumi.dynamic`.

The module path and the name of each provider class are in users' state files, in the `__provider` of each resource:
they never change.
"""

from __future__ import annotations

import threading
import traceback
from contextlib import contextmanager
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

from .. import lifecycle
from ..api.clients import connect, secrets
from ..api.time_limit import time_limit
from ..config import NAMESPACE, Settings
from ..errors import ExistsError, IncompleteError, NotFoundError, WarehouseSyncError, shows_tracebacks
from . import begun_creates as begun
from . import sdk
from .ownership import Ownership, resource_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..api.address import Address
    from ..api.client import Client
    from ..schema import Kind, Problem

__all__ = ["BaseProvider", "SyncProvider"]

_warned: set[str] = set()
_warned_lock = threading.Lock()

_ownership = Ownership()
"""Of all resources that this process is asked about: it serves one operation of the engine."""


class BaseProvider(ResourceProvider):
    """What the providers of all kinds share: settings, a client, checked arguments, failures of one line."""

    serialize_as_secret_always = False  # the serialised provider names a class, and nothing else
    kind: ClassVar[Kind]

    _settings = Settings()

    def configure(self, req: ConfigureRequest) -> None:
        """Take the stack's configuration; called once, before anything else."""
        self._settings = Settings(lambda key: req.config.get(f"{NAMESPACE}:{key}"))
        sdk.serve_as_many_as_come()

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Say what the program means, and all that is wrong with it."""
        marked = frozenset(news.pop(lifecycle.MARKED_SECRET, None) or ())
        secrets.learn(*(value for name in marked if isinstance(value := news.get(name), str)))
        with self._one_line(_olds, news):
            inputs, problems = lifecycle.check(self.kind, _olds, news, self._settings.get("workspaceId"))
            for problem in (problem.discreet(marked) for problem in problems):
                if problem.is_warning:
                    # The name, because `pulumi preview --diff` shows a warning above the resource and not at it.
                    name = f"{self.kind.noun} '{inputs.get(self.kind.id_argument)}'"
                    self.warn_once(f"{name}: {problem.argument} {problem.reason}")
            failures = [self._failure(problem.discreet(marked), news) for problem in problems if not problem.is_warning]
            if failures:
                _ownership.fail()
            if news.get("workspace_id") is None:
                self._guard_workspace(_olds.get("workspace_id"), inputs.get("workspace_id"))
            if lifecycle.IMPORT in inputs:
                sdk.log("import_: it exists already, and is taken over instead of created")
            return CheckResult(inputs, failures)

    def _failure(self, problem: Problem, news: Mapping[str, Any]) -> CheckFailure:
        """The engine prints the value of the property that a failure names: not so a secret's, nor a page of SQL."""
        if problem.argument in self.kind.secrets or "\n" in str(news.get(problem.argument)):
            return CheckFailure("", f"{problem.argument} {problem.reason}")
        return CheckFailure(problem.argument, problem.reason)

    def _guard_workspace(self, before: Any, now: Any) -> None:
        """Say that a changed configuration moves what the stack has to another workspace."""
        if before is not None and now is not None and before != now:
            self.warn_once(
                f"this stack is in workspace {before:.0f}, and its configuration now says {now}: its resources will be "
                f"replaced by new ones in {now}, and deleted in {before:.0f}; if that is not meant, "
                f"`pulumi config set {NAMESPACE}:workspaceId {before:.0f}`"
            )

    def warn_once(self, message: str) -> None:
        """Warn at the resource at work, unless that was said: the engine checks a resource again to replace it."""
        with _warned_lock:
            is_new = message not in _warned
            _warned.add(message)
        if is_new:
            sdk.log(message, severity="WARNING")

    @cached_property
    def _client(self) -> Client:
        return connect(self._settings.endpoint(), _tell, sdk.debug)

    @contextmanager
    def _one_line(self, *values: Mapping[str, Any], is_declared: bool = True) -> Iterator[None]:
        """Make one line of a failure that a user can act on; hide secrets in any failure; keep to `custom_timeouts`.

        `is_declared` tells whether the program declares the resource, so that others may wait for it.
        """
        known = (values_of.get(name) for values_of in values for name in self.kind.secrets)
        secrets.learn(*(value for value in known if isinstance(value, str)))
        try:
            with time_limit(sdk.timeout()):
                yield
        except Exception as error:
            if is_declared:
                _ownership.fail()
            expected = isinstance(error, WarehouseSyncError) and not shows_tracebacks()
            trace = traceback.format_exc()
            text = secrets.hide(str(error) if expected else trace)
            if isinstance(error, IncompleteError):
                sdk.answer_incomplete(text, id_=error.id, outputs=error.outputs)
            else:
                sdk.answer_error(text)
            # The SDK prints the exception itself, with all that led to it, where the answer is not taken.
            if secrets.hide(trace) == trace:
                raise
            raise (WarehouseSyncError if expected else RuntimeError)(text) from None


class SyncProvider(BaseProvider):
    """Manages the objects of one kind."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Say what the program means, and all that is wrong with it."""
        result = super().check(_olds, news)
        with self._one_line():
            urn, address, before = sdk.urn(), self._known_address(result.inputs), self._known_address(_olds)
            if urn is None or address is None:
                return result
            imports = lifecycle.IMPORT in result.inputs
            if other := _ownership.declare(urn, address, in_state=address == before, imports=imports):
                names = {resource_name(other), resource_name(urn)}
                both = " and ".join(sorted(names if len(names) > 1 else {other, urn}))
                reason = f"{address} is declared twice, by {both}: give one of them another {self.kind.id_argument}"
                result.failures.append(CheckFailure("", reason))
            if imports and _ownership.is_replaced(urn):
                reason = f"{address} is to be replaced, and import_ would look for the one that is deleted: take it out"
                result.failures.append(CheckFailure("", reason))
        return result

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Say what an update would change."""
        with self._one_line(_olds, _news):
            begun.forget(sdk.urn(), self._api_url, lifecycle.address_in_state(self.kind, _id, _olds), _olds)
            difference = lifecycle.diff(self.kind, _olds, _news)
            return sdk.DetailedDiff(
                difference.changed, difference.replaces, delete_before_replace=difference.delete_first
            )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the object."""
        with self._one_line(props):
            urn, address = sdk.urn(), lifecycle.address_of(self.kind, props)
            longest_wait = self._settings.endpoint().retry_timeout
            record = begun.BegunCreate(urn, self._api_url, address, retry_timeout=longest_wait)
            adopts_equal = self._settings.adopts_equal
            try:
                with _ownership.creating(urn, address):
                    created = lifecycle.create(self.kind, self._client, props, record, adopts_equal=adopts_equal)
            except ExistsError:
                if not _ownership.is_replaced(urn):
                    raise
                raise ExistsError(
                    f"cannot replace {address}: it exists. If Pulumi would create the new one before it deletes the "
                    "old one: delete_before_replace=True in the resource's options; if an earlier run deleted the old "
                    "one, and was killed while it made the new one: WAREHOUSE_SYNC_ADOPT=equal for the next run"
                ) from None
            if props.get(lifecycle.IMPORT):
                self._tell_written({}, props)
            elif created.taken_over:
                sdk.log(f"taken over, not made anew: {address} exists already, and {created.taken_over}")
            self._tell_adjusted(created.outputs)
            return CreateResult(created.id, created.outputs)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Read the object as it is now."""
        with self._one_line(props, is_declared=False):
            is_in_state = lifecycle.DEFAULTS in props
            # What a program only reads is never checked: it may name no workspace.
            workspace_id = self._settings.workspace_id(props.get("workspace_id") or None)
            olds = props if props.get("workspace_id") else {**props, "workspace_id": workspace_id}
            found = lifecycle.read(self.kind, self._client, id_, olds)
            if found is not None:
                outputs, inputs = found
                begun.forget(sdk.urn(), self._api_url, self.kind.address(workspace_id, id_), props)
                if not is_in_state:
                    _ownership.get(sdk.urn(), self.kind.address(workspace_id, id_))
                return ReadResult(id_, outputs, inputs)
            if is_in_state:
                return ReadResult("", {})
            raise NotFoundError(f"cannot get {self.kind.address(workspace_id, id_)}: there is none", status=404)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Replace the object whole."""
        with self._one_line(_olds, _news):
            updated = lifecycle.update(self.kind, self._client, _olds, _news)
            self._tell_written(_olds, _news)
            self._tell_adjusted(updated.outputs)
            if updated.overwritten:
                sdk.log(
                    f"{', '.join(updated.overwritten)}: changed outside Pulumi since the last refresh, and overwritten "
                    "by what the program says; `pulumi refresh` before an update shows such changes",
                    severity="WARNING",
                )
            return UpdateResult(updated.outputs)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete the object, unless the program declares it under another name."""
        with self._one_line(_props, is_declared=False):
            urn, address = sdk.urn(), lifecycle.address_in_state(self.kind, _id, _props)
            if keeper := _ownership.kept_for(urn, address):
                sdk.log(f"{address} is not deleted: {keeper} of this program has it")
                return
            lifecycle.delete(self.kind, self._client, _id, _props)
            begun.forget(urn, self._api_url, address)

    @property
    def _api_url(self) -> str:
        return self._settings.require("apiUrl")

    def _known_address(self, inputs: Mapping[str, Any]) -> Address | None:
        """Where inputs say that the object is; None where they do not say it, or not yet."""
        id_, workspace_id = inputs.get(self.kind.id_argument), inputs.get("workspace_id")
        if not isinstance(id_, str) or not isinstance(workspace_id, (int, float)):
            return None
        return self.kind.address(int(workspace_id), id_)

    def _tell_written(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> None:
        for name in sorted(self.kind.secrets):
            if news.get(name) and not olds.get(name):
                sdk.log(f"its {name} was not in the state, as after an import: it is written")

    def _tell_adjusted(self, outputs: Mapping[str, Any]) -> None:
        for name in lifecycle.adjusted(self.kind, outputs):
            sdk.log(f"the API keeps {name} otherwise than it was sent", severity="WARNING")


def _tell(message: str) -> None:
    sdk.log(message, fleeting=True)
