"""HTTP on a loopback socket; the answers come from a callable."""

from __future__ import annotations

import contextlib
import logging
import socket
import struct
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from .messages import Request, Response, error_response

__all__ = ["Server"]

Handle = Callable[[Request], tuple[Response, Callable[[], None]]]
"""Gives an answer, and what to wait for in the middle of a stalled one."""

_LOG = logging.getLogger(__name__)
_LARGEST_BODY = 16 * 1024 * 1024
_PIECE = 64 * 1024


class Server(ThreadingHTTPServer):
    """Serves until it is closed; no thread and no connection outlives it."""

    request_queue_size = 128
    daemon_threads = True

    def __init__(self, port: int, handle: Handle) -> None:
        self.handle = handle
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        self._workers: set[threading.Thread] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give each connection a thread of its own, and remember both."""
        worker = threading.Thread(target=self._work, args=(request, client_address), daemon=True)
        with self._lock:
            self._connections.add(request)
            self._workers.add(worker)
        worker.start()

    def _work(self, request: socket.socket, client_address: Any) -> None:
        try:
            self.process_request_thread(request, client_address)
        finally:
            with self._lock:
                self._connections.discard(request)
                self._workers.discard(threading.current_thread())

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Ignore a client that went away; log anything else, and never show it to the client."""
        if not isinstance(sys.exc_info()[1], OSError):
            _LOG.exception("The emulator failed to serve a connection.")

    def close(self) -> None:
        """Stop listening, break off what is open, and wait for the threads."""
        self.shutdown()
        self.server_close()
        with self._lock:
            connections, workers = list(self._connections), list(self._workers)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for worker in workers:
            worker.join(timeout=5)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "warehouse-sync-emulator"
    sys_version = ""
    # Unbuffered writes behind Nagle's algorithm cost 44 ms on each answer of a connection that is kept alive.
    wbufsize = -1
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        try:
            request = self._read_request()
            response, wait = (
                (error_response(request, _REASONS[request]), _nothing)
                if isinstance(request, int)
                else (self.server.handle(request))
            )
            self._send(response, wait)
        except ConnectionError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _serve  # noqa: N815

    def _read_request(self) -> Request | int:
        """The request, or the status that refuses it."""
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdigit():
            self.close_connection = True
            return 411
        if int(length) > _LARGEST_BODY:
            self.close_connection = True
            return 413
        target = urlsplit(self.path)
        return Request(
            method=self.command,
            path=unquote(target.path),
            query=parse_qs(target.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(length)),
        )

    def _send(self, response: Response, wait: Callable[[], None]) -> None:
        if response.ending in ("reset", "close"):
            self._break(reset=response.ending == "reset")
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != 204:  # noqa: PLR2004 - the status that has no body, and so no length
            self.send_header("Content-Length", str(len(response.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        body = b"" if self.command == "HEAD" else response.body
        if response.ending == "whole":
            for start in range(0, len(body), _PIECE):
                self.wfile.write(body[start : start + _PIECE])
            self.wfile.flush()
            return
        half = len(body) // 2
        self.wfile.write(body[:half])
        self.wfile.flush()
        if response.ending == "stall":
            wait()
            self.wfile.write(body[half:])
            self.wfile.flush()
        else:
            self._break(reset=False)

    def _break(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            # A linger time of zero makes closing send RST.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        else:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Refuse in the API's error form what the HTTP parser itself refuses, an unknown method above all."""
        status = 405 if code == 501 else code  # noqa: PLR2004 - what the parser says of a method that it does not know
        self.close_connection = True
        self.command = getattr(self, "command", None) or "GET"
        self.request_version = self.protocol_version  # else a malformed request counts as HTTP/0.9: no status line
        self._send(error_response(status, message or "The request is malformed."), _nothing)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """The journal is the log."""


_REASONS = {411: "A request body needs a Content-Length.", 413: "The request body is too large."}


def _nothing() -> None:
    pass
