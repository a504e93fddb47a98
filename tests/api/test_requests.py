"""What goes over the wire."""

from __future__ import annotations

import re
import socket
import threading

import httpcore
import pytest

from warehouse_sync_pulumi.api.messages import Request, Response
from warehouse_sync_pulumi.api.sockets import Sockets, _host


@pytest.fixture
def sent():
    """Sends a request to a server: its port, the head as lines, and the body."""

    def send(**request):
        got = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]

            def serve():
                connection, _ = server.accept()
                with connection:
                    with connection.makefile("rb") as file:
                        head = b"".join(iter(file.readline, b"\r\n")).decode()
                        length = re.search(r"Content-Length: (\d+)", head)
                        got.extend((head.splitlines(), file.read(int(length[1]) if length else 0).decode()))
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nx-a: 2\r\n\r\n{}")

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            sockets = Sockets(with_tls=False)
            answer = sockets.exchange(Request(url=f"http://127.0.0.1:{port}/a/b?c=d%20e", **request))
            sockets.close()
            thread.join(10)
        assert (answer.status, answer.content, answer.headers["x-a"]) == (200, b"{}", "2")
        return port, *got

    return send


ALWAYS = ["Accept: application/json", "Accept-Encoding: identity", "User-Agent: warehouse-sync-pulumi"]


def test_a_request_without_a_body(sent):
    port, head, body = sent(method="GET", token="token-1")
    assert head == ["GET /a/b?c=d%20e HTTP/1.1", f"Host: 127.0.0.1:{port}", *ALWAYS, "Authorization: Bearer token-1"]
    assert body == ""


def test_a_body_is_json(sent):
    _, head, body = sent(method="PUT", body={"name": "café", "no": None})
    assert head[2:] == [*ALWAYS, "Content-Type: application/json", "Content-Length: 26"]
    assert body == '{"name":"café","no":null}'


def test_a_post_without_a_body_says_so(sent):
    _, head, body = sent(method="POST")
    assert head[2:] == [*ALWAYS, "Content-Length: 0"]
    assert body == ""


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://API.example:443/x", "api.example"),
        ("https://api.example:/x", "api.example"),
        ("https://api.example:8443/x", "api.example:8443"),
        ("http://[::1]/x", "[::1]"),
    ],
)
def test_the_host_is_named_as_a_browser_names_it(url, host):
    assert _host(httpcore.URL(url)) == host


def test_neither_the_token_nor_the_body_of_a_request_is_in_its_text():
    assert "s3cret" not in repr(Request("POST", "https://api.example", {"password": "s3cret"}, token="s3cret"))
    assert "s3cret" not in repr(Response(200, {"set-cookie": "s3cret"}, b"s3cret"))
