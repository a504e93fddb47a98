"""Every route of the API, and where each one comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..behaviour import Source
from ..http.messages import ApiError, Response, json_response
from .models import KINDS, Kind, Pipeline
from .service import Service

__all__ = ["ROUTES", "TOKEN_ROUTE", "Call", "Route", "find"]


@dataclass(frozen=True)
class Call:
    """A request, once its route is known."""

    workspace: int
    names: Mapping[str, str]
    """The path's parameters: `id`, `run`."""
    query: Mapping[str, str]
    raw_body: bytes

    def body(self) -> dict[str, Any]:
        """The JSON object that was sent; 400 when there is none."""
        try:
            value = json.loads(self.raw_body)
        except (ValueError, RecursionError):
            raise ApiError(400, "The request body is not valid JSON.") from None
        if not isinstance(value, dict):
            raise ApiError(400, "The request body must be a JSON object.")
        return value


@dataclass(frozen=True)
class Route:
    """A method and a path under the base."""

    method: str
    path: str
    source: Source
    text: str
    serve: Callable[[Service, Call], Response]
    guesses: tuple[str, ...] = ()
    """The switches of `Behaviour` that decide what the API reference leaves open here."""


def _changed(value: dict[str, Any]) -> Response:
    return replace(json_response(200, value), changed=True)


_BODY_GUESSES = ("workspace_mismatch", "accept_any_type", "unknown_field", "explicit_null", "trim_strings", "time_form")


def _routes_of(kind: Kind) -> list[Route]:
    fills = {"data-models": ("fill_offset",), "pipelines": ("fill_start_time", "fill_feed_id")}
    refers = ("missing_reference", "max_active_pipelines") if kind is Pipeline else ()
    body = (*_BODY_GUESSES, *fills.get(kind.collection, ()), *refers, "fill_unset")
    label = kind.label.lower()
    in_use = () if kind is Pipeline else ("delete_in_use",)
    put = ("body_id_mismatch", "type_change", "put_absent", "put_absent_secret", "secret_mask")
    one = f"{kind.collection}/{{id}}"

    def delete(service: Service, call: Call) -> Response:
        return Response(204, changed=service.delete(kind, call.workspace, call.names["id"]))

    return [
        Route(
            "GET",
            kind.collection,
            "page",
            f"every {label} of the workspace, as a bare array (`?type=`: recorded)",
            lambda s, c: json_response(200, s.list(kind, c.workspace, c.query.get("type"))),
        ),
        Route(
            "GET",
            one,
            "recorded" if kind is Pipeline else "page",  # the reference leaves a single pipeline out
            f"one {label}",
            lambda s, c: json_response(200, s.get(kind, c.workspace, c.names["id"])),
            ("visible_after_seconds",),
        ),
        Route(
            "POST",
            kind.collection,
            "page",
            f"create a {label}; answers 200 (recorded)",
            lambda s, c: _changed(s.create(kind, c.workspace, c.body())),
            ("duplicate_status", *body),
        ),
        Route(
            "PUT",
            one,
            "page",
            f"replace a {label}",
            lambda s, c: _changed(s.update(kind, c.workspace, c.names["id"], c.body())),
            (*put, *body),
        ),
        Route("DELETE", one, "page", f"delete a {label}; answers 204", delete, ("delete_missing", *in_use)),
    ]


ROUTES: tuple[Route, ...] = (
    *(route for kind in KINDS.values() for route in _routes_of(kind)),
    Route(
        "POST",
        "pipelines/{id}",
        "page",
        "trigger a run; 400 when the pipeline is not idle",
        lambda s, c: _changed(s.trigger(c.workspace, c.names["id"])),
        ("trigger_inactive", "phase_seconds", "run_outcome", "run_records", "run_fault"),
    ),
    Route(
        "GET",
        "pipelines/{id}/status",
        "page",
        "a pipeline's status and its latest run",
        lambda s, c: json_response(200, s.status(c.workspace, c.names["id"])),
        ("latest_run", "status_after_seconds"),
    ),
    Route(
        "GET",
        "pipelines/{id}/status/runs",
        "page",
        "a page of a pipeline's runs",
        lambda s, c: json_response(200, s.run_list(c.workspace, c.names["id"], c.query)),
        ("first_page", "page_size", "run_order"),
    ),
    Route(
        "GET",
        "pipelines/{id}/status/runs/{run}",
        "page",
        "one run of a pipeline",
        lambda s, c: json_response(200, s.run(c.workspace, c.names["id"], c.names["run"])),
    ),
)

TOKEN_ROUTE = "oauth/token"  # noqa: S105 - a path
"""Has a host of its own [recorded]; the emulator serves it beside the API."""

_PATTERNS = [(re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", route.path)), route) for route in ROUTES]


def find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """The route of a request and its path's parameters; 404 or 405 when there is none."""
    matches = [(route, match.groupdict()) for pattern, route in _PATTERNS if (match := pattern.fullmatch(path))]
    for route, names in matches:
        if route.method == method:
            return route, names
    if matches:
        allowed = ", ".join(sorted({route.method for route, _ in matches}))
        raise ApiError(405, f"{method} is not allowed here.", headers={"Allow": allowed})
    raise ApiError(404, "The requested resource was not found.")
