"""The emulator as a whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from typing_extensions import Self

from .behaviour import Behaviour
from .clock import Clock
from .control import Control
from .duck import open_warehouse
from .exchange import Exchange
from .faults import Faults
from .journal import Journal
from .messages import Answer, Request
from .runs import AUTHOR
from .server import Server
from .service import Service
from .shapes import KINDS, KindName
from .store import Store
from .times import server_time
from .tokens import Tokens
from .warehouse import Warehouse

__all__ = ["Emulator"]


class Emulator:
    """An emulator of the Warehouse Sync API on a loopback port.

    A context manager: it listens from `with` (or `start`) until the block's end (or `stop`).

    Args:
        port: the port to listen on; 0 takes a free one.
        behaviour: how it answers where the paper leaves a choice.
        workspace_id: the workspace in `environment`, and the one meant where a method's `workspace_id` is left out.
        state: a file that keeps what the emulator holds from one start to the next.
        warehouse: a database behind connections, data models and runs (needs the extra `warehouse`): `sample`, a file
            of DuckDB statements, or an object of your own; without it any credentials and any SELECT are good.
        start: the first instant of its clock; by default the present.
        speed: the clock's seconds per real second; 0 stands still until it is moved.

    Raises:
        ModuleNotFoundError: for a warehouse without the extra.
        OSError: when the state or the warehouse's script cannot be read.
        ValueError: when either is not what it should be.
    """

    def __init__(  # noqa: PLR0913 - every part can be chosen
        self,
        port: int = 0,
        *,
        behaviour: Behaviour | None = None,
        workspace_id: int = 1234,
        state: Path | str | None = None,
        warehouse: Warehouse | str | Path | None = None,
        start: datetime | None = None,
        speed: float = 1.0,
    ) -> None:
        self.behaviour = behaviour or Behaviour()
        """The switches; assign another to change them while it serves."""
        self.workspace_id = workspace_id
        self.clock = Clock(start, speed=speed)
        self.journal = Journal()
        self.faults = Faults()
        self.tokens = Tokens(self.clock)
        self.warehouse = open_warehouse(warehouse) if isinstance(warehouse, (str, Path)) else warehouse
        self._port = port
        self._stopping = threading.Event()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._store = Store(Path(state) if state is not None else None)
        for kind in KINDS.values():
            for workspace in self._store.workspaces():
                self.journal.redactor.clean(self._store.all(kind.name, workspace))  # it learns what to hide
        self._service = Service(self._store, self.clock, lambda: self.behaviour, self._stopping, self.warehouse)
        self._exchange = Exchange(
            service=self._service,
            clock=self.clock,
            behaviour=lambda: self.behaviour,
            journal=self.journal,
            faults=self.faults,
            tokens=self.tokens,
            stopping=self._stopping,
        )
        self._control = Control(self)

    # --- listening ---

    def start(self) -> Self:
        """Listen; raises OSError when the port is taken."""
        self._stopping.clear()
        self._server = Server(self._port, self._handle)
        self._port = self._server.server_address[1]  # a later start gets the same port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening; requests that wait or are held are let go. What it holds stays for another `start`."""
        if self._server is None or self._thread is None:
            return
        self._stopping.set()
        self.faults.release()
        self.clock.wake()
        self._server.close()
        self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self.warehouse is not None:
            self.warehouse.close()

    @property
    def url(self) -> str:
        """Where it listens, as `http://127.0.0.1:PORT`: the value of `apiUrl`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that send the provider to this emulator."""
        return {
            "WAREHOUSE_SYNC_API_URL": self.url,
            "WAREHOUSE_SYNC_AUTH_URL": f"{self.url}/oauth/token",
            "WAREHOUSE_SYNC_CLIENT_ID": "emulator-client",
            "WAREHOUSE_SYNC_CLIENT_SECRET": "emulator-client-secret",
            "WAREHOUSE_SYNC_WORKSPACE_ID": str(self.workspace_id),
        }

    # --- looking in, and changing from outside ---

    def set(self, **switches: Any) -> None:
        """Set switches of the behaviour while it serves."""
        self.behaviour = self.behaviour.changed(**switches)

    def workspaces(self) -> list[int]:
        """The workspaces that hold something."""
        return self._store.workspaces()

    def objects(self, kind: KindName, workspace_id: int | None = None) -> dict[str, dict[str, Any]]:
        """Copies of what is held, by id, true secrets included."""
        return self._store.copy_of(kind, self._workspace(workspace_id))

    def put_object(self, kind: KindName, workspace_id: int | None = None, **fields: Any) -> dict[str, Any]:
        """Put an object in as if someone else had made it; nothing is checked, and fields left out are null."""
        workspace = self._workspace(workspace_id)
        made = {"created_on": server_time(self.clock.now()), "created_by": AUTHOR}
        known = {field.name: field.default for field in KINDS[kind].fields if field.source != "recorded"}
        value = {**known, "name": fields["id"], **made, **fields, "workspace_id": workspace}
        self.journal.redactor.clean(value)  # it learns what to hide
        self._store.put(kind, workspace, fields["id"], value)
        return dict(value)

    def change(self, kind: KindName, object_id: str, workspace_id: int | None = None, **fields: Any) -> None:
        """Change fields of an object as if someone else had; raises KeyError when it is not there."""
        workspace = self._workspace(workspace_id)
        self.journal.redactor.clean(fields)  # it learns what to hide
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
        """Put in a finished run; any field of a run can be given. Raises KeyError when there is no such pipeline."""
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

    def _handle(self, request: Request) -> tuple[Answer, Callable[[], None]]:
        if request.path == "/_emulator" or request.path.startswith("/_emulator/"):
            return self._control.answer(request), _nothing
        answer, armed = self._exchange.answer(request)
        return answer, armed.hold if armed else _nothing


def _nothing() -> None:
    """What there is to wait for in the middle of an answer that does not stall."""
