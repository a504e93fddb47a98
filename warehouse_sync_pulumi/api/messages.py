"""A request and its answer, as this package hands them on: an answer is whole, whatever it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Request", "Response"]


@dataclass(frozen=True)
class Request:
    """What is asked of the service."""

    method: str
    url: str
    body: Any = field(default=None, repr=False)
    """A JSON value; None for a request without a body."""
    token: str = field(default="", repr=False)
    is_token_request: bool = False
    """Whether it asks for a token, which the service may issue twice."""

    @property
    def host(self) -> str:
        """Where it goes, without the port."""
        return urlsplit(self.url).hostname or ""

    @property
    def is_repeatable(self) -> bool:
        """Whether it may take effect twice."""
        return self.method != "POST" or self.is_token_request


@dataclass(frozen=True)
class Response:
    """What the service answers."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By their names in lower case. Of several with one name, the last."""
    content: bytes = field(default=b"", repr=False)

    @property
    def is_success(self) -> bool:
        """Whether what was asked for was done."""
        return 200 <= self.status <= 299  # noqa: PLR2004 - HTTP's own

    @property
    def is_redirect(self) -> bool:
        """Whether the answer is to be had elsewhere."""
        return 300 <= self.status <= 399  # noqa: PLR2004 - HTTP's own
