"""A request and its answer, apart from any socket."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal
from urllib.parse import parse_qsl

__all__ = ["ApiError", "Ending", "Request", "Response", "error_response", "json_response"]

Ending = Literal["whole", "reset", "close", "cut_body", "stall"]
"""How an answer leaves: whole; a reset connection or a closed one instead of any answer; cut in mid-body; or the
first half and then silence."""


@dataclass(frozen=True)
class Request:
    """What arrived."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    """Header names in lower case."""
    body: bytes = b""

    @cached_property
    def content(self) -> Any:
        """The body's JSON, or its form where its header says so; None where it is neither."""
        if self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return dict(parse_qsl(self.body.decode("utf-8", "replace")))
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True)
class Response:
    """What is to be sent."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    ending: Ending = "whole"
    changed: bool = False
    """Whether giving it changed what the emulator holds."""


class ApiError(Exception):
    """The API refuses a request.

    Attributes:
        status: the HTTP status. 505 is the documented "could not connect to the warehouse account".
        messages: one sentence for each thing that is wrong.
    """

    def __init__(self, status: int, *messages: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, *messages)
        self.status = status
        self.messages = messages
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """The refusal in the documented error form."""
        return error_response(self.status, *self.messages, headers=self.headers)


def json_response(status: int, value: Any, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with JSON."""
    return Response(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


def error_response(status: int, *messages: str, headers: Mapping[str, str] | None = None) -> Response:
    """Answer in the error form of the reference's one sample [page]."""
    body = {"statusCode": status, "errors": [{"message": message} for message in messages]}
    return json_response(status, body, headers)
