"""The environment's proxy, as other programs use it."""

from __future__ import annotations

import socket
import threading
from base64 import b64encode

import httpx
import pytest

from warehouse_sync_pulumi.api import deadline, network
from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.api.client import Client
from warehouse_sync_pulumi.api.endpoint import Endpoint
from warehouse_sync_pulumi.api.network import proxy_for
from warehouse_sync_pulumi.errors import SettingError, UnreachableError

API, SSO = "https://api.mparticle.com", "https://sso.auth.mparticle.com/oauth/token"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@pytest.fixture
def proxy():
    """A proxy that refuses: its port, and the requests it got."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        got = []

        def serve():
            connection, _ = server.accept()
            with connection:
                got.append(connection.recv(4096).decode())
                connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1], got
        thread.join(10)


def client():
    return Client(Endpoint(API, SSO, "experimental", "id", "secret", retry_timeout=0))


def test_a_request_goes_through_the_proxy_and_its_refusal_is_no_connection(proxy, environment):
    port, got = proxy
    environment.setenv("HTTPS_PROXY", f"127.0.0.1:{port}")
    with pytest.raises(UnreachableError, match=r"no connection to sso\.auth\.mparticle\.com: 407 Proxy Authentication"):
        client().list(Address(1, "connections", "connection"))
    assert got[0].startswith("CONNECT sso.auth.mparticle.com:443 ")
    assert "secret" not in got[0]


@pytest.mark.parametrize(
    ("named", "sent"),
    [("user:pass%40word", "user:pass@word"), ("us%C3%A9r:w", "usér:w"), (":token", ":token"), ("user", "user:")],
)
def test_a_proxy_gets_the_credentials_of_its_own_url(proxy, environment, named, sent):
    port, got = proxy
    environment.setenv("HTTPS_PROXY", f"http://{named}@127.0.0.1:{port}")
    with pytest.raises(UnreachableError):
        client().list(Address(1, "connections", "connection"))
    assert f"Proxy-Authorization: Basic {b64encode(sent.encode()).decode()}" in got[0]


def test_connections_that_fail_behind_a_proxy_do_not_make_a_request_wait_for_ever(environment):
    """httpx keeps the place in the pool of a connection whose TLS fails."""
    environment.setattr(network, "LIMITS", httpx.Limits(max_connections=1))
    environment.setattr(network, "TIMEOUT", httpx.Timeout(10, pool=0.1))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                connection.recv(4096)
                connection.sendall(b"no TLS")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        environment.setenv("HTTPS_PROXY", f"127.0.0.1:{server.getsockname()[1]}")
        api = client()
        for _ in range(2):
            with pytest.raises(UnreachableError, match="no connection to"):
                api.list(Address(1, "connections", "connection"))
        thread.join(10)


def test_the_wait_for_a_connection_is_bounded():
    assert network.TIMEOUT.pool == deadline.LONGEST_ANSWER


def test_a_host_that_no_proxy_exempts_and_this_machine_are_reached_directly(environment):
    environment.setenv("HTTPS_PROXY", "http://proxy:3128")
    assert [proxy_for(url) for url in (API, SSO)] == [("http://proxy:3128", "HTTPS_PROXY")] * 2
    assert proxy_for("http://127.0.0.1:8089/oauth/token") is None
    environment.setenv("NO_PROXY", ".mparticle.com")
    assert [proxy_for(url) for url in (API, SSO)] == [None, None]
    environment.setenv("NO_PROXY", "api.mparticle.com")
    assert [proxy_for(url) for url in (API, SSO)] == [None, ("http://proxy:3128", "HTTPS_PROXY")]


def test_without_a_proxy_in_the_environment_there_is_none():
    assert [proxy_for(url) for url in (API, SSO)] == [None, None]


@pytest.mark.parametrize(
    "proxy",
    [
        "ftp://u:hunter2@proxy",
        "http://proxy:hunter2",
        "socks5://hunter2@proxy:1080",
        "http://u:hunter2@999.1.1.1",
        "http://u:hunter2@",
        "http://u:hunter2@[::1",
        "http://u:12/hunter2@proxy:3128",
        "http://u:12#hunter2@proxy:3128",
    ],
)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "ALL_PROXY"])
def test_one_that_cannot_be_used_is_said_in_one_line_without_its_password(environment, proxy, variable):
    environment.setenv(variable, proxy)
    with pytest.raises(SettingError, match=rf"^{variable} cannot be used: .*NO_PROXY") as caught:
        client()
    assert "hunter2" not in str(caught.value)
