"""From a request to its answer: journal, faults, access, route."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from .behaviour import Behaviour
from .clock import Clock
from .faults import ArmedFault, Faults
from .journal import Entry, Journal
from .messages import Answer, ApiError, Request, error_answer
from .routes import TOKEN_ROUTE, Call, find
from .service import Service
from .times import server_time
from .tokens import Tokens

__all__ = ["Exchange"]

_BASE = re.compile(r"/platform/(experimental|v1)/workspaces/(\d{1,18})/inputs/warehouse/(.*)")
_LOG = logging.getLogger(__name__)


class Exchange:
    """Answers the API's and the token endpoint's requests."""

    def __init__(  # noqa: PLR0913 - the parts it ties together
        self,
        *,
        service: Service,
        clock: Clock,
        behaviour: Callable[[], Behaviour],
        journal: Journal,
        faults: Faults,
        tokens: Tokens,
        stopping: threading.Event,
    ) -> None:
        self._service = service
        self._clock = clock
        self._behaviour = behaviour
        self._journal = journal
        self._faults = faults
        self._tokens = tokens
        self._stopping = stopping
        self._limits = _Limits(clock)

    def answer(self, request: Request) -> tuple[Answer, ArmedFault | None]:
        """Answer a request, and name the fault that a stalled answer waits for."""
        version, workspace, path = _place(request.path)
        entry = self._journal.arrive(
            request.method,
            path,
            request.query,
            _read(request),
            workspace_id=workspace,
            api_version=version,
            received_at=server_time(self._clock.now()),
        )
        armed = self._faults.take(request.method, path)
        if armed is None:
            answer = self._true_answer(request, entry, path, workspace)
            self._journal.complete(entry, status=answer.status)
            return answer, None
        self._journal.complete(entry, fault=armed.fault.kind)
        answer = self._struck_answer(armed, request, entry, path, workspace)
        if answer.ending in ("whole", "stall"):
            self._journal.complete(entry, status=answer.status)
        return answer, armed

    def _struck_answer(
        self, armed: ArmedFault, request: Request, entry: Entry, path: str, workspace: int | None
    ) -> Answer:
        fault = armed.fault
        secrets = _secrets_of(request)
        if not fault.after_effect:
            self._wait(armed)
        true_answer = None if fault.takes_effect is False else self._true_answer(request, entry, path, workspace)
        if fault.after_effect:
            self._wait(armed)
        return fault.answer(true_answer, secrets)

    def _wait(self, armed: ArmedFault) -> None:
        if armed.fault.emulator_time:
            self._clock.wait(armed.fault.seconds, self._stopping)
        elif armed.fault.seconds:
            self._stopping.wait(armed.fault.seconds)
        if armed.fault.kind == "hold":
            armed.hold()

    def _true_answer(self, request: Request, entry: Entry, path: str, workspace: int | None) -> Answer:
        """What the service says, in the documented error form when it refuses."""
        try:
            if path == TOKEN_ROUTE and workspace is None:
                return self._token(request)
            answer = self._api(request, path, workspace)
        except ApiError as error:
            return error.answer()
        except Exception:  # noqa: BLE001 - a fault of the emulator is an answer too, never a trace
            _LOG.exception("%s %s", request.method, path)
            return error_answer(500, "An unexpected error occurred.")
        self._journal.complete(entry, took_effect=answer.changed)
        return answer

    def _token(self, request: Request) -> Answer:
        if request.method != "POST":
            raise ApiError(405, f"{request.method} is not allowed here.", headers={"Allow": "POST"})
        behaviour = self._behaviour()
        self._clock.wait(behaviour.token_delay_seconds, self._stopping)
        answer = self._tokens.issue(_read(request), seconds=behaviour.token_seconds, credentials=behaviour.credentials)
        if answer.status == 200:  # noqa: PLR2004 - a status
            self._journal.redactor.learn(json.loads(answer.body)["access_token"])
        return answer

    def _api(self, request: Request, path: str, workspace: int | None) -> Answer:
        behaviour = self._behaviour()
        if workspace is None:
            raise ApiError(404, "The requested resource was not found.")
        client = self._tokens.client_of(request.headers.get("authorization", ""))
        if client is None:
            raise ApiError(401, "Authentication failed.")
        if client in behaviour.forbidden_clients:
            raise ApiError(403, "The client is not authorized.")
        headers = self._limits.spend(workspace, behaviour.rate_limit)
        if behaviour.workspaces is not None and workspace not in behaviour.workspaces:
            raise ApiError(404, f"Workspace {workspace} was not found.")
        route, names = find(request.method, path)
        query = {name: values[-1] for name, values in request.query.items()}
        answer = route.serve(self._service, Call(workspace, names, query, request.body))
        return replace(answer, headers={**answer.headers, **headers})


class _Limits:
    """Counts each workspace's requests in a sliding window of the emulator's time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._spent: dict[int, deque[datetime]] = {}

    def spend(self, workspace: int, limit: tuple[int, float] | None) -> Mapping[str, str]:
        """Count one request, and give the headers that tell how much is used; 429 when too much is [recorded]."""
        if limit is None:
            return {}
        most, window = limit[0], timedelta(seconds=limit[1])
        with self._lock:
            now = self._clock.now()
            spent = self._spent.setdefault(workspace, deque())
            while spent and spent[0] <= now - window:
                spent.popleft()
            if len(spent) >= most:
                wait = max(1, -int(-(spent[0] + window - now).total_seconds() // 1))
                headers = {"Retry-After": str(wait), "X-mp-rate-limit-exceeded": "workspace"}
                raise ApiError(429, "The rate limit is exceeded.", headers=headers)
            spent.append(now)
            return {"X-mp-rate-limit-percentage-used": str(100 * len(spent) // most)}


def _place(path: str) -> tuple[str | None, int | None, str]:
    """A path's API version, workspace and what follows its base; the path itself where it has no base."""
    match = _BASE.fullmatch(path)
    return (match[1], int(match[2]), match[3]) if match else (None, None, path.lstrip("/"))


def _read(request: Request) -> Any:
    """A request's body: JSON, or a form where its header says so (as a token request may be); else None."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(request.body.decode("utf-8", "replace")))
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None


def _secrets_of(request: Request) -> list[str]:
    """Every secret that a request carries: what a careless server could repeat."""
    body = _read(request)
    fields = ("password", "partner_feed_key", "service_account_key", "client_secret")
    found = [body[name] for name in fields if isinstance(body, dict) and isinstance(body.get(name), str)]
    token = request.headers.get("authorization", "").partition(" ")[2]
    return [*found, token] if token else found
