"""What has to be true after each step of a life."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from reading import without_interrupts

from living.expected import considered, leaving, refusals, replaced_in_place
from living.memory import Memory
from living.program import SECRETS, Address, Declared, Hidden, Program, Ref
from living.settled import settled
from living.steps import Life
from living.world import Done, Ended, spared


class Judge:
    """Follows one life, and says what is wrong with it."""

    def __init__(self, life: Life) -> None:
        self.memory = Memory()
        self._trims = life.trims

    # --- what an operation leaves behind

    def faults(self, done: Done) -> list[str]:
        """Everything that is wrong after an operation."""
        operation, before = done.operation, done.before
        readings = [settled(done.program, operation, before, made) for made in (done.made, None)]
        reasons = [reason for reading in readings for reason in refusals(reading, operation, before, self.memory)]
        done = replace(done, program=readings[0])
        found = [*_faults_of_words(done.ended), *self._of_others(done), *_of_deleted(done)]
        if done.ended.is_green:
            if operation.deploys and done.program.clashing(done.stack):
                found.append("two resources have one address, and nobody said so")
            elif operation.deploys or operation.kind == "up --target":
                found += [*self._of_declared(done), *_of_state(done)]
            if operation.kind != "refresh":
                found += self._of_leaving(done)
        elif not (done.ended.code is None or done.ended.struck or reasons or _is_beyond_the_targets(done)):
            found.append("it is refused, and there is no reason for it")
        self.memory.learn(done)
        return [*found, *self._of_left_behind(done), *self._of_kept(done)]

    def _of_others(self, done: Done) -> Iterator[str]:
        """No object that this stack does not manage was touched or taken over."""
        imported = {
            done.program.address(slot, done.stack)
            for slot, declared in done.program.slots.items()
            if "import_" in declared.options
        }
        # Somebody else's object in place of an own one is taken as it is, once that was refreshed. And what is found
        # where a create of this stack was killed or lost its answer, minutes ago, can be either's.
        tried = {address for stack, address in self.memory.tried if stack == done.stack}
        tried |= done.attempts if done.ended.struck else set()
        own = {entry.address for entry in done.before.state}
        others = {
            address
            for address, owner in self.memory.owners.items()
            if owner != done.stack and address in done.before.service.keys() - imported - own - tried
        }
        touched = {effect.address for effect in done.effects} & others
        yield from (f"{address} belongs to somebody else, and was touched" for address in sorted(touched))
        taken = {address for address in others if done.after.holds(address) and not done.before.holds(address)}
        yield from (f"{address} belongs to somebody else, and was taken over" for address in sorted(taken))

    def _of_declared(self, done: Done) -> Iterator[str]:
        """The service holds an object for each resource, equal in every stated argument."""
        live = done.after.live
        for slot in considered(done.program, done.operation):
            address = done.program.address(slot, done.stack)
            unread = set() if done.operation.refreshes else self.memory.unread.get(address, set())
            entry = live.get(done.program.urns(slot, done.stack)[0])
            if entry is None or entry.address != address:
                yield f"{slot} is not in the state at {address}"
            if "*" in unread:
                continue
            held = done.after.service.get(address)
            if held is None:
                yield f"{address} is gone, although {slot} declares it"
                continue
            ignored = set(done.program.slots[slot].options.get("ignore_changes", ()))
            was_written = any(effect.address == address for effect in done.effects)
            wires = _wires(done.program.slots[slot]) if done.operation.kind == "up --target" else ()
            for name, wanted in done.program.stated(slot, done.stack).items():
                if name in wires:  # to what the state has of a resource that is no target
                    continue
                if name in ignored or "*" in ignored or (name in unread and not was_written):
                    continue
                if not self._same(held.get(name), wanted):
                    yield f"{address} has {name} {held.get(name)!r}, and {slot} says {wanted!r}"

    def _same(self, held: Any, wanted: Any) -> bool:
        if self._trims and isinstance(wanted, str):
            wanted = wanted.strip()
        return held == wanted and isinstance(held, bool) == isinstance(wanted, bool)

    def _of_leaving(self, done: Done) -> Iterator[str]:
        """None is left that a plain reading of the program says is gone."""
        gone = leaving(done.program, done.operation, done.before)
        declared = done.program.addresses(done.stack) if done.operation.kind.startswith("up") else {}
        for address in {entry.address for entry in gone} - spared(gone) - declared.keys():
            is_own = self.memory.owners.get(address) == done.stack and not done.after.holds(address)
            if is_own and address in done.after.service:
                yield f"{address} is still there, and should be gone"

    def _of_left_behind(self, done: Done) -> Iterator[str]:
        """What this stack made is in its state, unless it was made by a create that was killed or lost its answer."""
        if done.ended.code is None or done.ended.struck:
            return
        stays = {entry.address for entry in done.before.state if entry.is_retained or entry.deleted_with}
        held = {entry.address for entry in done.after.state}
        own = {entry.address for entry in done.before.state} | {effect.address for effect in done.effects}
        for address in sorted(own & done.after.service.keys() - held - stays):
            if self.memory.owners.get(address) == done.stack:
                yield f"{address} is in the service, and the state has forgotten it"

    def _of_kept(self, done: Done) -> Iterator[str]:
        """What the program leaves to the server stays as it was set there."""
        for address, fields in self.memory.kept.items():
            held = done.after.service.get(address, fields)
            for name, value in fields.items():
                if (there := held.get(name)) != value:
                    yield f"{address}: {name} was set to {value!r} outside, and is {there!r}: nobody asked for that"


def _of_deleted(done: Done) -> Iterator[str]:
    """Nothing was deleted that is declared, or that the operation is not about."""
    kind, deleted = done.operation.kind, [effect.address for effect in done.effects if effect.method == "DELETE"]
    if kind in ("refresh", "state taint", "state rename"):
        yield from (f"{effect.method} of {effect.address} in a {kind}" for effect in done.effects)
    elif kind == "destroy --target":
        meant = {entry.address for entry in leaving(done.program, done.operation, done.before)}
        yield from (f"{address} was deleted and is no target" for address in deleted if address not in meant)
    elif kind.startswith("up"):
        declared = done.program.addresses(done.stack)
        may_go = replaced_in_place(done.program, done.operation, done.before).keys() | _makes_room(done)
        for address in deleted:
            if address in declared and address not in may_go:
                yield f"{address} was deleted, although {declared[address]} declares it"


def _is_beyond_the_targets(done: Done) -> bool:
    """Whether the engine itself refuses to delete what no `--target` names; nothing of ours is asked."""
    return done.operation.kind == "up --target" and "was not specified in --target list" in done.ended.text


def _makes_room(done: Done) -> set[Address]:
    """Where an object goes before its resource gets another id, because the program says `delete_before_replace`.

    And what an earlier replacement left to be deleted, where an operation does not look at who declares it now.
    """
    is_targeted = done.operation.kind == "up --target"
    found = {entry.address for entry in done.before.state if is_targeted and entry.is_leaving}
    for slot, declared in done.program.slots.items():
        entry = done.before.entry(done.program, slot, done.stack)
        if entry is not None and declared.options.get("delete_before_replace"):
            found |= {entry.address} - {done.program.address(slot, done.stack)}
    return found


def _wires(declared: Declared) -> set[str]:
    return {name for name, value in declared.args.items() if isinstance(value, Ref)}


def _of_state(done: Done) -> Iterator[str]:
    """The state holds what the program declares, and no more."""
    if done.operation.kind != "up --target":
        own = {done.program.urns(slot, done.stack)[0] for slot in done.program.slots}
        extra = [entry for entry in done.after.state if entry.urn not in own or entry.is_leaving]
        yield from (f"{entry.urn} is still in the state" for entry in extra)


def _faults_of_words(ended: Ended) -> Iterator[str]:
    """One line for each resource that failed, and for each mistake that a check found in one; and no traceback."""
    if "Traceback" in without_interrupts(ended.text):
        yield "it shows a traceback"
    if ended.code in (0, None):
        return
    _, _, said = ended.text.partition("Diagnostics:\n")
    said = said.partition("\nResources:\n")[0]
    for resource in filter(None, re.split(r"\n(?=  \S)", said)):
        head, *lines = resource.splitlines()
        if "dynamic/warehouse-sync:" not in head:
            continue
        errors = [
            line for line in lines if line.startswith(("    error:", "    \t*")) and "1 error occurred" not in line
        ]
        others = [
            line
            for line in lines
            if line and not line.startswith(("    error:", "    \t*", "    warning:")) and not line.startswith("    ")
        ]
        failures = {error.split(": ", 1)[-1] for error in errors if "has a problem: " not in error}
        if len(failures) > 1 or others:
            yield f"more than one line for a resource that failed: {resource!r}"


def leaks(life_program: Program, text: str) -> list[str]:
    """Which secrets of a program stand in clear in a text."""
    return [
        f"the secret {name} of {slot} is in clear"
        for slot, declared in life_program.slots.items()
        for name, value in declared.args.items()
        for clear in [value.text if isinstance(value, Hidden) else value]
        if (isinstance(value, Hidden) or name == SECRETS[declared.kind]) and clear.strip() in text
    ]
