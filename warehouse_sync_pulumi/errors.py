"""The failures that a user can act on.

Each is one line: what was attempted, on which object in which workspace, what the API said, and what to do. None
carries a secret. As a `pulumi.RunError` it ends a program without a traceback. Anything else that is raised is a
defect, and keeps its traceback.

WarehouseSyncError
├── SettingError           a setting is missing or cannot be used
├── SecretMissingError     a secret is needed for a write, and nobody gave it
├── ExistsError            there is an object that is not known to be this resource's, or that the program declares
├── RunFailedError         a run ended otherwise than wanted
├── IncompleteError        the object exists but is not yet as the program wants it: its id must be kept
└── ApiError               the service, or the way to it, failed
    ├── UnreachableError       no connection was made: the request had no effect
    ├── AnswerLostError        the request may have taken effect; the answer never came or cannot be read
    └── StatusError            the API refused
        ├── BadRequestError        400 and 409: it cannot be done, or not now
        ├── CredentialError        401 and 403
        ├── NotFoundError          404
        └── WarehouseError         505: the API could not reach the warehouse account
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import pulumi

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

__all__ = [
    "AnswerLostError",
    "ApiError",
    "BadRequestError",
    "CredentialError",
    "ExistsError",
    "IncompleteError",
    "NotFoundError",
    "RunFailedError",
    "SecretMissingError",
    "SettingError",
    "StatusError",
    "UnreachableError",
    "WarehouseError",
    "WarehouseSyncError",
    "shows_tracebacks",
]


def shows_tracebacks() -> bool:
    """Whether somebody wants to see where a failure comes from: `WAREHOUSE_SYNC_DEBUG=1`."""
    return os.environ.get("WAREHOUSE_SYNC_DEBUG") == "1"


class WarehouseSyncError(pulumi.RunError):
    """A failure that a user can act on; its text is one line."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Exception's own would lose what the constructor takes by name, and then could not be copied nor unpickled.
        return partial(type(self), **self._named()), self.args

    def _named(self) -> dict[str, Any]:
        """The constructor's arguments besides the message."""
        return {}


class SettingError(WarehouseSyncError):
    """A setting is missing or cannot be used."""


class SecretMissingError(WarehouseSyncError):
    """A secret is needed for a write, and neither the program nor the state has it."""


class ExistsError(WarehouseSyncError):
    """The id is taken by an object that is not known to be this resource's, or what is deleted is still declared."""


class RunFailedError(WarehouseSyncError):
    """A run ended otherwise than wanted, or could not begin because another one did not end."""


class IncompleteError(WarehouseSyncError):
    """The object exists, but a step after its creation failed: what is known of it belongs in the state."""

    def __init__(self, message: str, *, id_: str, outputs: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.id = id_
        self.outputs = outputs

    def _named(self) -> dict[str, Any]:
        return {"id_": self.id, "outputs": self.outputs}


class ApiError(WarehouseSyncError):
    """The service, or the way to it, failed."""


class UnreachableError(ApiError):
    """No connection was made, so the request had no effect."""


class AnswerLostError(ApiError):
    """The request may have taken effect: its answer never came, or cannot be read."""


class StatusError(ApiError):
    """The API refused the request.

    `status` is the HTTP status code.
    """

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status

    def _named(self) -> dict[str, Any]:
        return {"status": self.status}


class BadRequestError(StatusError):
    """400 or 409: it cannot be done, or not now."""


class CredentialError(StatusError):
    """401 or 403: the credential is wrong, or may not do this."""


class NotFoundError(StatusError):
    """404: there is no such thing, or the credential may not see it."""


class WarehouseError(StatusError):
    """505: the API could not reach the warehouse account. Not HTTP's meaning of 505, and not worth a retry."""
