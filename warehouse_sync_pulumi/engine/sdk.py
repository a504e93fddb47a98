"""All that is known of the inside of Pulumi's SDK, `pulumi.dynamic.__main__`. Private there: each use has a fallback.

The process that serves dynamic providers calls a provider's methods without the call's gRPC request and context. They
stand in local variables of the SDK's own frame, up the stack, and carry what a good provider needs:

- the context takes an error's one line in place of a traceback, and the properties of an object that exists already
  although its creation failed;
- the request names the resource, so that a message can be attached to it, and its address is known to be its own; and
  it says how long the program lets the operation take.

It also hands on less of a diff than the engine takes; what more there is goes into the answer while it is being made.

The thread pool of the server stands in a local variable of the main thread's frame; what the server does when the
engine asks it to cancel is a method of a class in its main module.

In the process that runs a program, the SDK does for each resource anew what once would do.
"""

from __future__ import annotations

import sys
import threading
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal

from pulumi import Output
from pulumi.dynamic import DiffResult

from ..errors import WarehouseSyncError
from . import wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import FrameType

    from pulumi import Resource
    from pulumi.dynamic import ResourceProvider

__all__ = [
    "DetailedDiff",
    "answer_error",
    "answer_incomplete",
    "await_only",
    "cancellation",
    "debug",
    "engine_address",
    "ignored",
    "lift_concurrency_limit",
    "log",
    "mocked",
    "serialised",
    "tell",
    "timeout",
    "urn",
    "with_children",
]

_WORKERS = 64
"""The engine decides how many calls it makes at once, by `--parallel`; this only has to be more."""


def _frame_with(names: set[str], frame: FrameType | None) -> dict[str, Any] | None:
    """The local variables of the nearest frame of the SDK's server that has these."""
    while frame is not None:
        if _is_of_the_server(frame.f_code.co_filename):
            variables = dict(frame.f_locals)  # from Python 3.13 on no dict, and its keys are no set
            if names <= variables.keys():
                return variables
        frame = frame.f_back
    return None


@cache
def _is_of_the_server(filename: str) -> bool:
    return filename.replace("\\", "/").endswith("pulumi/dynamic/__main__.py")


def _call() -> dict[str, Any] | None:
    return _frame_with({"request", "context"}, sys._getframe())  # noqa: SLF001 - see above


def urn() -> str | None:
    """The URN of the resource that is being worked on; None where it cannot be known."""
    call = _call()
    found = getattr(call["request"], "urn", None) if call is not None else None
    return str(found) if found else None


def timeout() -> float | None:
    """Seconds that the program's `custom_timeouts` give this create, update or delete; None where it does not say."""
    call = _call()
    return getattr(call["request"], "timeout", None) or None if call is not None else None


def ignored() -> frozenset[str]:
    """The arguments that the program's `ignore_changes` names."""
    call = _call()
    return frozenset(getattr(call["request"], "ignoreChanges", ()) if call is not None else ())


def answer_error(message: str) -> None:
    """Let the engine show this text for the exception that is about to be raised, in place of its traceback."""
    if (call := _call()) is not None:
        call["context"].set_trailing_metadata(((wire.DETAILS, wire.status(message)),))


def answer_incomplete(message: str, *, id_: str, outputs: Mapping[str, Any]) -> None:
    """As `answer_error`; and let the engine keep the object's id and outputs, so that the next `up` updates it."""
    call = _call()
    if call is None:
        return
    from google.protobuf.struct_pb2 import Struct

    request = call["request"]
    inputs = request.news if hasattr(request, "news") else request.properties  # of an update, or of a create
    kept = Struct()
    kept.update({key: value for key, value in outputs.items() if value is not None})
    kept["__provider"] = inputs["__provider"]
    status = wire.incomplete(message, id_=id_, outputs=kept, inputs=inputs)
    call["context"].set_trailing_metadata(((wire.DETAILS, status),))


class DetailedDiff(DiffResult):
    """A diff that says which inputs change, and how.

    Without it the engine shows all inputs, changed or not, and in a replacement every field that the server had made as
    one that is taken away.
    """

    def __init__(
        self,
        changes: Mapping[str, Literal["ADD", "DELETE", "UPDATE"]],
        replaces: Iterable[str],
        *,
        delete_before_replace: bool,
    ) -> None:
        super().__init__(bool(changes), sorted(replaces))
        self._changes = changes
        self._delete_before_replace = delete_before_replace

    @property
    def delete_before_replace(self) -> bool:
        """The last thing that the SDK asks for, with the fields of its answer in hand."""
        answer = _frame_with({"result", "fields"}, sys._getframe())  # noqa: SLF001 - see above
        if answer is not None:
            from pulumi.runtime.proto.provider_pb2 import PropertyDiff

            replacing = dict.fromkeys(self.replaces or (), "_REPLACE")
            answer["fields"]["hasDetailedDiff"] = True
            answer["fields"]["detailedDiff"] = {
                name: PropertyDiff(kind=PropertyDiff.Kind.Value(change + replacing.get(name, "")), inputDiff=True)
                for name, change in self._changes.items()
            }
        return self._delete_before_replace

    @delete_before_replace.setter
    def delete_before_replace(self, value: bool | None) -> None:
        self._delete_before_replace = bool(value)


def await_only(name: str, resource: Resource) -> None:
    """Let the program wait for one output of a resource, since one answer of the engine resolves all of them.

    The SDK waits for each, and begins anew with all that are left when one is there: the time is as the square of their
    number. What comes of an output that a program uses is waited for in any case.
    """
    if not hasattr(Output, "_untrack"):  # an output itself has every attribute: it makes one of each
        return
    for other, output in vars(resource).items():
        if other != name and isinstance(output, Output):
            output._untrack()  # noqa: SLF001 - see above


async def with_children(resources: Iterable[Resource]) -> list[Resource]:
    """The resources, and what stands below those that are components: as the SDK waits for them."""
    from pulumi.runtime import rpc

    expand = getattr(rpc, "_expand_dependencies", None)
    return list(resources) if expand is None else list((await expand(resources, None)).values())


def serialised(provider: ResourceProvider) -> str:
    """A provider as it stands in the state, in the `__provider` of each of its resources."""
    from pulumi.dynamic.dynamic import serialize_provider

    text: str = serialize_provider(provider)
    return text


def log(message: str, *, severity: str = "INFO") -> None:
    """Show a message at the resource that is being worked on; elsewhere, on standard error.

    `severity` is DEBUG, INFO, WARNING or ERROR.
    """
    wire.log(engine_address(), urn(), message, severity=severity)


def tell(message: str) -> None:
    """Show a message at the resource that is being worked on while it waits; raises when the engine is gone."""
    wire.tell(engine_address(), urn(), message)


def debug(message: str) -> None:
    """Show a message at the resource that is being worked on, where `--debug` asks for such; nobody waits for it."""
    if (address := engine_address()) is not None:
        wire.debug(address, urn(), message)


def engine_address() -> str | None:
    """The engine's address, which is the server's first argument."""
    return sys.argv[1] if _call() is not None and len(sys.argv) > 1 else None


def lift_concurrency_limit() -> None:
    """Lift the server's limit of four calls at a time: a thread pool grows when its maximum is raised."""
    main = sys._current_frames().get(threading.main_thread().ident or 0)  # noqa: SLF001 - see above
    variables = _frame_with({"server"}, main)
    pool = getattr(getattr(variables and variables["server"], "_state", None), "thread_pool", None)
    if getattr(pool, "_max_workers", _WORKERS) < _WORKERS:
        pool._max_workers = _WORKERS  # type: ignore[union-attr]  # noqa: SLF001 - see above


_cancelled = threading.Event()


@cache
def cancellation() -> threading.Event:
    """Raised when somebody interrupts `pulumi`: the engine then asks the server to cancel, and waits for what it does.

    The server answers and does nothing. It holds bound methods of its class, so that only the code of the method's
    function can be exchanged. Where there is no such method, the event is never set, and work goes on to its end.
    """
    servicer = getattr(sys.modules["__main__"], "DynamicResourceProviderServicer", None)
    method = getattr(servicer, "Cancel", None)
    if isinstance(method, FunctionType) and method.__code__.co_argcount == _cancel.__code__.co_argcount:
        method.__code__ = _cancel.__code__
    return _cancelled


def _cancel(_self: Any, _request: Any, _context: Any) -> Any:
    """What the server does when it is asked to cancel; its code runs among the names of the server's own module."""
    from google.protobuf.empty_pb2 import Empty

    from warehouse_sync_pulumi.engine.sdk import _cancelled

    _cancelled.set()
    return Empty()


def mocked(function: str, given: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the mocks of a program's unit test answer to a function; None where there are none.

    Raises WarehouseSyncError for the failures that they answer, pairs of an argument and a reason.
    """
    from pulumi.runtime import settings
    from pulumi.runtime.mocks import MockCallArgs, MockMonitor

    monitor = getattr(settings.SETTINGS, "monitor", None)
    if not isinstance(monitor, MockMonitor):
        return None
    args = {name: value for name, value in given.items() if value is not None}
    answer: Any = monitor.mocks.call(MockCallArgs(token=function, args=args, provider=""))
    found: Mapping[str, Any]
    found, failures = answer[:2] if isinstance(answer, tuple) else (answer, None)
    if failures:
        reasons = "; ".join(f"{reason} ({argument})" for argument, reason in failures)
        raise WarehouseSyncError(f"{function} failed: {reasons}")
    return found
