"""Draws lives: programs, edits of them, operations, failures, and what others do meanwhile."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from living.program import ID, Address, Component, Declared, Hidden, Past, Program, Ref
from living.steps import STACKS, Edit, Failure, Life, Operation, Outside, Step

Pick = Callable[[Sequence[Any]], Any]
"""Picks one of several things."""

QUERY = "SELECT t.email, t.updated_at FROM mp.shop.{table} AS t"
USUAL: dict[str, dict[str, Any]] = {
    "connections": {
        "source_account_id": "gd1234",
        "region": "us-central1.gcp",
        "warehouse": "compute_wh",
        "database": "mp",
        "role": "mp_role",
        "user": "mp_user",
        "password": "correct-horse-1",
    },
    "data-models": {
        "sql_query": QUERY.format(table="orders"),
        "load_timestamp_field_name": "updated_at",
        "load_timestamp_field_type": "timestamp_ntz",
    },
    "pipelines": {"partner_feed_key": "us1-feed-key-1", "schedule_interval": "hourly", "environment": "development"},
}
CHANGES: dict[str, dict[str, list[Any]]] = {
    "connections": {
        "role": ["reader", "mp_role"],
        "user": ["writer", Hidden("hidden-user-7f3a"), Hidden(" hidden-user-91bc ")],
        "password": ["battery-staple-2", "correct-horse-1"],
        "snowflake_aws_iam_user_arn": ["arn:aws:iam::1:user/x", None],
        "is_active": [True, False, None],
        "type": ["bigquery", None],
    },
    "data-models": {
        "sql_query": [
            QUERY.format(table="customers"),
            Hidden("\nSELECT t.email, t.updated_at FROM hidden.query.d2e4 AS t\n"),
            Hidden("SELECT t.email, t.updated_at FROM hidden.query.55aa AS t"),
        ],
        "load_timestamp_field_time_zone": ["America/New_York", None],
        "load_timestamp_field_time_offset": [1800, None],
        "type": ["table", None],
    },
    "pipelines": {
        "schedule_interval": ["daily", "hourly"],
        "partner_feed_key": ["us1-feed-key-2", "us1-feed-key-1"],
        "environment": ["production", "development"],
        "is_active": [True, False, None],
        "is_draft": [True, None],
        "schedule_end_time": ["2031-01-01T00:00:00Z", None],
    },
}
OUTSIDE: dict[str, dict[str, list[Any]]] = {
    "connections": {"role": ["outsider"], "region": ["eu"]},
    "data-models": {"load_timestamp_field_name": ["changed_at"], "load_timestamp_field_time_offset": [60, 120]},
    "pipelines": {"is_active": [False, True], "is_draft": [True], "schedule_interval": ["weekly"]},
}
IDS = ("x1", "x2", "x3")
TYPES = ("team:index:Sync", "team:index:Feed")
OPTIONS: dict[str, list[Any]] = {
    "protect": [True],
    "retain_on_delete": [True],
    "delete_before_replace": [True],
    "replace_on_changes": [["*"]],
    "ignore_changes": [["*"]],
    "replacement_trigger": ["1", "2"],
}


@st.composite
def lives(draw: Any) -> Life:
    """A life that hypothesis draws, and can make smaller."""
    return life(lambda choices: draw(st.sampled_from(choices)))


def life_number(number: int) -> Life:
    """The life of this number: always the same."""
    return life(random.Random(number).choice)  # noqa: S311 - no secret is made of it


def life(pick: Pick) -> Life:
    """A life of 6 to 12 steps."""
    drawer = Drawer(pick)
    first = drawer.program
    steps: list[Step] = [Operation("up")]
    wanted = pick(range(6, 13))
    while len(steps) < wanted:
        steps += drawer.steps()
    return Life(first, tuple(steps[:wanted]), trims=drawer.chance(20))


class Drawer:
    """Draws one life; it knows what the program is at each moment."""

    def __init__(self, pick: Pick) -> None:
        self._pick = pick
        self._fresh = 0
        self._stacks = STACKS if self.chance(20) else STACKS[:1]
        self.program = Program(
            components={"team": Component(TYPES[0]), "crew": Component("crew:index:Crew")},
            ids_by_stack=len(self._stacks) > 1 and self.chance(50),
        )
        for kind in pick(_FIRST):
            self._add(kind)
        self._edits: dict[str, Callable[[], str | None]] = {
            "rename": self._rename,
            "change": self._change,
            "reparent": self._reparent,
            "change id": self._change_id,
            "option": self._option,
            "remove": self._remove,
            "add": self._add_any,
            "retype": self._retype,
            "swap ids": self._swap,
            "depend": self._depend,
            "import": self._import,
            "workspace": self._workspace,
        }

    def chance(self, percent: int) -> bool:
        """True so many times in a hundred."""
        return self._pick(range(100)) >= 100 - percent

    def _one_of(self, *choices: Any) -> Any:
        return self._pick(choices)

    def steps(self) -> list[Step]:
        """A few edits or what others do, and an operation."""
        steps: list[Step] = []
        for _ in range(self._one_of(1, 1, 1, 2, 2, 0)):
            step = self._outside() if self.chance(20) else self._edit()
            steps += [step] if step is not None else []
        return [*steps, self._operation()]

    # --- edits

    def _edit(self) -> Edit | None:
        names = ["rename", "change", "change", *self._edits, "rename", "reparent", "option", "remove"]
        says = self._edits[self._one_of(*names)]()
        return None if says is None else Edit(says, self.program)

    def _slot(self, *kinds: str) -> str | None:
        slots = [slot for slot, declared in self.program.slots.items() if not kinds or declared.kind in kinds]
        return self._one_of(*slots) if slots else None

    def _put(self, slot: str, declared: Declared | None) -> None:
        self.program = self.program.having(**{slot: declared})

    def _new_name(self) -> str:
        self._fresh += 1
        return f"r{self._fresh}"

    def _add(self, kind: str) -> str | None:
        slot, args = f"s{self._fresh + 1}", dict(USUAL[kind])
        if kind == "pipelines":
            connection, model = self._slot("connections"), self._slot("data-models")
            if connection is None or model is None:
                return None
            if self.program.slots[connection].workspace or self.program.slots[model].workspace:
                return None  # a pipeline finds what is in its own workspace
            args |= {"connection_id": Ref(connection), "data_model_id": Ref(model)}
        id_ = self._one_of(*IDS) if self.chance(60) else None
        component = "team" if self.chance(30) else None
        self._put(slot, Declared(kind, self._new_name(), args, id=id_, component=component))
        return f"add {slot}"

    def _add_any(self) -> str | None:
        if len(self.program.slots) > 3:
            return None
        return self._add(self._one_of(*USUAL))

    def _remove(self) -> str | None:
        if (slot := self._slot()) is None:
            return None
        gone = [slot, *self.program.users(slot)]
        for one in gone:
            self._put(one, None)
        for other, declared in self.program.slots.items():
            options = {**declared.options}
            if options.get("deleted_with") in gone or set(options.get("depends_on", ())) & set(gone):
                options = {name: value for name, value in options.items() if name not in ("deleted_with", "depends_on")}
                self._put(other, replace(declared, options=options))
        return f"remove {', '.join(gone)}"

    def _past(self, declared: Declared) -> Past:
        return Past(declared.name, self.program.components[declared.component].type if declared.component else None)

    def _rename(self) -> str | None:
        if (slot := self._slot()) is None:
            return None
        declared, name = self.program.slots[slot], self._new_name()
        renamed = replace(declared, name=name)
        says = f"rename {slot} to {name}"
        if declared.id is None and self.chance(80) and not self.program.ids_by_stack:
            renamed, says = replace(renamed, id=declared.name), f"{says}, keeping its id"
        return self._moved(slot, renamed, says)

    def _reparent(self) -> str | None:
        if (slot := self._slot()) is None:
            return None
        declared = self.program.slots[slot]
        to = self._one_of(*[place for place in (None, "team", "crew") if place != declared.component])
        return self._moved(slot, replace(declared, component=to), f"move {slot} to {to or 'the top'}")

    def _moved(self, slot: str, moved: Declared, says: str) -> str:
        past = self._past(self.program.slots[slot])
        if self.chance(50):
            aliases = tuple(dict.fromkeys((past, *moved.aliases)))
            moved, says = replace(moved, aliases=aliases), f"{says}, with an alias"
        self._put(slot, moved)
        return says

    def _retype(self) -> str | None:
        team = self.program.components["team"]
        if team.aliases or not any(declared.component == "team" for declared in self.program.slots.values()):
            return None
        type_ = next(type_ for type_ in TYPES if type_ != team.type)
        with_alias = self.chance(50)
        self.program = self.program.within(team=Component(type_, (team.type,) if with_alias else ()))
        return f"change the type of component team{', with an alias' if with_alias else ''}"

    def _change(self) -> str | None:
        if (slot := self._slot()) is None:
            return None
        declared = self.program.slots[slot]
        name = self._one_of(*CHANGES[declared.kind])
        value = self._one_of(*CHANGES[declared.kind][name])
        self._put(slot, declared.having(**{name: value}))
        return f"change {name} of {slot} to {value!r}"

    def _change_id(self) -> str | None:
        if (slot := self._slot()) is None:
            return None
        id_ = self._one_of(*IDS)
        self._put(slot, replace(self.program.slots[slot], id=id_))
        return f"change the id of {slot} to {id_}"

    def _swap(self) -> str | None:
        for kind in USUAL:
            slots = [slot for slot, declared in self.program.slots.items() if declared.kind == kind]
            if len(slots) > 1:
                one, other = (self.program.slots[slot] for slot in slots[:2])
                self._put(slots[0], replace(one, id=other.id or other.name))
                self._put(slots[1], replace(other, id=one.id or one.name))
                return f"swap the ids of {slots[0]} and {slots[1]}"
        return None

    def _option(self) -> str | None:
        if (slot := self._slot()) is None:
            return None
        declared = self.program.slots[slot]
        name = self._one_of(*OPTIONS)
        value = None if name in declared.options and self.chance(60) else self._one_of(*OPTIONS[name])
        if value == ["*"] and self.chance(70):
            usual = [name for name in CHANGES[declared.kind] if name in USUAL[declared.kind]]
            value = [self._one_of(*usual, ID[declared.kind])]
        self._put(slot, declared.opting(**{name: value}))
        return f"{slot}: {name}={value!r}"

    def _depend(self) -> str | None:
        slots = list(self.program.slots)
        if len(slots) < 2:
            return None
        later = self._pick(range(1, len(slots)))
        earlier = self._pick(slots[:later])
        name = self._one_of("depends_on", "deleted_with")
        declared = self.program.slots[slots[later]]
        value = [earlier] if name == "depends_on" else earlier
        self._put(slots[later], declared.opting(**{name: value}))
        return f"{slots[later]}: {name}={earlier}"

    def _import(self) -> str | None:
        if (slot := self._slot()) is None or self.program.ids_by_stack:
            return None
        declared = self.program.slots[slot]
        value = None if "import_" in declared.options else self.program.id(slot, "test")
        self._put(slot, declared.opting(import_=value))
        return f"{slot}: import_={value!r}"

    def _workspace(self) -> str | None:
        slot = self._slot("connections", "data-models")
        if slot is None or self.program.users(slot):
            return None
        declared = self.program.slots[slot]
        self._put(slot, replace(declared, workspace=None if declared.workspace else 5678))
        return f"move {slot} to another workspace"

    # --- what others do

    def _outside(self) -> Outside | None:
        if self.chance(25):
            kind = self._one_of("connections", "data-models")
            fields = {**USUAL[kind], "type": {"connections": "snowflake", "data-models": "sql"}[kind]}
            return Outside("make", Address(1234, kind, self._one_of(*IDS)), fields)
        if (slot := self._slot()) is None:
            return None
        address = self.program.address(slot, self._one_of(*self._stacks))
        what = self._one_of("edit", "edit", "edit", "delete", "recreate")
        if what != "edit":
            return Outside(what, address)
        changes = OUTSIDE[address.kind]
        name = self._one_of(*changes)
        return Outside("edit", address, {name: self._one_of(*changes[name])})

    # --- operations

    def _operation(self) -> Operation:
        kind = self._one_of(*_OPERATIONS)
        stack = self._one_of(*self._stacks)
        slot = None
        if kind in ("up --target", "up --replace", "state taint", "state rename", "destroy --target"):
            slot = self._slot()
            if slot is None:
                kind = "up"
        failure = None
        if not kind.startswith("state") and self.chance(20):
            failure = self._failure(kind)
        return Operation(kind, stack, slot, continues=kind.startswith("up") and self.chance(20), failure=failure)

    def _failure(self, operation: str) -> Failure:
        what = self._one_of("refused", "answer lost", "killed before", "killed after")
        if operation == "refresh":
            return Failure("refused", "GET")
        method = "DELETE" if operation.startswith("destroy") else self._one_of("POST", "PUT", "DELETE", "POST")
        return Failure(what, method, self._one_of(1, 1, 2))


_FIRST = (
    ("data-models",),
    ("connections", "data-models"),
    ("data-models", "data-models"),
    ("connections", "data-models", "pipelines"),
    ("connections", "data-models", "pipelines"),
)
_OPERATIONS = (
    *["up"] * 10,
    *["up --refresh"] * 3,
    *["up --replace"] * 2,
    *["up --target"] * 2,
    *["state taint"] * 1,
    *["state rename"] * 1,
    *["destroy --target"] * 1,
    "refresh",
    "destroy",
    "destroy --run-program",
)
