"""A request's way to its answer: into the journal, past the faults, to the API; or to the controls."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable

from .controls.controls import Controls
from .controls.endpoints import ControlEndpoints
from .controls.faults import ArmedFault
from .controls.journal import Entry
from .controls.redaction import secrets_of
from .http.messages import Answer, ApiError, Request, error_answer
from .service.api import Api, ApiPath
from .service.times import server_time

__all__ = ["App"]

_LOG = logging.getLogger(__name__)


class App:
    """Answers every request that the server receives."""

    def __init__(
        self, api: Api, controls: Controls, control_endpoints: ControlEndpoints, stopping: threading.Event
    ) -> None:
        self._api = api
        self._control_endpoints = control_endpoints
        self._journal = controls.journal
        self._faults = controls.faults
        self._clock = controls.clock
        self._stopping = stopping

    def answer(self, request: Request) -> tuple[Answer, Callable[[], None]]:
        """Answer a request, and give what to wait for in the middle of a stalled answer."""
        if request.path == "/_emulator" or request.path.startswith("/_emulator/"):
            return self._control_endpoints.answer(request), _nothing
        path = ApiPath.parse(request.path)
        entry = self._journal.arrive(
            request.method,
            path.rest,
            request.query,
            request.content,
            workspace_id=path.workspace,
            api_version=path.version,
            received_at=server_time(self._clock.now()),
        )
        armed = self._faults.take(request.method, path.rest)
        if armed is None:
            answer = self._true_answer(request, path, entry)
            self._journal.complete(entry, status=answer.status)
            return answer, _nothing
        self._journal.complete(entry, fault=armed.fault.kind)
        answer = self._faulty_answer(armed, request, path, entry)
        if answer.ending in ("whole", "stall"):
            self._journal.complete(entry, status=answer.status)
        return answer, armed.hold

    def _true_answer(self, request: Request, path: ApiPath, entry: Entry) -> Answer:
        """What the API says, in the documented error form when it refuses."""
        try:
            answer = self._api.answer(request, path)
        except ApiError as error:
            return error.answer()
        except Exception:  # noqa: BLE001 - a bug of the emulator is an answer too, never a traceback
            _LOG.exception("%s %s", request.method, path.rest)
            return error_answer(500, "An unexpected error occurred.")
        if path.is_token and answer.status == 200:  # noqa: PLR2004 - a status
            self._journal.redactor.learn_from(json.loads(answer.body))
        self._journal.complete(entry, took_effect=answer.changed)
        return answer

    def _faulty_answer(self, armed: ArmedFault, request: Request, path: ApiPath, entry: Entry) -> Answer:
        fault = armed.fault
        if not fault.after_effect:
            self._wait(armed)
        true_answer = None if fault.takes_effect is False else self._true_answer(request, path, entry)
        if fault.after_effect:
            self._wait(armed)
        return fault.answer(true_answer, secrets_of(request))

    def _wait(self, armed: ArmedFault) -> None:
        if armed.fault.emulator_time:
            self._clock.wait(armed.fault.seconds, self._stopping)
        elif armed.fault.seconds:
            self._stopping.wait(armed.fault.seconds)
        if armed.fault.kind == "hold":
            armed.hold()


def _nothing() -> None:
    """What there is to wait for in the middle of an answer that does not stall."""
