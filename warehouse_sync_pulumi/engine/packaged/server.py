"""The packaged provider: Pulumi's gRPC service of a provider, answered by the managers.

It implements the protocol itself: the SDK's own way to write a provider in Python shows every failure with a traceback,
and keeps nothing of what was half done.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from ... import lifecycle
from ...config import NAMESPACE, Settings
from ...errors import WarehouseSyncError
from ...schema import Problem, number
from ..spelling import PROVIDER_KEY, camel, snake
from ..urn import name_in, type_in
from .calls import Engine
from .configuration import changed_settings, checked_settings, received_settings, settings_of
from .values import UNKNOWN, Received, received, sent

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from ..manager import Manager
    from .package import Package, Resource

__all__ = ["Servicer", "listening", "serve"]

_WORKERS = 64
"""The engine decides how many calls it makes at once, by `--parallel`; this only has to be more."""
_LARGEST_MESSAGE = 400 * 1024 * 1024
"""Bytes, as in Pulumi's SDKs."""


def _answered(method: Callable[[Servicer, Any], Any]) -> Callable[[Servicer, Any, Any], Any]:
    @wraps(method)
    def answer(self: Servicer, request: Any, context: Any) -> Any:
        with self.engine.calls(request, context):
            return method(self, request)

    return answer


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Answers what the engine asks of a packaged provider."""

    def __init__(self, package: Package, address: str | None = None) -> None:
        names = {name for resource in package.resources.values() for name in resource.names}
        self.engine = Engine(address, names)
        self._package = package
        self._settings = Settings()
        self._is_configured = False
        self._managers: dict[str, Manager] = {}
        self._configure()

    def _configure(self) -> None:
        resources = self._package.resources.items()
        self._managers = {name: it.manager_class(it.kind, self.engine, self._settings) for name, it in resources}

    # --- the provider

    @_answered
    def Handshake(self, request: Any) -> Any:
        """Agree on what both sides know."""
        self.engine.address = request.engine_address or self.engine.address
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    @_answered
    def Attach(self, request: Any) -> Any:
        """Serve an engine that did not start this process."""
        self.engine.attach(request.address)
        return Empty()

    @_answered
    def GetPluginInfo(self, _request: Any) -> Any:
        """Tell the version."""
        return plugin_pb2.PluginInfo(version=self._package.version())

    @_answered
    def GetSchema(self, _request: Any) -> Any:
        """Tell what there is, for programs and for what writes SDKs."""
        return provider_pb2.GetSchemaResponse(schema=self._package.schema())

    @_answered
    def CheckConfig(self, request: Any) -> Any:
        """Say what is wrong with the provider's configuration, and what of it is secret."""
        given = received_settings(request.news)
        inputs, secret, failures = checked_settings(request.news, given)
        return provider_pb2.CheckResponse(inputs=sent(inputs, secret), failures=self._failures(failures))

    @_answered
    def DiffConfig(self, request: Any) -> Any:
        """Say what changes.

        A changed provider replaces nothing. A resource that goes over to a provider that asks another address is
        replaced: its object is not there. The engine asks about both alike, but a provider whose own configuration
        changes before it is configured.
        """
        olds, news = received_settings(request.olds), received_settings(request.news)
        changed, warnings = changed_settings(olds, news, request.urn)
        moved = ["apiUrl"] if self._is_configured and "apiUrl" in warnings else []
        for warning in () if moved else warnings.values():
            self.engine.log(warning, severity="WARNING")
        return provider_pb2.DiffResponse(changes=_changes(changed or moved), replaces=moved)

    @_answered
    def Configure(self, request: Any) -> Any:
        """Take the configuration; called once, before anything that is about a resource."""
        self._settings = settings_of(received_settings(request.args), request.urn)
        self._is_configured = True
        self._configure()
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @_answered
    def Cancel(self, _request: Any) -> Any:
        """Let waits end: somebody interrupts `pulumi`."""
        self.engine.cancellation().set()
        return Empty()

    # gRPC's own way to a thread for one method: the other calls may all be waiting, for this one.
    Cancel.experimental_thread_pool = ThreadPoolExecutor(1)  # type: ignore[attr-defined]

    # --- resources

    @_answered
    def Check(self, request: Any) -> Any:
        """Say what the program means, and all that is wrong with it."""
        resource, manager = self._about(request.urn)
        kind, olds, news = resource.kind, received(request.olds), received(request.news)
        wire = request.news.fields
        given = {name: value for name, value in news.values.items() if name in kind.fields and camel(name) in wire}
        if kind.id_argument in kind.fields:
            given.setdefault(kind.id_argument, name_in(request.urn))
        given[lifecycle.MARKED_SECRET] = sorted(news.secret)
        given[lifecycle.EXPLICIT_NONE] = sorted(name for name in kind.nullable & news.empty if camel(name) in wire)
        checked = manager.check(olds.values, given)
        inputs = sent(checked.inputs, news.secret | kind.secrets)
        # An argument has one name: not Python's besides.
        unknown = [name for name in wire.keys() - set(map(camel, kind.fields)) if not name.startswith("_")]
        refused = [provider_pb2.CheckFailure(reason=kind.no_such_argument(name, camel)) for name in sorted(unknown)]
        if refused:
            manager.ownership.fail()
        return provider_pb2.CheckResponse(inputs=inputs, failures=[*refused, *self._failures(checked.failures)])

    @_answered
    def Diff(self, request: Any) -> Any:
        """Say what an update would change."""
        _, manager = self._about(request.urn)
        olds, news = received(request.olds), received(request.news)
        difference = manager.diff(_id(request.id)[1], olds.values, news.values)
        kinds = provider_pb2.PropertyDiff.Kind
        detailed = {
            camel(name): provider_pb2.PropertyDiff(
                kind=kinds.Value(change + ("_REPLACE" if name in difference.replaces else "")), inputDiff=True
            )
            for name, change in difference.changed.items()
        }
        if olds.is_dynamic and not detailed:
            # Without a step of its own the state would keep the old names, and a program would lose its outputs.
            detailed = {PROVIDER_KEY: provider_pb2.PropertyDiff(kind=kinds.Value("DELETE"), inputDiff=True)}
        return provider_pb2.DiffResponse(
            changes=_changes(detailed or difference.is_unfinished),
            replaces=sorted(map(camel, difference.replaces)),
            deleteBeforeReplace=difference.delete_first,
            detailedDiff=detailed,
            hasDetailedDiff=bool(detailed),
        )

    @_answered
    def Create(self, request: Any) -> Any:
        """Create the object; in a preview, say what is known of it."""
        resource, manager = self._about(request.urn)
        inputs = received(request.properties)
        secret = self._secret(resource, inputs)
        if request.preview:
            outputs = _unknown(resource.server_made) | inputs.values
            return provider_pb2.CreateResponse(properties=sent(outputs, secret))
        created = manager.create(inputs.values)
        return provider_pb2.CreateResponse(id=created.id, properties=sent(created.outputs, secret))

    @_answered
    def Read(self, request: Any) -> Any:
        """Read the object as it is now: of this stack, to be imported, or of somebody else."""
        resource, manager = self._about(request.urn)
        olds, inputs = received(request.properties), received(request.inputs)
        workspace_id, id_ = _id(request.id)
        known = dict(olds.values or inputs.values)
        if workspace_id is not None:
            known["workspace_id"] = workspace_id
        read = manager.read(id_, known)
        if read is None:
            return provider_pb2.ReadResponse(id="")
        secret = self._secret(resource, olds, inputs)
        return provider_pb2.ReadResponse(
            id=id_, properties=sent(read.outputs, secret), inputs=sent(read.inputs, secret)
        )

    @_answered
    def Update(self, request: Any) -> Any:
        """Make the object as the program says; in a preview, say what is known of it."""
        resource, manager = self._about(request.urn)
        olds, news = received(request.olds), received(request.news)
        secret = self._secret(resource, news)
        if olds.is_dynamic and manager.is_up_to_date(_id(request.id)[1], olds.values, news.values):
            return provider_pb2.UpdateResponse(properties=sent(olds.values, secret))
        if request.preview:
            left = {name: olds.values.get(name) for name in olds.values.get(lifecycle.DEFAULTS, ())}
            outputs = _unknown(resource.outputs - resource.kind.fields.keys()) | left | news.values
            return provider_pb2.UpdateResponse(properties=sent(outputs, secret))
        return provider_pb2.UpdateResponse(properties=sent(manager.update(olds.values, news.values), secret))

    @_answered
    def Delete(self, request: Any) -> Any:
        """Delete the object."""
        _, manager = self._about(request.urn)
        manager.delete(_id(request.id)[1], received(request.properties).values)
        return Empty()

    @_answered
    def Invoke(self, request: Any) -> Any:
        """Answer a function."""
        values = received(request.args).values
        given = {name: values[snake(name)] for name in request.args.fields if snake(name) in values}
        found = self._package.invoke(request.tok.rpartition(":")[2], self._settings, given, self.engine)
        return provider_pb2.InvokeResponse(**{"return": sent(found)})

    def _about(self, urn: str) -> tuple[Resource, Manager]:
        """The kind of a resource, by its URN."""
        type_ = type_in(urn)
        package, _, name = type_.partition(":index:")
        if package != NAMESPACE or name not in self._managers:
            raise WarehouseSyncError(f"this provider has no resource of the type {type_}")
        return self._package.resources[name], self._managers[name]

    def _secret(self, resource: Resource, *known: Received) -> AbstractSet[str]:
        """The outputs that are secret. What was sent may hold what the program marked as a secret."""
        names = {lifecycle.SENT, *resource.kind.secrets}.union(*(values.secret for values in known))
        self.engine.keeps_secret(names)
        return names

    def _failures(self, problems: list[Problem]) -> list[Any]:
        return [
            provider_pb2.CheckFailure(property=camel(problem.argument), reason=self.engine.spelled(problem.reason))
            for problem in problems
        ]


def listening(servicer: Servicer) -> tuple[Any, int]:
    """A server that answers on a port of its own."""
    server = grpc.server(
        ThreadPoolExecutor(_WORKERS),
        options=[
            ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
            ("grpc.max_send_message_length", _LARGEST_MESSAGE),
        ],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def serve(package: Package) -> None:
    """Serve the engine whose address is the first argument, until it ends this process or is gone."""
    server, port = listening(Servicer(package, sys.argv[1] if len(sys.argv) > 1 else None))
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    # By which the engine ends a provider; what a shell starts in the background would ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parent, never = os.getppid(), threading.Event()
    try:
        while os.getppid() == parent:
            never.wait(1)
        server.stop(grace=_FINISH).wait()  # the engine was killed: what is being created is seen through
    except KeyboardInterrupt:
        server.stop(0)


_FINISH = 600.0
"""Seconds that calls under way may take when nobody waits for them any more."""


def _changes(found: object) -> Any:
    return provider_pb2.DiffResponse.DIFF_SOME if found else provider_pb2.DiffResponse.DIFF_NONE


def _unknown(names: AbstractSet[str]) -> dict[str, Any]:
    return dict.fromkeys(names, UNKNOWN)


def _id(text: str) -> tuple[int | None, str]:
    """The workspace that an id names, where it names one, and the API's id: `1234/orders`, or `orders`."""
    workspace, _, id_ = text.rpartition("/")
    if not workspace:
        return None, id_
    try:
        return number(workspace), id_
    except ValueError:
        raise WarehouseSyncError(f"{text!r} is not an id: give ID, or WORKSPACE/ID") from None
