"""Operations under the real engine.

A life speaks of dynamic resources: for the packaged provider, types and names change on the way in and out.
"""

from __future__ import annotations

import json
import shlex
import time
from pathlib import Path

from hosts import DYNAMIC, TYPES
from processes import Command
from stack import Stack

from living.played import about
from living.program import Program
from living.rendering import source
from living.script import KILLED
from living.steps import Operation
from living.world import Ended, Entry, entries
from warehouse_sync_pulumi.emulator import Emulator, Fault
from warehouse_sync_pulumi.engine.spelling import in_snake

UNATTENDED = ("--yes", "--skip-preview")
COMMANDS: dict[str, tuple[str, ...]] = {
    "up": ("up", *UNATTENDED),
    "up --refresh": ("up", "--refresh", *UNATTENDED),
    "refresh": ("refresh", *UNATTENDED),
    "up --target": ("up", *UNATTENDED, "--target"),
    "up --replace": ("up", *UNATTENDED, "--replace"),
    "state taint": ("state", "taint", "--yes"),
    "state rename": ("state", "rename", "--yes"),
    "destroy --target": ("destroy", *UNATTENDED, "--target"),
    "destroy": ("destroy", *UNATTENDED),
    "destroy --run-program": ("destroy", "--run-program", *UNATTENDED),
}


class Real:
    """Two stacks of one project, driven by `pulumi`."""

    def __init__(self, folder: Path, emulator: Emulator, stacks: tuple[str, ...], host: str = DYNAMIC) -> None:
        self._emulator = emulator
        self._type = TYPES[host]
        self._stack = Stack(folder, emulator.environment, host)
        environment = self._stack.environment
        environment["WAREHOUSE_SYNC_RETRY_TIMEOUT"] = "2"
        for other in stacks:
            if other != "test":
                self._stack.run("stack", "init", other, PULUMI_STACK=other)

    def state(self, stack: str) -> list[Entry]:
        """What a stack's state holds."""
        resources = self._checkpoint(stack).get("resources") or ()
        for resource in resources:
            for part in resource.keys() & {"inputs", "outputs"}:
                resource[part] = in_snake(resource[part])
        return entries(resources)

    def files(self) -> str:
        """Every text that the stacks leave behind."""
        return self._stack.state_files()

    def _checkpoint(self, stack: str) -> dict:
        file = self._stack.folder / "state" / ".pulumi" / "stacks" / "project" / f"{stack}.json"
        return json.loads(self._as_dynamic(file.read_text()))["checkpoint"]["latest"] or {}

    def _as_dynamic(self, text: str) -> str:
        """A text in which each type is a dynamic resource's."""
        return text.replace(self._type, TYPES[DYNAMIC])

    def _words(self, operation: Operation, program: Program) -> tuple[str, ...] | None:
        """The words of an operation; None where the state does not hold what it is about."""
        words = COMMANDS[operation.kind]
        if operation.slot is not None:
            urns = about(operation, program, self.state(operation.stack))
            if not urns:
                return None
            if operation.kind.endswith("--target"):
                words = (*words[:-1], *(f"--target={urn}" for urn in urns))
            else:
                words = (*words, urns[0])
            if operation.kind == "state rename":
                words = (*words, program.slots[operation.slot].name)
        if operation.continues:
            words = (*words, "--continue-on-error")
        if operation.failure:
            words = (*words, "--parallel", "1")  # so that the nth request is the same in each run
        return words

    def run(self, operation: Operation, program: Program) -> Ended | None:
        """Run an operation; None where there is nothing to run it on."""
        self._stack.program(source(program).partition("import *\n")[2].replace(TYPES[DYNAMIC], self._type))
        words = self._words(operation, program)
        if words is None:
            return None
        words = tuple(word.replace(TYPES[DYNAMIC], self._type) for word in words)
        text = f"PULUMI_STACK={operation.stack} pulumi {shlex.join(words)}"
        failure = operation.failure
        if failure is None:
            ran = self._stack.run(*words, fails=None, PULUMI_STACK=operation.stack)
            return Ended(text, ran.code, self._as_dynamic(ran.text))
        if failure.kills:
            return self._killed(operation, words, text)
        armed = self._emulator.faults.add(Fault(**failure.fault()))
        ran = self._stack.run(*words, fails=None, PULUMI_STACK=operation.stack)
        self._emulator.faults.clear()
        return Ended(text, ran.code, self._as_dynamic(ran.text), struck=armed.struck > 0)

    def _killed(self, operation: Operation, words: tuple[str, ...], text: str) -> Ended:
        armed = self._emulator.faults.add(Fault(**operation.failure.fault()))
        command = Command(self._stack, self._stack.folder / "log", words, PULUMI_STACK=operation.stack)
        try:
            while command.is_running and not armed.struck:
                time.sleep(0.01)  # a poll: one of the two comes of itself
            if armed.struck:
                if operation.failure.kind == "killed after":
                    armed.wait_until_held(60)
                command.kill("both")
            code = command.wait()
        finally:
            self._emulator.faults.clear()
            command.clean_up()
        if armed.struck:
            self._stack.run("cancel", "--yes", fails=None, PULUMI_STACK=operation.stack)
            return Ended(text + KILLED, None, self._as_dynamic(command.output), struck=True)
        return Ended(text, code, self._as_dynamic(command.output))

    def is_unchanged(self, stack: str, _program: Program) -> str:
        """What a preview that refreshes would change; nothing where it is empty."""
        ran = self._stack.run("preview", "--diff", "--refresh", "--expect-no-changes", fails=None, PULUMI_STACK=stack)
        return "" if ran.code == 0 else ran.text
