"""What the managers of all kinds share, whichever host calls them: checked arguments, and failures of one line."""

from __future__ import annotations

import traceback
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import lifecycle
from ..api.clients import connect, secrets
from ..api.time_limit import time_limit
from ..config import NAMESPACE, Settings
from ..errors import IncompleteError, WarehouseSyncError, shows_tracebacks
from ..schema import Problem
from .operation import operation
from .ownership import Ownership

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..api.client import Client
    from ..schema import Kind
    from .host import Host
    from .operation import Operation

    Values = Mapping[str, Any]

__all__ = ["Checked", "Created", "Manager", "Read"]


class Checked(NamedTuple):
    """What a program means, and all that is wrong with it."""

    inputs: dict[str, Any]
    failures: list[Problem]
    """The engine prints the value of the argument that a failure names: it names none where that must not be."""


class Created(NamedTuple):
    """An object that is there now."""

    id: str
    outputs: dict[str, Any]


class Read(NamedTuple):
    """An object as it is now."""

    outputs: dict[str, Any]
    inputs: dict[str, Any]


class Manager:
    """Does for the engine what it asks of the resources of one kind.

    Hosts call `check`, `diff`, `create`, `read`, `update` and `delete`, with arguments and outputs under their own
    names.
    """

    def __init__(self, kind: Kind, host: Host, settings: Settings) -> None:
        self.kind = kind
        self._host = host
        self._settings = settings

    def check(self, olds: Values, news: Values) -> Checked:
        """Say what the program means, and all that is wrong with it."""
        given = dict(news)
        marked = frozenset(given.pop(lifecycle.MARKED_SECRET, None) or ())
        # A service may repeat the value that an update takes away.
        known = (values.get(name) for values in (olds, given) for name in marked)
        secrets.learn(*(value for value in known if isinstance(value, str)))
        with self.reporting_failures(olds, given):
            inputs, problems = lifecycle.check(self.kind, olds, given, self._settings.get("workspaceId"))
            for problem in (problem.redacted(marked) for problem in problems):
                if problem.is_warning:
                    # The name, because `pulumi preview --diff` shows a warning above the resource and not at it.
                    name = f"{self.kind.noun} '{inputs.get(self.kind.id_argument)}'"
                    self.warn_once(f"{name}: {problem.argument} {problem.reason}")
            failures = [
                self._failure(problem.redacted(marked), given) for problem in problems if not problem.is_warning
            ]
            if failures:
                self.ownership.fail()
            if given.get("workspace_id") is None:
                self._guard_workspace(olds.get("workspace_id"), inputs.get("workspace_id"))
            if lifecycle.IMPORT in inputs:
                self._host.log("import_: it exists already, and is taken over instead of created")
            return Checked(inputs, failures)

    def diff(self, id_: str, olds: Values, news: Values) -> lifecycle.Difference:
        """Say what an update would change."""
        raise NotImplementedError

    def is_up_to_date(self, id_: str, olds: Values, news: Values) -> bool:
        """Whether an update has nothing to do, but for writing the state in the other provider's way."""
        difference = self.diff(id_, olds, news)
        return not difference.changed and not difference.is_unfinished

    def create(self, inputs: Values) -> Created:
        """Create the object."""
        raise NotImplementedError

    def read(self, id_: str, olds: Values) -> Read | None:
        """Read the object as it is now; None when it is gone."""
        raise NotImplementedError

    def update(self, olds: Values, news: Values) -> dict[str, Any]:
        """Make the object as the program says; its outputs."""
        raise NotImplementedError

    def delete(self, id_: str, olds: Values) -> None:
        """Delete the object."""
        raise NotImplementedError

    def _failure(self, problem: Problem, news: Values) -> Problem:
        """The engine prints the value of the argument that a failure names: not so a secret's, nor a page of SQL."""
        if problem.argument in self.kind.secrets or "\n" in str(news.get(problem.argument)):
            return Problem("", f"{problem.argument} {problem.reason}")
        return problem

    def _guard_workspace(self, before: Any, now: Any) -> None:
        """Say that a changed configuration moves what the stack has to another workspace."""
        if before is not None and now is not None and before != now:
            advice = f"`pulumi config set {NAMESPACE}:workspaceId {before:.0f}`"
            if self._settings.is_explicit:
                advice = f"give its provider the workspaceId {before:.0f}"
            self.warn_once(
                f"this stack is in workspace {before:.0f}, and its configuration now says {now}: its resources will be "
                f"replaced by new ones in {now}, and deleted in {before:.0f}; if that is not meant, {advice}"
            )

    def warn_once(self, message: str) -> None:
        """Warn at the resource at work, unless that was said: the engine checks a resource again to replace it."""
        if self.operation.is_news(message):
            self._host.log(message, severity="WARNING")

    @property
    def operation(self) -> Operation:
        """What the engine is doing."""
        return operation(self._host.engine_address())

    @property
    def ownership(self) -> Ownership:
        """Of all resources of the program, whichever process is asked about them."""
        return self.operation.shared(Ownership, self.operation.log, self._settings.require("apiUrl"))

    @cached_property
    def client(self) -> Client:
        """The API."""
        return connect(self._settings.endpoint(), self._host.tell, self._host.debug)

    @contextmanager
    def reporting_failures(self, *values: Values, is_declared: bool = True) -> Iterator[None]:
        """Make one line of a failure that a user can act on; hide secrets in any failure; keep to `custom_timeouts`.

        `is_declared` tells whether the program declares the resource, so that others may wait for it.
        """
        known = (values_of.get(name) for values_of in values for name in self.kind.secrets)
        secrets.learn(*(value for value in known if isinstance(value, str)))
        try:
            with time_limit(self._host.timeout()):
                yield
        except Exception as error:
            if is_declared:
                self.ownership.fail()
            expected = isinstance(error, WarehouseSyncError) and not shows_tracebacks()
            trace = traceback.format_exc()
            text = secrets.hide(str(error) if expected else trace)
            if isinstance(error, IncompleteError):
                self._host.answer_incomplete(text, id_=error.id, outputs=error.outputs)
            else:
                self._host.answer_error(text)
            # A host may print the exception itself, with all that led to it, where the answer is not taken.
            if secrets.hide(trace) == trace:
                raise
            raise (WarehouseSyncError if expected else RuntimeError)(text) from None
