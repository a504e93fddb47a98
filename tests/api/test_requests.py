"""What goes over the wire."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import closing

import httpx
import pytest

from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.api.client import Client
from warehouse_sync_pulumi.api.endpoint import Endpoint

CONNECTION = Address(1234, "connections", "connection", "c")
ANSWER = b'{"id":"c","access_token":"token-1","pipeline_run_id":1}'
PATH = "/platform/v1/workspaces/1234/inputs/warehouse/connections"


def endpoint(url):
    return Endpoint(url, f"{url}/token", "v1", "client", "s3cret", retry_timeout=0)


def _lines_of_head(file):
    """What stands before the empty line, or before the end."""
    while (line := file.readline()) not in (b"\r\n", b""):
        yield line.decode()


@pytest.fixture
def sent():
    """Sends the requests of a call to a server: its port, and of each request the first line, the headers, the body."""

    def send(call):
        got = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]

            def serve():
                connection, _ = server.accept()
                with connection, connection.makefile("rb") as file:
                    while head := "".join(_lines_of_head(file)):
                        length = re.search(r"Content-Length: (\d+)", head)
                        first, *headers = head.splitlines()
                        got.append((first, set(headers), file.read(int(length[1]) if length else 0).decode()))
                        connection.sendall(
                            b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: %d\r\n\r\n" % len(ANSWER)
                        )
                        connection.sendall(ANSWER)

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            with closing(Client(endpoint(f"http://127.0.0.1:{port}"))) as client:
                call(client)
            thread.join(10)
            assert not thread.is_alive(), "the client is closed, and its connection is not"
        return port, *got

    return send


def always(port):
    return {
        f"Host: 127.0.0.1:{port}",
        "Accept: application/json",
        "Accept-Encoding: identity",
        "Connection: keep-alive",
        "User-Agent: warehouse-sync-pulumi",
    }


def test_a_request_without_a_body(sent):
    port, _, (first, headers, body) = sent(lambda client: client.get(CONNECTION))
    assert first == f"GET {PATH}/c HTTP/1.1"
    assert headers == always(port) | {"Authorization: Bearer token-1"}
    assert body == ""


def test_a_body_is_json(sent):
    port, _, (first, headers, body) = sent(lambda client: client.replace(CONNECTION, {"name": "café", "no": None}))
    assert first == f"PUT {PATH}/c HTTP/1.1"
    assert headers == always(port) | {
        "Authorization: Bearer token-1",
        "Content-Type: application/json",
        "Content-Length: 26",
    }
    assert body == '{"name":"café","no":null}'


def test_a_post_without_a_body_says_so(sent):
    port, _, (first, headers, body) = sent(lambda client: client.runs.trigger(CONNECTION))
    assert first == f"POST {PATH}/c HTTP/1.1"
    assert headers == always(port) | {"Authorization: Bearer token-1", "Content-Length: 0"}
    assert body == ""


def test_a_request_for_a_token_carries_none(sent):
    port, (first, headers, body), _ = sent(lambda client: client.get(CONNECTION))
    assert first == "POST /token HTTP/1.1"
    expected = {"Content-Type: application/json", f"Content-Length: {len(body)}"}
    assert headers == always(port) | expected


def test_no_cookie_is_kept(sent):
    _, _, *requests = sent(lambda client: [client.get(CONNECTION) for _ in range(2)])
    assert len(requests) == 2
    assert "Cookie" not in str(requests)


def test_a_slow_service_is_waited_for():
    """Creating a connection took 9.6 s."""
    waits = []

    def handle(request):
        waits.append(request.extensions["timeout"])
        return httpx.Response(200, content=ANSWER)

    with closing(Client(endpoint("https://api.example"), transport=httpx.MockTransport(handle))) as client:
        client.create(CONNECTION, {})
    assert waits == [{"connect": 10, "read": 90, "write": 30, "pool": 300}] * 2


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
    asked = []

    def handle(request):
        asked.append(request)
        return httpx.Response(200, content=ANSWER)

    with closing(Client(endpoint(url), transport=httpx.MockTransport(handle))) as client:
        client.get(CONNECTION)
    assert [request.headers["Host"] for request in asked] == [host, host]


def test_neither_the_token_nor_the_body_of_a_request_is_in_its_text():
    asked = httpx.Request(
        "POST", "https://api.example", json={"password": "s3cret"}, headers={"Authorization": "Bearer s3cret"}
    )
    assert "s3cret" not in f"{asked!r} {asked.headers!r}"
    assert "s3cret" not in repr(httpx.Response(200, headers={"Set-Cookie": "s3cret"}, content=b"s3cret"))
