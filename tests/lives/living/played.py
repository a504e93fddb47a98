"""Operations without the engine: its order of steps, played against the provider's own gRPC methods.

Each operation runs in a process of its own, as under the engine, so that nothing is remembered but what is written
down. It is quick, and simpler than the engine: one step at a time, in the program's order. Where the two differ, the
real engine decides.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

from living.order import Goal, Job, play
from living.program import CLASSES, ID, SECRETS, Hidden, Program, Ref
from living.rendering import in_order
from living.script import KILLED
from living.steps import Operation
from living.world import OURS, Ended, Entry, dependents, entries
from warehouse_sync_pulumi.connection import ConnectionProvider
from warehouse_sync_pulumi.data_model import DataModelProvider
from warehouse_sync_pulumi.emulator import Emulator, Fault
from warehouse_sync_pulumi.engine import sdk
from warehouse_sync_pulumi.lifecycle import IMPORT, MARKED_SECRET, SENT
from warehouse_sync_pulumi.pipeline import PipelineProvider

PROVIDERS = {"connections": ConnectionProvider, "data-models": DataModelProvider, "pipelines": PipelineProvider}

# A server without threads forks a fresh process for each operation, with everything imported.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(
    ["dill", "grpc", "pulumi.runtime.proto.status_pb2", "pulumi.dynamic", "pulumi.runtime.proto.provider_pb2"]
    + ["google.protobuf.json_format", "httpcore", "certifi", "encodings.idna"]  # which are imported by the first call
    + [
        f"warehouse_sync_pulumi.{module}"
        for module in ("connection", "data_model", "pipeline", "api.client", "review.sql.query", "review.sql.examine")
    ]
)


class Played:
    """Stacks whose states are kept here."""

    def __init__(self, folder: Path, emulator: Emulator, _stacks: tuple[str, ...] = ()) -> None:
        self._emulator = emulator
        self._states: dict[str, list[dict[str, Any]]] = {}
        self._environment = {
            **emulator.environment,
            "PULUMI_HOME": str(folder / "home"),
            "WAREHOUSE_SYNC_RETRY_TIMEOUT": "1",
        }

    def state(self, stack: str) -> list[Entry]:
        """What a stack's state holds."""
        return entries(self._states.get(stack, []))

    def files(self) -> str:
        """The states as they would be written, without what is secret."""
        return json.dumps([_encrypted(resource) for state in self._states.values() for resource in state])

    def run(self, operation: Operation, program: Program) -> Ended | None:
        """Run an operation; None where there is nothing to run it on."""
        stack = operation.stack
        resources = self._states.get(stack, [])
        urns: tuple[str, ...] = ()
        if operation.slot is not None:
            urns = about(operation, program, entries(resources))
            if not urns:
                return None
        job = Job(operation.kind, resources, goals(program, stack), urns, operation.continues, self._environment)
        if operation.kind == "state rename":
            job.renamed = program.urns(operation.slot or "", stack)[0]
        armed = self._emulator.faults.add(Fault(**operation.failure.fault())) if operation.failure else None
        code, text, self._states[stack] = self._process(job, armed, operation)
        self._emulator.faults.clear()
        command = f"PULUMI_STACK={stack} pulumi {' '.join([operation.kind, *job.urns])}{KILLED if code is None else ''}"
        return Ended(command, code, text, armed is not None and armed.struck > 0)

    def _process(self, job: Job, armed: Any, operation: Operation) -> tuple[int | None, str, list[dict[str, Any]]]:
        ours, theirs = _processes.Pipe(duplex=False)
        process = _processes.Process(target=play, args=(job, theirs), daemon=True)
        process.start()
        theirs.close()
        kills = operation.failure is not None and operation.failure.kills
        code, text, resources = 1, "the process ended early", job.resources
        try:
            while True:
                if kills and armed.struck:
                    if operation.failure and operation.failure.kind == "killed after":
                        armed.wait_until_held(60)
                    os.kill(process.pid or 0, signal.SIGKILL)
                    while ours.poll(1):
                        resources = ours.recv()[2]
                    return None, text, resources
                if ours.poll(0.002 if kills else None):
                    code, text, resources = ours.recv()
        except EOFError:
            return (None, text, resources) if kills and armed.struck else (code, text, resources)
        finally:
            ours.close()
            process.join()

    def is_unchanged(self, stack: str, program: Program) -> str:
        """What a preview that refreshes would change; nothing where it is empty."""
        job = Job("preview", self._states.get(stack, []), goals(program, stack), (), False, self._environment)  # noqa: FBT003
        _, text, _ = self._process(job, None, Operation("refresh"))
        return text


def goals(program: Program, stack: str) -> list[Goal]:
    """What a program registers, in its order."""
    return [_goal(program, slot, stack) for slot in in_order(program)]


def _goal(program: Program, slot: str, stack: str) -> Goal:
    declared = program.slots[slot]
    own, *aliases = program.urns(slot, stack)
    props: dict[str, Any] = {"__provider": sdk.serialised(PROVIDERS[declared.kind]())}
    props[ID[declared.kind]] = program.id(slot, stack)
    if declared.workspace is not None:
        props["workspace_id"] = declared.workspace
    secret = {SECRETS[declared.kind], SENT}
    wires = {}
    for name, value in declared.args.items():
        if isinstance(value, Ref):
            wires[name] = program.urns(value.slot, stack)[0]
        else:
            props[name] = value.text if isinstance(value, Hidden) else value
        if isinstance(value, Hidden):
            secret.add(name)
            props[MARKED_SECRET] = [*props.get(MARKED_SECRET, ()), name]
    options = dict(declared.options)
    if "import_" in options:
        props[IMPORT] = options.pop("import_")
    others = [*options.get("depends_on", ()), *([options["deleted_with"]] if "deleted_with" in options else [])]
    needed = [*wires.values(), *(program.urns(other, stack)[0] for other in others)]
    if "deleted_with" in options:
        options["deleted_with"] = program.urns(options["deleted_with"], stack)[0]
    return Goal(
        own, tuple(aliases), OURS + CLASSES[declared.kind], props, wires, needed, options, sorted(filter(None, secret))
    )


def about(operation: Operation, program: Program, state: list[Entry]) -> tuple[str, ...]:
    """The URNs that an operation is about; none where the state does not hold them."""
    slot, stack = operation.slot or "", operation.stack
    if slot not in program.slots:
        return ()
    urns, address = program.urns(slot, stack), program.address(slot, stack)
    held = [entry for entry in state if not entry.is_leaving]
    if operation.kind == "up --target":
        own = {program.urns(one, stack)[0] for one in program.slots}
        aliases = {urn for one in program.slots for urn in program.urns(one, stack)} - own
        if any(entry.urn in aliases for entry in held):
            return ()  # the engine itself (3.274.1) writes a state that holds the renamed resource twice
        return (urns[0], *program.component_urns(slot, stack))
    if operation.kind == "state rename":
        # The way out of a refused rename: the state follows the program.
        before = [entry.urn for entry in held if entry.address == address and entry.urn not in urns]
        is_free = not any(entry.urn == urns[0] for entry in state)
        return tuple(urn for urn in before if is_free and urn.rpartition("::")[0] == urns[0].rpartition("::")[0])[:1]
    found = tuple(entry.urn for entry in held if entry.urn in urns)[:1]
    return dependents(state, found) if operation.kind == "destroy --target" else found


def _encrypted(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource as the engine writes it: what is secret by its name is not in clear."""
    secret = set(resource["secret"])
    return {
        **resource,
        **{
            part: {name: value for name, value in resource[part].items() if name not in secret}
            for part in ("inputs", "outputs")
        },
    }
