"""What may come of an operation: why it may be refused, and what it may delete although the program declares it."""

from __future__ import annotations

from collections.abc import Iterator

from living.memory import Memory
from living.program import Address, Program, Ref
from living.steps import Operation
from living.world import Entry, Snapshot, dependents, spared

_FIELD = {"connections": "connection_id", "data-models": "data_model_id"}


def considered(program: Program, operation: Operation) -> list[str]:
    """The resources that an operation is about."""
    if operation.kind == "up --target" and operation.slot:
        return [operation.slot]
    return list(program.slots)


def replaced_in_place(program: Program, operation: Operation, before: Snapshot) -> dict[Address, str]:
    """Where an object may make room for its own replacement, and which slot asks for it."""
    found = {}
    for slot in considered(program, operation):
        entry = before.entry(program, slot, operation.stack)
        address = program.address(slot, operation.stack)
        if entry is not None and entry.address == address and may_be_replaced(program, operation, slot, entry):
            found[address] = slot
    return found


def may_be_replaced(program: Program, operation: Operation, slot: str, entry: Entry) -> bool:
    """Whether a resource may be replaced although its address stays."""
    declared = program.slots[slot]
    stated = program.stated(slot, operation.stack).get("type", _DEFAULT_TYPE.get(declared.kind))
    return (
        (stated is not None and stated != entry.type_argument)
        or entry.is_half_replaced
        or "replace_on_changes" in declared.options
        or _is_replaced_unasked(program, operation, slot, entry)
    )


def _is_replaced_unasked(program: Program, operation: Operation, slot: str, entry: Entry) -> bool:
    """Whether the engine may replace a resource without asking for a diff, so that nobody tells it to delete first."""
    return (
        (operation.kind == "up --replace" and operation.slot == slot)
        or entry.is_tainted
        or bool({"replacement_trigger", "deleted_with"} & program.slots[slot].options.keys())
    )


_DEFAULT_TYPE = {"connections": "snowflake", "data-models": "sql"}


def refusals(program: Program, operation: Operation, before: Snapshot, memory: Memory) -> list[str]:
    """Why this operation may end red although nothing goes wrong on the way."""
    if operation.kind == "refresh":
        return []
    if operation.kind.startswith("up") and program.clashing(operation.stack):
        return ["two resources have one address"]
    reasons: list[str] = []
    if operation.kind.startswith("up"):
        reasons += _of_declared(program, operation, before, memory)
    reasons += _of_leaving(program, operation, before)
    return reasons


def _of_declared(program: Program, operation: Operation, before: Snapshot, memory: Memory) -> Iterator[str]:
    in_place = replaced_in_place(program, operation, before)
    for slot in considered(program, operation):
        address = program.address(slot, operation.stack)
        entry = before.entry(program, slot, operation.stack)
        if entry is None or entry.address != address:
            yield from _of_new(program, operation, slot, before, memory)
        elif not operation.refreshes and memory.unread.get(address):
            yield f"{slot} was changed outside and not refreshed"
        if entry is not None and (entry.address != address or address in in_place):
            yield from _of_replaced(program, operation, slot, entry)
        import_ = program.slots[slot].options.get("import_", address.id)
        if import_ != address.id or (
            "import_" in program.slots[slot].options and "*" in memory.unread.get(address, ())
        ):
            yield f"{slot} imports what is not there"
        yield from _of_wires(program, operation, slot, before, memory)
        if operation.kind == "up --target":
            yield from _of_target(program, operation, slot, before)


def _of_new(program: Program, operation: Operation, slot: str, before: Snapshot, memory: Memory) -> Iterator[str]:
    """Why a resource may not be created."""
    address = program.address(slot, operation.stack)
    if "import_" in program.slots[slot].options:
        yield f"{slot} is imported"
    elif address in before.service and not _is_own_begun(program, slot, operation.stack, memory):
        yield f"{slot} finds {address} taken"


def _of_replaced(program: Program, operation: Operation, slot: str, entry: Entry) -> Iterator[str]:
    """Why a resource may not be replaced."""
    options = program.slots[slot].options
    if entry.is_protected or options.get("protect"):
        yield f"{slot} is protected"
    if entry.address == program.address(slot, operation.stack):
        is_unasked = _is_replaced_unasked(program, operation, slot, entry)
        is_renamed = entry.urn != program.urns(slot, operation.stack)[0]
        if is_unasked and (is_renamed or not options.get("delete_before_replace")):
            yield f"{slot} is replaced, and nobody can say that the old one goes first"
        if "import_" in options:
            yield f"{slot} would import what it replaces"
        if entry.is_retained or entry.deleted_with or options.get("retain_on_delete"):
            yield f"{slot} stays where its replacement goes"


def _of_wires(program: Program, operation: Operation, slot: str, before: Snapshot, memory: Memory) -> Iterator[str]:
    """Why what a resource is wired to may not be there."""
    for name, value in program.slots[slot].args.items():
        if isinstance(value, Ref):
            wired_to = program.stated(slot, operation.stack)[name]
            target = program.address(value.slot, operation.stack)._replace(id=wired_to)
            is_unread = bool(memory.unread.get(target)) and not operation.refreshes
            if target not in before.service and (operation.kind == "up --target" or is_unread):
                yield f"{slot} is wired to {target}, which is not there"


def _of_target(program: Program, operation: Operation, slot: str, before: Snapshot) -> Iterator[str]:
    declared = program.slots[slot]
    needed = [value.slot for value in declared.args.values() if isinstance(value, Ref)]
    needed += declared.options.get("depends_on", ())
    needed += [declared.options["deleted_with"]] if "deleted_with" in declared.options else []
    for other in needed:
        there = before.entry(program, other, operation.stack)
        if there is None or there.urn != program.urns(other, operation.stack)[0]:
            yield f"{slot} needs {other}, which is no target"
        elif there.address != program.address(other, operation.stack):
            yield f"{slot} is wired to where {other} is not yet"


def _is_own_begun(program: Program, slot: str, stack: str, memory: Memory) -> bool:
    """Whether this very resource began to create the object, as the program still says it."""
    address = program.address(slot, stack)
    begun = memory.begun.get(address)
    return begun == (program.urns(slot, stack)[0], program.stated(slot, stack)) and not memory.unread.get(address)


def _of_leaving(program: Program, operation: Operation, before: Snapshot) -> Iterator[str]:
    gone = leaving(program, operation, before)
    stays = spared(gone)
    protected = {
        urn
        for slot, declared in program.slots.items()
        if operation.runs_program and declared.options.get("protect")
        for urn in program.urns(slot, operation.stack)
    }
    for entry in gone:
        if entry.is_protected or entry.urn in protected:
            yield f"{entry.address} is protected"
        if entry.address not in stays and (users := _users(program, operation, before, entry)):
            yield f"{entry.address} is in use by {', '.join(users)}"


def leaving(program: Program, operation: Operation, before: Snapshot) -> list[Entry]:
    """What an operation deletes, or would if nobody else declared it; replacements in place among it."""
    if operation.kind in ("destroy", "destroy --run-program"):
        return list(before.state)
    if operation.kind == "destroy --target":
        entry = before.entry(program, operation.slot, operation.stack) if operation.slot in program.slots else None
        urns = () if entry is None else dependents(before.live.values(), [entry.urn])
        return [before.live[urn] for urn in urns]
    if not operation.kind.startswith("up"):
        return []
    in_place = replaced_in_place(program, operation, before)
    slots = considered(program, operation)
    stays = {
        entry.urn
        for slot in slots
        if (entry := before.entry(program, slot, operation.stack)) is not None
        and entry.address == program.address(slot, operation.stack)
        and entry.address not in in_place
    }
    if operation.kind == "up --target":
        known = {urn for slot in slots for urn in program.urns(slot, operation.stack)}
        return [entry for entry in before.state if (entry.urn in known and entry.urn not in stays) or entry.is_leaving]
    return [entry for entry in before.state if entry.urn not in stays or entry.is_leaving]


def _users(program: Program, operation: Operation, before: Snapshot, entry: Entry) -> list[str]:
    """The pipelines that may still use an object when it is to be deleted."""
    field = _FIELD.get(entry.address.kind)
    if field is None:
        return []
    gone = leaving(program, operation, before)
    going = {other.address for other in gone if not other.is_protected} - spared(gone)
    staying = {
        program.address(slot, operation.stack): program.stated(slot, operation.stack)[field]
        for slot, declared in program.slots.items()
        if declared.kind == "pipelines" and operation.kind.startswith("up")
    }
    deletes_first = any(
        declared.options.get("delete_before_replace")
        for slot, declared in program.slots.items()
        if entry.urn in program.urns(slot, operation.stack)
    )
    users = []
    for address, held in before.service.items():
        if address.kind != "pipelines" or address.workspace != entry.address.workspace:
            continue
        if held[field] != entry.address.id:
            continue
        goes_first = address in going and address not in staying
        moves_over = before.holds(address) and staying.get(address, entry.address.id) != entry.address.id
        moves_over = moves_over and not deletes_first and operation.kind != "up --target"
        if not goes_first and not moves_over:
            users.append(str(address))
    # A pipeline that is made in this very operation is wired before anything is deleted.
    wired = [
        str(address) for address, id_ in staying.items() if id_ == entry.address.id and address not in before.service
    ]
    return users + wired
