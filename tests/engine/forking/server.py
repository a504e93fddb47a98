"""Forks a child for each client, and tells the client how it ended.

A client that is gone takes its child with it, and the server that ends takes them all.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import io
import marshal
import os
import runpy
import selectors
import signal
import site
import socket
import sys
import threading
from pathlib import Path

NEEDED = (
    "argparse",
    "encodings.idna",
    "grpc.experimental",
    "grpc._server",
    "httpcore",
    "pulumi.dynamic",
    "warehouse_sync_pulumi.api.client",
    "warehouse_sync_pulumi.plugin",
    "warehouse_sync_pulumi.queries",
    "warehouse_sync_pulumi.review.sql.examine",
)
"""What programs and providers import."""

_OURS = os.environ["PYTHONPATH"].split(os.pathsep)
_REQUESTED = 4
_LIBC = ctypes.CDLL(None)
_PARENT_DEATH = 1  # PR_SET_PDEATHSIG


class Server:
    """Waits for clients, for the ends of their children, and for its own."""

    def __init__(self, address: str) -> None:
        self._waiting = selectors.DefaultSelector()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(address)
        self._listener.listen(64)
        self._waiting.register(self._listener, selectors.EVENT_READ, self._fork)
        self._waiting.register(sys.stdin, selectors.EVENT_READ, lambda: sys.exit(0))

    def serve(self) -> list[str]:
        """Go on for ever; but in a child, return what it is to run."""
        while True:
            for key, _ready in self._waiting.select():
                if self._waiting.get_map().get(key.fd) is not key:
                    continue  # what came before it in this round ended it
                arguments = key.data()
                if arguments is not None:
                    return arguments

    def _fork(self) -> list[str] | None:
        client, _address = self._listener.accept()
        head, streams, _flags, _sender = socket.recv_fds(client, _REQUESTED, 3)
        size = int.from_bytes(head, "big")
        request = client.makefile("rb").read(size)
        if not size or len(request) < size:  # it was killed before it said what to run
            for stream in streams:
                os.close(stream)
            client.close()
            return None
        pid = os.fork()
        if pid == 0:
            _LIBC.prctl(_PARENT_DEATH, signal.SIGKILL)
            self._waiting.close()
            self._listener.close()
            client.close()
            return _become(streams, *marshal.loads(request))  # noqa: S302 - from the client beside it
        for stream in streams:
            os.close(stream)
        with contextlib.suppress(OSError):  # it may be gone, which shows below
            client.sendall(pid.to_bytes(4, "big"))
        end = os.pidfd_open(pid)

        def gone() -> None:
            self._waiting.unregister(client)
            os.kill(pid, signal.SIGKILL)

        def ended() -> None:
            self._waiting.unregister(end)
            if client in self._waiting.get_map():
                self._waiting.unregister(client)
            os.close(end)
            _pid, status = os.waitpid(pid, 0)
            code = os.waitstatus_to_exitcode(status)
            with client, contextlib.suppress(OSError):  # it may be gone
                client.sendall((code if code >= 0 else 128 - code).to_bytes(4, "big"))

        self._waiting.register(client, selectors.EVENT_READ, gone)
        self._waiting.register(end, selectors.EVENT_READ, ended)
        return None


def _become(streams: list[int], arguments: list[str], environment: dict[str, str], folder: str) -> list[str]:
    """Be the process that the client stands for."""
    os.environ.clear()
    os.environ.update(environment)
    sys.dont_write_bytecode = bool(environment.get("PYTHONDONTWRITEBYTECODE"))
    os.chdir(folder)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # As with -u.
    sys.stdin, sys.stdout, sys.stderr = (
        io.TextIOWrapper(open(number, mode, 0, closefd=False), "utf-8", errors, write_through=True)  # noqa: SIM115
        for number, mode, errors in ((0, "rb", "strict"), (1, "wb", "strict"), (2, "wb", "backslashreplace"))
    )
    paths = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path]
    sys.path[:] = [*paths, *(path for path in sys.path[1:] if path not in _OURS)]
    sys.modules.pop("sitecustomize", None)  # some systems have one of their own
    site.execsitecustomize()
    return [argument for argument in arguments if argument != "-u"]


def _run(arguments: list[str]) -> None:
    """Run what a command line of Python names."""
    if arguments[0] == "-m":
        sys.path.insert(0, "")
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.path.insert(0, str(Path(arguments[0]).parent))
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    for name in NEEDED:
        importlib.import_module(name)
    assert threading.active_count() == 1  # no other would be in the child
    server = Server(sys.argv[1])
    gc.collect()
    gc.freeze()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    _run(server.serve())
