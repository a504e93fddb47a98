"""The program as the engine takes it: what `ignore_changes` keeps, and where each object really stands because of it.

Of an ignored argument the engine takes the value in the state, an id and a workspace included. But it replaces a
resource by what the program says, ignored or not (seen under 3.274.1).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from living.expected import considered, may_be_replaced
from living.program import ID, Address, Declared, Program
from living.steps import Operation
from living.world import Entry, Snapshot


def settled(
    program: Program, operation: Operation, before: Snapshot, made: Collection[Address] | None = None
) -> Program:
    """A program with what is kept of the state where changes are ignored.

    Whether a resource is replaced cannot always be told from the program, but from where objects were `made`. Where
    that is not known, each is replaced that may be.
    """
    for slot, declared in program.slots.items():
        entry = before.entry(program, slot, operation.stack)
        if entry is None or "ignore_changes" not in declared.options:
            continue
        if operation.refreshes and entry.address not in before.service:
            continue  # it is gone from the state when the program runs
        keeping = program.having(**{slot: _keeping(declared, entry)})
        if not _is_replaced(program, keeping, operation, slot, entry, made):
            program = keeping
    return program


def _keeping(declared: Declared, entry: Entry) -> Declared:
    known = {**entry.inputs, ID[declared.kind]: entry.address.id, "workspace_id": entry.address.workspace}
    ignored = set(declared.options["ignore_changes"])
    if "*" in ignored:
        ignored = {*declared.args, *known}
    return replace(declared, kept={name: known.get(name) for name in ignored})


def _is_replaced(
    plain: Program, keeping: Program, operation: Operation, slot: str, entry: Entry, made: Collection[Address] | None
) -> bool:
    if slot not in considered(plain, operation):
        return False
    if entry.address != keeping.address(slot, operation.stack) or entry.is_tainted or entry.is_half_replaced:
        return True
    if operation.kind == "up --replace" and operation.slot == slot:
        return True
    if not may_be_replaced(keeping, operation, slot, entry):
        return False
    return made is None or plain.address(slot, operation.stack) in made
