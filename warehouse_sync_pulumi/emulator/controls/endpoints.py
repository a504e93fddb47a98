"""The emulator's own controls over HTTP, for one that runs in another process: `/_emulator/…`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from ..behaviour import Behaviour, switches
from ..http.messages import ApiError, Request, Response, error_response, json_response
from ..service.models import KINDS
from ..service.routes import ROUTES
from .controls import Controls
from .faults import Fault

__all__ = ["CONTROLS", "ControlEndpoints"]

CONTROLS = (
    ("GET", "", "its URL, clock, workspaces, and how many requests and faults there are"),
    ("GET", "journal", "every request; `?method=` and `?path=` (a glob) choose"),
    ("DELETE", "journal", "clear the journal"),
    ("GET", "objects/{kind}", "the stored objects, secrets in clear; `?workspace_id=`"),
    ("PUT", "objects/{kind}/{id}", "store an object, unchecked"),
    ("PATCH", "objects/{kind}/{id}", "change fields of an object, unchecked"),
    ("DELETE", "objects/{kind}/{id}", "remove an object, even one in use"),
    ("POST", "runs/{pipeline}", "add a finished run"),
    ("GET", "clock", "the emulator's time"),
    ("POST", "clock", '`{"advance": seconds}`, `{"now": "2023-02-04T08:30:17Z"}` or `{"speed": 60}`'),
    ("DELETE", "tokens", "expire every token"),
    ("GET", "faults", "the faults that are set"),
    ("POST", "faults", "add a fault; the body has the fields of `Fault`"),
    ("POST", "faults/release", "release held requests"),
    ("DELETE", "faults", "remove all faults"),
    ("GET", "behaviour", "the values of the switches"),
    ("PATCH", "behaviour", "set switches"),
    ("GET", "routes", "every route and switch with its source"),
    ("DELETE", "", "remove every object, run, journal entry and fault"),
)


class ClockChange(BaseModel):
    """The body of `POST clock`."""

    speed: float | None = None
    """Emulator seconds per real second from now on."""
    now: datetime | None = None
    """The instant to jump to; without a zone, in the machine's own."""
    advance: float = 0
    """Seconds to move forward."""


class ControlEndpoints:
    """Answers the requests under `/_emulator`; the server listens on loopback alone."""

    def __init__(self, controls: Controls, url: Callable[[], str]) -> None:
        self._controls = controls
        self._url = url

    def handle(self, request: Request) -> Response:
        """Answer with JSON, a mistake in the API's error form."""
        try:
            return json_response(200, self._serve(request))
        except ApiError as error:
            return error.response()
        except (KeyError, IndexError):
            return error_response(404, "There is no such thing.")
        except ValidationError as error:
            return error_response(400, *(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()))
        except (TypeError, ValueError) as error:
            return error_response(400, str(error))

    def _serve(self, request: Request) -> Any:
        # A web page that resolves its own name to loopback must not read the stored secrets.
        if request.headers.get("host", "").rpartition(":")[0] not in ("127.0.0.1", "localhost"):
            raise ApiError(403, "The controls answer on 127.0.0.1 and localhost alone.")
        head, *rest = [part for part in request.path.split("/") if part][1:] or ["all"]
        serve: Callable[[Request, list[str]], Any] | None = getattr(self, f"_{request.method.lower()}_{head}", None)
        if serve is None:
            raise ApiError(404, "The emulator has no such control.")
        return serve(request, rest)

    def _get_all(self, _request: Request, _rest: list[str]) -> Any:
        controls = self._controls
        return {
            "url": self._url(),
            "now": controls.clock.now().isoformat(),
            "workspaces": controls.workspaces(),
            "requests": len(controls.journal),
            "faults": len(controls.faults),
            "warehouse": type(controls.warehouse).__name__ if controls.warehouse else None,
        }

    def _delete_all(self, _request: Request, _rest: list[str]) -> Any:
        self._controls.clear()
        return {}

    def _get_journal(self, request: Request, _rest: list[str]) -> Any:
        entries = self._controls.journal.filter(_one(request, "method"), _one(request, "path"))
        return [asdict(entry) for entry in entries]

    def _delete_journal(self, _request: Request, _rest: list[str]) -> Any:
        self._controls.journal.clear()
        return {}

    def _get_objects(self, request: Request, rest: list[str]) -> Any:
        return self._controls.objects(KINDS[rest[0]].collection, _workspace(request))

    def _put_objects(self, request: Request, rest: list[str]) -> Any:
        fields = {**_body(request), "id": rest[1]}
        fields.pop("workspace_id", None)
        return self._controls.put_object(KINDS[rest[0]].collection, _workspace(request), **fields)

    def _patch_objects(self, request: Request, rest: list[str]) -> Any:
        self._controls.change(KINDS[rest[0]].collection, rest[1], _workspace(request), **_body(request))
        return {}

    def _delete_objects(self, request: Request, rest: list[str]) -> Any:
        self._controls.remove(KINDS[rest[0]].collection, rest[1], _workspace(request))
        return {}

    def _post_runs(self, request: Request, rest: list[str]) -> Any:
        return self._controls.add_run(rest[0], _workspace(request), **_body(request))

    def _get_clock(self, _request: Request, _rest: list[str]) -> Any:
        return {"now": self._controls.clock.now().isoformat(), "speed": self._controls.clock.speed}

    def _post_clock(self, request: Request, rest: list[str]) -> Any:
        change, clock = ClockChange.model_validate(_body(request)), self._controls.clock
        if change.speed is not None:
            clock.run_at(change.speed)
        if change.now is not None:
            clock.set(change.now)
        clock.advance(seconds=change.advance)
        return self._get_clock(request, rest)

    def _delete_tokens(self, _request: Request, _rest: list[str]) -> Any:
        self._controls.tokens.revoke_all()
        return {}

    def _get_faults(self, _request: Request, _rest: list[str]) -> Any:
        return [armed.as_json() for armed in self._controls.faults]

    def _post_faults(self, request: Request, rest: list[str]) -> Any:
        if rest == ["release"]:
            self._controls.faults.release()
            return {}
        return self._controls.faults.add(Fault(**_body(request))).as_json()

    def _delete_faults(self, _request: Request, _rest: list[str]) -> Any:
        self._controls.faults.clear()
        return {}

    def _get_behaviour(self, _request: Request, _rest: list[str]) -> Any:
        return TypeAdapter(Behaviour).dump_python(self._controls.behaviour, mode="json")

    def _patch_behaviour(self, request: Request, rest: list[str]) -> Any:
        self._controls.set(**_body(request))
        return self._get_behaviour(request, rest)

    def _get_routes(self, _request: Request, _rest: list[str]) -> Any:
        return {
            "routes": [
                {"method": r.method, "path": r.path, "source": r.source, "text": r.text, "guesses": r.guesses}
                for r in ROUTES
            ],
            "switches": [{**asdict(switch), "default": repr(switch.default)} for switch in switches()],
        }


def _body(request: Request) -> dict[str, Any]:
    value = json.loads(request.body)
    if not isinstance(value, dict):
        raise TypeError("The body must be a JSON object.")
    return value


def _one(request: Request, name: str) -> str | None:
    values = request.query.get(name)
    return values[-1] if values else None


def _workspace(request: Request) -> int | None:
    text = _one(request, "workspace_id")
    return int(text) if text is not None else None
