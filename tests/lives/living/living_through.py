"""One life from its first step to its last, with a judgement after each."""

from __future__ import annotations

from typing import Any

from living.judge import Judge, leaks
from living.program import Program
from living.script import script
from living.settled import settled
from living.steps import Edit, Life, Operation, Outside
from living.world import Done, Service, Snapshot


class BadLifeError(AssertionError):
    """A life in which something happened that must not."""


class Living:
    """Takes one life through its steps.

    `runner` is what runs operations: the real engine, or its order of steps played in this process.
    """

    def __init__(self, life: Life, runner: Any, emulator: Any) -> None:
        self._life = life
        self._runner = runner
        self._emulator = emulator
        self._service = Service(emulator)
        self._judge = Judge(life)
        self._program = life.first
        self._programs: list[Program] = [life.first]
        self._done: list[tuple[Any, Program, str]] = []
        self._stacks = life.stacks or ("test",)
        self.operations = 0

    def through(self) -> None:
        """All steps, and in the end an `up --refresh` of each stack, whose preview is empty after it."""
        self._emulator.set(trim_strings=self._life.trims, accept_any_type=True)
        for step in self._life.steps:
            if isinstance(step, Edit):
                self._program = step.program
                self._programs.append(step.program)
                self._done.append((step, self._program, ""))
            elif isinstance(step, Outside):
                self._outside(step)
            else:
                self._operate(step)
        for stack in self._stacks:
            ended = self._operate(Operation("up --refresh", stack))
            if ended.is_green and (shown := self._runner.is_unchanged(stack, self._program)):
                self._complain([f"the preview after it is not empty:\n{shown}"])

    def _outside(self, step: Outside) -> None:
        kind, id_, workspace = step.address.kind, step.address.id, step.address.workspace
        there = self._service.objects().get(step.address)
        if (there is None) is not (step.kind == "make"):
            return
        if step.kind == "make":
            self._emulator.put_object(kind, workspace, id=id_, **step.fields)
        elif step.kind == "edit":
            self._emulator.change(kind, id_, workspace, **step.fields)
        else:
            self._emulator.remove(kind, id_, workspace)
            if step.kind == "recreate":
                made = {name: value for name, value in there.items() if not name.startswith(("created", "workspace"))}
                self._emulator.put_object(kind, workspace, **made, created_on="2020-01-01T00:00:00.0")
        before = {stack: self._snapshot(stack) for stack in self._stacks}
        programs = {stack: settled(self._program, Operation("up", stack), before[stack]) for stack in self._stacks}
        self._judge.memory.note(step, programs)
        self._done.append((step, self._program, ""))

    def _operate(self, operation: Operation) -> Any:
        before = self._snapshot(operation.stack)
        self._service.look()
        ended = self._runner.run(operation, self._program)
        if ended is None:
            return None
        self.operations += 1
        self._done.append((operation, self._program, ended.command))
        after, service = self._snapshot(operation.stack), self._service
        done = Done(self._program, operation, before, after, ended, service.effects(), service.attempts())
        faults = self._judge.faults(done)
        texts = ended.text + self._runner.files()
        faults += dict.fromkeys(leak for program in self._programs for leak in leaks(program, texts))
        if faults:
            self._complain(faults, ended.text)
        if ended.struck and not ended.is_green and operation.kind != "destroy --target":
            # What went wrong is over: the same again without it.
            again = Operation(operation.kind, operation.stack, operation.slot)
            return self._operate(again)
        return ended

    def _snapshot(self, stack: str) -> Snapshot:
        return Snapshot(tuple(self._runner.state(stack)), self._service.objects())

    def _complain(self, faults: list[str], text: str = "") -> None:
        told = "\n".join(f"- {fault}" for fault in faults)
        raise BadLifeError(f"{told}\n\n{text}\n\n{script(self._life, self._done)}")
