"""What a test sees and changes of an emulator in its own process."""

from __future__ import annotations

from typing import Any

from ..behaviour import Behaviour
from ..clock import Clock
from ..service.models import KINDS, KindName
from ..service.runs import AUTHOR
from ..service.service import Service
from ..service.store import Store
from ..service.times import format_server_time
from ..service.tokens import Tokens
from ..warehouse import Warehouse
from .faults import Faults
from .journal import Journal

__all__ = ["Controls"]


class Controls:
    """Reads and changes an emulator as someone beside the API would: nothing is checked, nothing is in the journal."""

    def __init__(  # noqa: PLR0913 - the parts that a test can reach
        self,
        *,
        behaviour: Behaviour,
        workspace_id: int,
        clock: Clock,
        tokens: Tokens,
        store: Store,
        service: Service,
        warehouse: Warehouse | None,
    ) -> None:
        self.behaviour = behaviour
        """The switches; assign another to change them while it serves."""
        self.workspace_id = workspace_id
        self.clock = clock
        self.tokens = tokens
        self.warehouse = warehouse
        self.journal = Journal()
        self.faults = Faults()
        self._store = store
        self._service = service
        for kind in KINDS:
            for workspace in store.workspaces():
                self.journal.redactor.learn_from(store.all(kind, workspace))

    def set(self, **switches: Any) -> None:
        """Set switches of the behaviour while it serves."""
        self.behaviour = self.behaviour.changed(**switches)

    def workspaces(self) -> list[int]:
        """The workspaces that hold something."""
        return self._store.workspaces()

    def objects(self, kind: KindName, workspace_id: int | None = None) -> dict[str, dict[str, Any]]:
        """Copies of the stored objects, by id, true secrets included."""
        return self._store.copy_of(kind, self._workspace(workspace_id))

    def put_object(self, kind: KindName, workspace_id: int | None = None, **fields: Any) -> dict[str, Any]:
        """Store an object as if someone else had created it; nothing is checked, and fields left out are null."""
        workspace = self._workspace(workspace_id)
        made = {"created_on": format_server_time(self.clock.now()), "created_by": AUTHOR}
        known = {name: default for name, default in KINDS[kind].defaults.items() if name not in KINDS[kind].recorded}
        value = {**known, "name": fields["id"], **made, **fields, "workspace_id": workspace}
        self.journal.redactor.learn_from(value)
        self._store.put(kind, workspace, fields["id"], value)
        return dict(value)

    def change(self, kind: KindName, object_id: str, workspace_id: int | None = None, **fields: Any) -> None:
        """Change fields of an object as if someone else had; raises KeyError when it is not there."""
        workspace = self._workspace(workspace_id)
        self.journal.redactor.learn_from(fields)
        with self._store.lock:
            old = self._store.get(kind, workspace, object_id)
            if old is None:
                raise KeyError(object_id)
            self._store.put(kind, workspace, object_id, {**old, **fields})

    def remove(self, kind: KindName, object_id: str, workspace_id: int | None = None) -> None:
        """Remove an object, whatever uses it, as if someone else had; raises KeyError when it is not there."""
        if not self._store.remove(kind, self._workspace(workspace_id), object_id):
            raise KeyError(object_id)

    def add_run(self, pipeline_id: str, workspace_id: int | None = None, **fields: Any) -> dict[str, Any]:
        """Add a finished run; any field of a run can be given. Raises KeyError when there is no such pipeline."""
        workspace = self._workspace(workspace_id)
        if self._store.get("pipelines", workspace, pipeline_id) is None:
            raise KeyError(pipeline_id)
        return self._service.runs.add(workspace, pipeline_id, **fields)

    def clear(self) -> None:
        """Forget every object, run, journal entry and fault; tokens stay valid."""
        self.faults.clear()
        self._store.clear()
        self.journal.clear()

    def _workspace(self, workspace_id: int | None) -> int:
        return self.workspace_id if workspace_id is None else workspace_id
