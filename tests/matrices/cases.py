"""A stack and an emulator for each case, and what has to be true of them in the end."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hosts import is_ours
from programs import three

if TYPE_CHECKING:
    from stack import Stack

    from warehouse_sync_pulumi.emulator import Emulator

PASSWORD, FEED_KEY = "correct-horse-battery", "us1-feed-key-staple"
CREATED = three(connection={"password": PASSWORD}, pipeline={"partner_feed_key": FEED_KEY})
UPDATED = three(
    connection={"password": PASSWORD, "role": "other_role"},
    data_model={"sql_query": "SELECT t.email, t.updated_at FROM mp.shop.customers AS t"},
    pipeline={"partner_feed_key": FEED_KEY, "schedule_interval": "daily"},
)
IMPATIENT = Path(__file__).parent / "impatient"
TYPES = {"connections": "Connection", "data-models": "DataModel", "pipelines": "Pipeline"}
KINDS = tuple(TYPES)


class Case:
    """A stack and an emulator of its own, as they stand before the fault."""

    def __init__(self, stack: Stack, emulator: Emulator) -> None:
        self.stack = stack
        self.emulator = emulator

    def objects(self):
        """What the emulator holds: every object of every kind, secrets included, without the times of its making."""
        return {
            (kind, id_): {name: value for name, value in held.items() if not name.startswith(("created", "last_mod"))}
            for kind in KINDS
            for id_, held in self.emulator.objects(kind).items()
        }

    def state(self):
        """What the state holds, read from its file: quicker than to export it."""
        return [r for r in self._checkpoint().get("resources", []) if is_ours(r["type"])]

    def _checkpoint(self):
        file = self.stack.folder / "state" / ".pulumi" / "stacks" / "project" / "test.json"
        return json.loads(file.read_text())["checkpoint"]["latest"]

    def wait_until_recorded(self, kind, timeout=60):
        """Block until the state holds all but one kind, which is being created.

        The engine overwrites its file in place: a kill meanwhile leaves half of it, which no provider can help.
        """
        others = {TYPES[other] for other in KINDS if other != kind and (kind == "pipelines" or other != "pipelines")}
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            with contextlib.suppress(ValueError):
                pending = [o["resource"]["type"] for o in self._checkpoint().get("pending_operations") or ()]
                names = {resource["type"].rpartition(":")[2] for resource in self.state()}
                if names == others and [type_.rpartition(":")[2] for type_ in pending] == [TYPES[kind]]:
                    return
            time.sleep(0.02)
        raise AssertionError(self._checkpoint())

    def agrees(self, program):
        """Whether API, state and program are of one mind, with one object for each resource."""
        assert list(self.objects()) == [(kind, "orders") for kind in KINDS]
        held = {kind: self.emulator.objects(kind)["orders"] for kind in KINDS}
        assert (held["connections"]["password"], held["pipelines"]["partner_feed_key"]) == (PASSWORD, FEED_KEY)
        assert (held["connections"]["role"] == "other_role") is (program == UPDATED)
        state = self.state()
        assert sorted((r["type"].rpartition(":")[2], r["id"]) for r in state) == [(t, "orders") for t in TYPES.values()]
        assert not any(resource.get("initErrors") for resource in state)
        return self.stack.is_unchanged("--refresh")
