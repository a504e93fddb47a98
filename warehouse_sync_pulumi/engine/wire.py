"""What both hosts say to the engine beyond the answers of their calls: failures, and messages at a resource."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from typing import Any

from ..errors import UnreachableError

__all__ = ["DETAILS", "debug", "incomplete", "log", "status", "tell"]

DETAILS = "grpc-status-details-bin"
"""The trailing metadata that carries a status."""
_UNKNOWN = 2
"""gRPC's code for an error without one, as the SDK uses it."""
_LOG_TIMEOUT = 5.0
"""Seconds."""


def status(message: str, *details: Any) -> bytes:
    """A failure that the engine shows as this text; details are more that it can take."""
    found = _status_pb2().Status(code=_UNKNOWN, message=message)
    for detail in details:
        found.details.add().Pack(detail)
    serialised: bytes = found.SerializeToString()
    return serialised


def incomplete(message: str, *, id_: str, outputs: Any, inputs: Any) -> bytes:
    """As `status`, of an object that is there all the same: the engine keeps it, and the next `up` updates it."""
    from pulumi.runtime.proto import provider_pb2

    detail = provider_pb2.ErrorResourceInitFailed(id=id_, reasons=[message])
    detail.inputs.CopyFrom(inputs)
    detail.properties.CopyFrom(outputs)
    return status(message, detail)


def log(engine: str | None, urn: str | None, message: str, *, severity: str) -> None:
    """Show a message at a resource; without an engine's address, on standard error."""
    # The work goes on when nobody listens any more: a killed engine must not make an orphan of what is being created.
    with suppress(Exception):
        _log(engine, urn, message, severity=severity, ephemeral=False)


def tell(engine: str | None, urn: str | None, message: str) -> None:
    """Show a message at a resource while a wait lasts, and do not keep it.

    Raises UnreachableError when the engine is gone: what waits to be sent would meet a service that others have changed
    meanwhile, and nobody would note it.
    """
    import grpc

    try:
        _log(engine, urn, message, severity="INFO", ephemeral=True)
    except Exception as error:  # noqa: BLE001 - as in `log`, but for the one that counts
        if isinstance(error, grpc.RpcError) and error.code() == grpc.StatusCode.UNAVAILABLE:
            raise UnreachableError(f"{message}; pulumi has ended, and nothing more is sent") from None


def _log(engine: str | None, urn: str | None, message: str, *, severity: str, ephemeral: bool) -> None:
    if not engine:
        sys.stderr.write(f"{severity.lower()}: {message}\n")
        return
    from pulumi.runtime.proto import engine_pb2

    request = engine_pb2.LogRequest(
        severity=getattr(engine_pb2.LogSeverity, severity), message=message, urn=urn or "", ephemeral=ephemeral
    )
    _engine_stub(engine).Log(request, timeout=_LOG_TIMEOUT)


def debug(engine: str, urn: str | None, message: str) -> None:
    """Show a message at a resource where `--debug` asks for such; nobody waits for it."""
    from pulumi.runtime.proto import engine_pb2

    request = engine_pb2.LogRequest(severity=engine_pb2.DEBUG, message=message, urn=urn or "")
    with suppress(Exception):
        _engine_stub(engine).Log.future(request, timeout=_LOG_TIMEOUT)


@cache
def _engine_stub(address: str) -> Any:
    import grpc
    from pulumi.runtime.proto import engine_pb2_grpc

    return engine_pb2_grpc.EngineStub(grpc.insecure_channel(address))


def _status_pb2() -> Any:
    """The module of `google.rpc.Status`. A process can have only one of the two that there are."""
    if "google.rpc.status_pb2" in sys.modules:
        return sys.modules["google.rpc.status_pb2"]
    from pulumi.runtime.proto import status_pb2

    return status_pb2
