"""What the judge remembers of a life: who has which object, and what was done behind the stack's back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from living.program import Address, Program
from living.steps import Outside
from living.world import Done

OUTSIDE = "outside"
"""The owner of what no stack manages."""


class Memory:
    """Of one life."""

    def __init__(self) -> None:
        self.owners: dict[Address, str] = {}
        """The stack that manages an object, or `OUTSIDE`."""
        self.begun: dict[Address, tuple[str, Mapping[str, Any]]] = {}
        """What a killed create left: by which URN, and what the program said then."""
        self.tried: set[tuple[str, Address]] = set()
        """Where what is found may be what a stack itself made: by a create that was killed or lost its answer, or
        before it let go of the object."""
        self.unread: dict[Address, set[str]] = {}
        """What was changed outside and not yet refreshed: fields, or `*` for the object itself."""
        self.kept: dict[Address, dict[str, Any]] = {}
        """What was set outside and is the server's to keep, since the program says nothing of it."""

    def note(self, step: Outside, programs: Mapping[str, Program]) -> None:
        """Remember what was done behind the back of each stack, with the program as it stands for it."""
        address = step.address
        if step.kind == "make":
            self.owners[address] = OUTSIDE
        elif step.kind == "edit":
            self.unread.setdefault(address, set()).update(step.fields)
            declared = ((program, stack, program.addresses(stack)) for stack, program in programs.items())
            stated = next((program.stated(own[address], s) for program, s, own in declared if address in own), {})
            for name, value in step.fields.items():
                if stated and name not in stated:
                    self.kept.setdefault(address, {})[name] = value
        else:
            self.unread.setdefault(address, set()).add("*")
            self.kept.pop(address, None)

    def learn(self, done: Done) -> None:
        """Remember what an operation changed."""
        if done.ended.struck:
            self.tried |= {(done.stack, address) for address in done.attempts}
        self._learn_owners(done)
        self._learn_begun(done)
        self._learn_what_is_known(done)

    def _learn_owners(self, done: Done) -> None:
        held, there = {entry.address for entry in done.after.state}, done.after.service.keys()
        for address in held & there:
            self.owners[address] = done.stack
        for entry in done.before.state:
            if (entry.is_retained or entry.deleted_with) and entry.address in there - held:
                self.owners[entry.address] = OUTSIDE
                self.tried.add((done.stack, entry.address))
        self.owners = {address: owner for address, owner in self.owners.items() if address in there}

    def _learn_begun(self, done: Done) -> None:
        """A create that took effect, and of which the state knows nothing."""
        held, declared = {entry.address for entry in done.after.state}, done.program.addresses(done.stack)
        for address in held:
            self.begun.pop(address, None)
        for effect in done.effects:
            if effect.method == "POST" and effect.address in done.after.service.keys() - held:
                self.owners[effect.address] = done.stack
                if slot := declared.get(effect.address):
                    urn = done.program.urns(slot, done.stack)[0]
                    self.begun[effect.address] = (urn, done.program.stated(slot, done.stack))

    def _learn_what_is_known(self, done: Done) -> None:
        for effect in done.effects:
            if effect.method in ("POST", "DELETE"):
                self.kept.pop(effect.address, None)
                self.unread.pop(effect.address, None)
                if done.after.holds(effect.address) and effect.address not in done.after.service:
                    self.unread[effect.address] = {"*"}  # it was deleted, and the state did not get to know
            elif effect.method == "PUT":
                self.unread.get(effect.address, set()).intersection_update({"*"})
        if done.operation.refreshes and (done.ended.is_green or done.operation.kind == "refresh"):
            for entry in [*done.before.state, *done.after.state]:
                self.unread.pop(entry.address, None)
        declared = done.program.addresses(done.stack) if done.operation.runs_program else {}
        for address in self.kept.keys() & declared.keys():
            for name in done.program.stated(declared[address], done.stack):
                self.kept[address].pop(name, None)
