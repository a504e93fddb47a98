"""The emulator as a whole."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path
from types import TracebackType

from typing_extensions import Self

from .app import App
from .behaviour import Behaviour
from .clock import Clock
from .controls.controls import Controls
from .controls.endpoints import ControlEndpoints
from .http.server import Server
from .service.api import Api
from .service.service import Service
from .service.store import Store
from .service.tokens import Tokens
from .warehouse import Warehouse, open_warehouse

__all__ = ["Emulator"]


class Emulator(Controls):
    """An emulator of the Warehouse Sync API on a loopback port.

    A context manager: it listens from `with` (or `start`) until the block's end (or `stop`).

    Args:
        port: the port to listen on; 0 takes a free one.
        behaviour: how it answers where the API reference leaves a choice.
        workspace_id: the workspace in `environment`, and the one meant where a method's `workspace_id` is left out.
        state: a file that keeps the objects and runs from one start to the next.
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
        self._port = port
        self._stopping = threading.Event()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        clock = Clock(start, speed=speed)
        tokens = Tokens(clock)
        store = Store(Path(state) if state is not None else None)
        if isinstance(warehouse, (str, Path)):
            warehouse = open_warehouse(warehouse)
        behaviour_now, stopping = self._current_behaviour, self._stopping
        service = Service(store, clock=clock, behaviour=behaviour_now, stopping=stopping, warehouse=warehouse)
        super().__init__(
            behaviour=behaviour or Behaviour(),
            workspace_id=workspace_id,
            clock=clock,
            tokens=tokens,
            store=store,
            service=service,
            warehouse=warehouse,
        )
        endpoints = ControlEndpoints(self, url=lambda: self.url)
        api = Api(service, tokens, clock=clock, behaviour=behaviour_now, stopping=stopping)
        self._app = App(api, self, endpoints, stopping)

    def start(self) -> Self:
        """Listen; raises OSError when the port is taken."""
        self._stopping.clear()
        self._server = Server(self._port, self._app.handle)
        self._port = self._server.server_address[1]  # a later start gets the same port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening; requests that wait or are held are released. Objects and runs stay for another `start`."""
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

    def _current_behaviour(self) -> Behaviour:
        """The switches, which a test may set at any time."""
        return self.behaviour
