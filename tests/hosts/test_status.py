"""A failure of one line is told by `google.rpc.Status`, of which a process can have only one module."""

from __future__ import annotations

import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2_grpc

from warehouse_sync_pulumi.engine import wire
from warehouse_sync_pulumi.errors import UnreachableError

ANSWER = """
from warehouse_sync_pulumi.engine import sdk
class Context:
    def set_trailing_metadata(self, metadata): self.metadata = metadata
context = Context()
sdk._call = lambda: {"request": None, "context": context}
sdk.answer_error("cannot create connection 'orders'")
((name, status),) = context.metadata
assert name == "grpc-status-details-bin" and b"cannot create connection 'orders'" in status
"""


@pytest.mark.parametrize("other", ["google.rpc.status_pb2", "pulumi.runtime.proto.status_pb2", "pulumi.provider"])
def test_a_failure_is_told_whichever_module_the_process_has_already(other):
    subprocess.run([sys.executable, "-c", f"import {other}\n{ANSWER}"], check=True)


class Engine(engine_pb2_grpc.EngineServicer):
    """Notes what it is told."""

    def __init__(self):
        self.told = []

    def Log(self, request, _context):  # noqa: N802 - gRPC's name
        self.told.append((request.message, request.urn, request.ephemeral))
        return Empty()


def test_what_a_wait_tells_is_not_kept_and_all_else_is():
    engine, server = Engine(), grpc.server(ThreadPoolExecutor(1))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        wire.tell(address, "one", "waiting")
        wire.log(address, None, "taken over", severity="INFO")
        wire.tell(address, "one", "\ud800 cannot be told, and stops nothing")
    finally:
        server.stop(0).wait()
    assert engine.told == [("waiting", "one", True), ("taken over", "", False)]


def test_a_wait_ends_when_the_engine_is_gone_and_what_is_under_way_goes_on():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        gone = "{}:{}".format(*taken.getsockname())
        with pytest.raises(UnreachableError, match="503; pulumi has ended, and nothing more is sent"):
            wire.tell(gone, None, "the API answered 503")
        wire.log(gone, None, "taken over", severity="INFO")
