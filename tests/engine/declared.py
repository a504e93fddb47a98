"""Whether the service still holds what a program declares, and what was done to it."""

from __future__ import annotations

from reading import refusals

KINDS = ("connections", "data-models", "pipelines")
CHANGING = ("last_modified_on", "last_modified_by")
MAKING = (*CHANGING, "created_on", "created_by", "schedule_start_time")
"""What the service chooses anew when an object is made again."""


def held(emulator, *, without=CHANGING):
    """Everything that the service holds, secrets included, by kind and id."""
    return {
        (kind, id_): {name: value for name, value in fields.items() if name not in without}
        for kind in KINDS
        for id_, fields in emulator.objects(kind).items()
    }


def effects(emulator):
    """What changed the service since the journal was cleared, in order."""
    return [(entry.method, entry.path) for entry in emulator.journal.filter(took_effect=True) if is_write(entry)]


def is_write(entry):
    return entry.method != "GET" and entry.path != "oauth/token"


def refused(stack, emulator, *arguments, **environment):
    """What an `up` says that is refused, a line for each resource; it has changed nothing."""
    emulator.journal.clear()
    before = held(emulator, without=())
    lines = refusals(stack.up(*arguments, fails=True, **environment))
    assert held(emulator, without=()) == before
    assert effects(emulator) == []
    return lines


def urns(stack):
    """The URN of each resource by its type's and its own name: `Pipeline orders`."""
    return {f"{r['type'].rpartition(':')[2]} {r['urn'].rpartition('::')[2]}": r["urn"] for r in stack.resources()}
