"""One resource's life through its provider class, with the values that Pulumi's engine would hand over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from warehouse_sync_pulumi.connection import ConnectionProvider
from warehouse_sync_pulumi.data_model import DataModelProvider
from warehouse_sync_pulumi.engine.operation import operation
from warehouse_sync_pulumi.pipeline import PipelineProvider

PROVIDERS = {"connections": ConnectionProvider, "data-models": DataModelProvider, "pipelines": PipelineProvider}


def new_process():
    """Forget what the program declared: the engine starts a provider's process for each operation."""
    operation.cache_clear()


def carried(values: dict[str, Any]) -> dict[str, Any]:
    """Values after their way through the engine: every number a float, what is None gone."""
    message = struct_pb2.Struct()
    message.update({key: value for key, value in values.items() if value is not None})
    return rpc.deserialize_properties(message)


@dataclass
class Life:
    """What the engine does with one resource, and what it keeps in the state."""

    collection: str
    id: str = ""
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)

    @property
    def provider(self):
        return PROVIDERS[self.collection]()

    def checked(self, program):
        """The inputs that a program means; it must be valid."""
        result = self.provider.check(carried(self.inputs), carried(program))
        assert not result.failures, [(failure.property, failure.reason) for failure in result.failures]
        return carried(result.inputs)

    def up(self, program):
        """Deploy: create, update or neither. Says which."""
        new_process()
        news = self.checked(program)
        if not self.id:
            created = self.provider.create(news)
            self.id, self.outputs, done = created.id, carried(created.outs), "create"
        elif (difference := self.provider.diff(self.id, carried(self.outputs), news)).changes:
            assert not difference.replaces
            self.outputs, done = carried(self.provider.update(self.id, carried(self.outputs), news).outs), "update"
        else:
            done = "same"
        self.inputs = news
        return done

    def differs(self, program):
        """Whether a preview shows a change."""
        return self.provider.diff(self.id, carried(self.outputs), self.checked(program)).changes

    def refresh(self):
        """Read, and keep what was read."""
        new_process()
        read = self.provider.read(self.id, carried(self.outputs))
        self.id, self.outputs, self.inputs = read.id or "", carried(read.outs), carried(read.inputs or {})

    def destroy(self):
        new_process()
        self.provider.delete(self.id, carried(self.outputs))
        self.id, self.outputs, self.inputs = "", {}, {}
