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
from .http.messages import ApiError, Request, Response, error_response
from .service.api import Api, ApiPath
from .service.times import format_server_time

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

    def handle(self, request: Request) -> tuple[Response, Callable[[], None]]:
        """Answer a request, and give what to wait for in the middle of a stalled answer."""
        if request.path == "/_emulator" or request.path.startswith("/_emulator/"):
            return self._control_endpoints.handle(request), _nothing
        path = ApiPath.parse(request.path)
        entry = self._journal.arrive(
            request.method,
            path.rest,
            request.query,
            request.content,
            workspace_id=path.workspace,
            api_version=path.version,
            received_at=format_server_time(self._clock.now()),
        )
        armed = self._faults.take(request.method, path.rest)
        if armed is None:
            response = self._true_response(request, path, entry)
            self._journal.complete(entry, status=response.status)
            return response, _nothing
        self._journal.complete(entry, fault=armed.fault.kind)
        response = self._faulty_response(armed, request, path, entry)
        if response.ending in ("whole", "stall"):
            self._journal.complete(entry, status=response.status)
        return response, armed.hold

    def _true_response(self, request: Request, path: ApiPath, entry: Entry) -> Response:
        """What the API says, in the documented error form when it refuses."""
        try:
            response = self._api.handle(request, path)
        except ApiError as error:
            return error.response()
        except Exception:  # noqa: BLE001 - a bug of the emulator is an answer too, never a traceback
            _LOG.exception("%s %s", request.method, path.rest)
            return error_response(500, "An unexpected error occurred.")
        if path.is_token and response.status == 200:  # noqa: PLR2004 - a status
            self._journal.redactor.learn_from(json.loads(response.body))
        self._journal.complete(entry, took_effect=response.changed)
        return response

    def _faulty_response(self, armed: ArmedFault, request: Request, path: ApiPath, entry: Entry) -> Response:
        fault = armed.fault
        if not fault.after_effect:
            self._wait(armed)
        true_response = self._true_response(request, path, entry) if fault.takes_effect else None
        if fault.after_effect:
            self._wait(armed)
        return fault.response(true_response, secrets_of(request))

    def _wait(self, armed: ArmedFault) -> None:
        if armed.fault.emulator_time:
            self._clock.wait(armed.fault.seconds, self._stopping)
        elif armed.fault.seconds:
            self._stopping.wait(armed.fault.seconds)
        if armed.fault.kind == "hold":
            armed.hold()


def _nothing() -> None:
    """What there is to wait for in the middle of an answer that does not stall."""
