"""The provider that Pulumi's engine calls: `lifecycle`, in the words of `pulumi.dynamic`.

The module path and the name of each provider class are in users' state files, in the `__provider` of each resource:
they never change.
"""

from __future__ import annotations

import os
import threading
import traceback
from contextlib import contextmanager
from functools import lru_cache
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

from . import _sdk, lifecycle
from .config import NAMESPACE, Settings
from .errors import IncompleteError, NotFoundError, WarehouseSyncError
from .secrets import hide

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .api.client import Client
    from .api.endpoint import Endpoint
    from .schema import Kind, Problem

__all__ = ["SyncProvider"]

_client_lock = threading.Lock()
_warned: set[str] = set()
_warned_lock = threading.Lock()


@lru_cache
def _client(endpoint: Endpoint) -> Client:
    from .api.client import Client  # a preview must not pay for an HTTP library

    return Client(endpoint, notify=lambda message: _sdk.log(message, fleeting=True))


class SyncProvider(ResourceProvider):
    """Manages the objects of one kind."""

    serialize_as_secret_always = False  # the serialised provider names a class, and nothing else
    kind: ClassVar[Kind]

    _settings = Settings()

    def configure(self, req: ConfigureRequest) -> None:
        """Take the stack's configuration; called once, before anything else."""
        self._settings = Settings(lambda key: req.config.get(f"{NAMESPACE}:{key}"))
        _sdk.serve_as_many_as_come()

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Say what the program means, and all that is wrong with it."""
        with self._one_line(_olds, news):
            inputs, problems = lifecycle.check(self.kind, _olds, news, self._settings.get("workspaceId"))
            for argument, reason, is_warning in problems:
                if is_warning:
                    # The name, because `pulumi preview --diff` shows a warning above the resource and not at it.
                    self.warn_once(f"{self.kind.noun} '{inputs.get(self.kind.id_argument)}': {argument} {reason}")
            failures = [self._failure(problem, news) for problem in problems if not problem.is_warning]
            if news.get("workspace_id") is None:
                self._guard_workspace(_olds.get("workspace_id"), inputs.get("workspace_id"))
            return CheckResult(inputs, failures)

    def _failure(self, problem: Problem, news: Mapping[str, Any]) -> CheckFailure:
        """The engine prints the value of the property that a failure names: not so a secret's, nor a page of SQL."""
        argument, reason, _ = problem
        if argument in self.kind.secrets or "\n" in str(news.get(argument)):
            return CheckFailure("", f"{argument} {reason}")
        return CheckFailure(argument, reason)

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
            _sdk.log(message, severity="WARNING")

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Say what an update would change."""
        with self._one_line(_olds, _news):
            difference = lifecycle.diff(self.kind, _olds, _news)
            return _sdk.DetailedDiff(
                difference.changed, difference.replaces, delete_before_replace=difference.delete_first
            )

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the object."""
        with self._one_line(props):
            id_, outputs = lifecycle.create(self.kind, self._client(), props)
            self._tell_adjusted(outputs)
            return CreateResult(id_, outputs)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Read the object as it is now."""
        with self._one_line(props):
            found = lifecycle.read(self.kind, self._client(), id_, props)
            if found is not None:
                outputs, inputs = found
                return ReadResult(id_, outputs, inputs)
            if lifecycle.DEFAULTS in props:
                return ReadResult("", {})
            address = self.kind.address(int(props["workspace_id"]), id_)
            raise NotFoundError(f"cannot get {address}: there is none", status=404)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Replace the object whole."""
        with self._one_line(_olds, _news):
            outputs = lifecycle.update(self.kind, self._client(), _olds, _news)
            self._tell_adjusted(outputs)
            return UpdateResult(outputs)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete the object."""
        with self._one_line(_props):
            lifecycle.delete(self.kind, self._client(), _id, _props)

    def _client(self) -> Client:
        with _client_lock:
            return _client(self._settings.endpoint())

    def _tell_adjusted(self, outputs: Mapping[str, Any]) -> None:
        for name in lifecycle.adjusted(self.kind, outputs):
            _sdk.log(f"the API keeps {name} as {outputs.get(name)!r}, not as it was sent", severity="WARNING")

    @contextmanager
    def _one_line(self, *values: Mapping[str, Any]) -> Iterator[None]:
        """Make one line of a failure that a user can act on; hide secrets in any failure."""
        secrets = [value for name in self.kind.secrets for known in values if isinstance(value := known.get(name), str)]
        try:
            yield
        except Exception as error:
            expected = isinstance(error, WarehouseSyncError) and os.environ.get("WAREHOUSE_SYNC_DEBUG") != "1"
            text = hide(str(error) if expected else traceback.format_exc(), secrets)
            if isinstance(error, IncompleteError):
                _sdk.answer_incomplete(text, id_=error.id, outputs=error.outputs)
            else:
                _sdk.answer_error(text)
            if hide(str(error), secrets) == str(error):
                raise
            raise type(error)(text) from None  # the SDK prints the exception itself where the answer is not taken
