"""The API as a client meets it: paths, tokens, access and limits, before a route answers."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from ..behaviour import Behaviour
from ..clock import Clock
from ..http.messages import ApiError, Request, Response
from .rate_limit import RateLimit
from .routes import TOKEN_ROUTE, Call, find
from .service import Service
from .tokens import Tokens

__all__ = ["Api", "ApiPath"]

_BASE = re.compile(r"/platform/(experimental|v1)/workspaces/(\d{1,18})/inputs/warehouse/(.*)")


@dataclass(frozen=True)
class ApiPath:
    """A path in parts."""

    version: str | None
    workspace: int | None
    rest: str
    """What follows the base; the whole path where it has none, and then version and workspace are None."""

    @classmethod
    def parse(cls, path: str) -> ApiPath:
        """Take a path apart."""
        match = _BASE.fullmatch(path)
        return cls(match[1], int(match[2]), match[3]) if match else cls(None, None, path.lstrip("/"))

    @property
    def is_token(self) -> bool:
        """Whether it is the token endpoint's."""
        return self.rest == TOKEN_ROUTE and self.workspace is None


class Api:
    """Answers the requests of the API and of the token endpoint."""

    def __init__(
        self,
        service: Service,
        tokens: Tokens,
        *,
        clock: Clock,
        behaviour: Callable[[], Behaviour],
        stopping: threading.Event,
    ) -> None:
        self._service = service
        self._tokens = tokens
        self._clock = clock
        self._behaviour = behaviour
        self._stopping = stopping
        self._rate_limit = RateLimit(clock)

    def handle(self, request: Request, path: ApiPath) -> Response:
        """Answer a request; raises ApiError where it is refused."""
        if path.is_token:
            return self._token(request)
        behaviour = self._behaviour()
        workspace = path.workspace
        if workspace is None:
            raise ApiError(404, "The requested resource was not found.")
        client = self._tokens.client_of(request.headers.get("authorization", ""))
        if client is None:
            raise ApiError(401, "Authentication failed.")
        if client in behaviour.forbidden_clients:
            raise ApiError(403, "The client is not authorized.")
        headers = self._rate_limit.spend(workspace, behaviour.rate_limit)
        if behaviour.workspaces is not None and workspace not in behaviour.workspaces:
            raise ApiError(404, f"Workspace {workspace} was not found.")
        route, names = find(request.method, path.rest)
        query = {name: values[-1] for name, values in request.query.items()}
        response = route.serve(self._service, Call(workspace, names, query, request.body))
        return replace(response, headers={**response.headers, **headers}) if headers else response

    def _token(self, request: Request) -> Response:
        if request.method != "POST":
            raise ApiError(405, f"{request.method} is not allowed here.", headers={"Allow": "POST"})
        behaviour = self._behaviour()
        self._clock.wait(behaviour.token_delay_seconds, self._stopping)
        return self._tokens.issue(request.content, seconds=behaviour.token_seconds, credentials=behaviour.credentials)
