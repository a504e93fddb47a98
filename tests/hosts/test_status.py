"""A failure of one line is told by `google.rpc.Status`, of which a process can have only one module."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
