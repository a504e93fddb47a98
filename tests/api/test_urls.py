"""Where a token may go."""

from __future__ import annotations

import ssl
from contextlib import closing
from pathlib import Path

import certifi
import pytest

from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.api.client import Client
from warehouse_sync_pulumi.api.endpoint import Endpoint, is_loopback
from warehouse_sync_pulumi.emulator import Fault
from warehouse_sync_pulumi.errors import SettingError, StatusError, WarehouseSyncError

GOOD = [
    "https://api.mparticle.com",
    "https://api.eu1.mparticle.com/",
    "https://gateway.example:8443/mparticle",
    "https://[2001:db8::1]/",
    "http://127.0.0.1:8080",
    "http://localhost:8080/",
    "http://[::1]:8080",
    "HTTP://LOCALHOST",
    "http://127.8.9.10",
]
HOSTILE_URLS = [
    "",
    " ",
    "api.mparticle.com",
    "//api.mparticle.com",
    "https://",
    "https:///path",
    "https:api.mparticle.com",
    "ftp://api.mparticle.com",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://api.mparticle.com",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "http://127.1",
    "http://2130706433",
    "http://0x7f000001",
    "http://0.0.0.0",
    "http://10.0.0.1",
    "http://localhost@evil.example",
    "https://user:word@api.mparticle.com",
    "https://user@api.mparticle.com",
    "https://@api.mparticle.com",
    "https://:word@api.mparticle.com",
    "https://api.mparticle.com?",
    "https://api.mparticle.com/?token=sentinel",
    "https://api.mparticle.com#",
    "https://api.mparticle.com/#sentinel",
    "https://api.mparticle.com:99999",
    "https://api.mparticle.com:port",
    "https://[::1",
    "https://evil.example\\.mparticle.com",
    "https://api.mparticle.com\\@evil.example",
    "https://api.mpar\nticle.com",
    "https://api.mparticle.com/\r\nX-Injected: 1",
    "https://api.mparticle.com/\tx",
    " https://api.mparticle.com",
    "https://api.mparticle.com ",
    "https://api mparticle.com",
    "https://api.mparticle.com/\x00",
    "https://\u202eapi.mparticle.com",
    "https://api..mparticle.com",
    f"https://{'a' * 64}.example",
    "https://api.mparticle.com/token;word=1",
]
HOSTILE_IDS = [
    "",
    ".",
    "..",
    "../x",
    "x/../y",
    "x/y",
    "/x",
    "//evil.example/x",
    "https://evil.example/x",
    "x?y",
    "x#y",
    "x%2fy",
    "%2e%2e",
    "x y",
    "x\n",
    "\nx",
    "x\r\nX-Injected: 1",
    "x\x00",
    "x\\y",
    "x;y",
    "x:y",
    "x@y",
    "é",
    "\N{FULLWIDTH LATIN SMALL LETTER X}",
    "x\u202e",
    "x.y",
    "*",
    "${x}",
    "{id}",
]


def endpoint(**settings):
    usual = {"api_url": "https://api.example", "auth_url": "https://auth.example", "client_secret": "secret"}
    return Endpoint(**{"api_version": "v1", "client_id": "client", "retry_timeout": 0, **usual, **settings})


def tls_of(client):
    """What decides which certificates are taken."""
    (transport,) = set(client._http._transport._inner._inner._by_host.values())
    return transport._pool._ssl_context


@pytest.mark.parametrize("setting", ["api_url", "auth_url"])
@pytest.mark.parametrize("url", GOOD)
def test_a_plain_https_url_is_taken_and_http_on_this_machine(url, setting):
    assert getattr(endpoint(**{setting: url}), setting) == url.rstrip("/")


@pytest.mark.parametrize("setting", ["api_url", "auth_url"])
@pytest.mark.parametrize("url", HOSTILE_URLS, ids=ascii)
def test_any_other_url_is_refused_in_one_line_without_what_it_hides(url, setting):
    with pytest.raises(SettingError) as raised:
        endpoint(**{setting: url})
    said = str(raised.value)
    assert said.startswith(setting.replace("_u", "U"))
    assert said.isprintable()
    assert "word" not in said
    assert "sentinel" not in said


@pytest.mark.parametrize("id_", HOSTILE_IDS, ids=ascii)
def test_an_id_cannot_leave_its_collection(id_):
    with pytest.raises(WarehouseSyncError) as raised:
        Address(1, "connections", "connection", id_)
    assert str(raised.value).isprintable()


def test_a_refused_id_is_quoted_in_part_only():
    with pytest.raises(WarehouseSyncError) as raised:
        Address(1, "connections", "connection", "../" * 100_000)
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize("workspace", ["../1", "1/2", "x", None, 1.5e400])
def test_a_workspace_is_a_number_in_the_path(workspace):
    with pytest.raises((ValueError, TypeError, OverflowError)):
        _ = Address(workspace, "connections", "connection").path


def test_a_secret_is_not_in_the_endpoints_text():
    assert "secret" not in repr(endpoint()).replace("client_secret", "")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_token_stays(emulator, client, status):
    emulator.faults.add(Fault(kind="redirect", status=status, location=f"{emulator.url}/elsewhere", path="connections"))
    with pytest.raises(StatusError, match=f"{status}, a redirect, which is not followed; check apiUrl"):
        client().list(Address(1234, "connections", "connection"))
    assert emulator.journal.count(path="elsewhere") == 0


def test_the_token_endpoints_redirect_is_not_followed_and_the_secret_stays(emulator, client):
    emulator.faults.add(Fault(kind="redirect", location=f"{emulator.url}/elsewhere", path="oauth/token"))
    with pytest.raises(StatusError, match="it answered 307"):
        client().list(Address(1234, "connections", "connection"))
    assert emulator.journal.count(path="elsewhere") == 0


@pytest.mark.parametrize(
    ("api", "auth", "verified"),
    [
        ("https://api.example", "https://auth.example", True),
        ("http://127.0.0.1:1", "https://auth.example", True),
        ("https://api.example", "http://127.0.0.1:1", True),
        ("https://localhost:1", "https://localhost:1", True),
        ("http://127.0.0.1:1", "http://127.0.0.1:1", False),
    ],
)
def test_certificates_are_verified_wherever_there_are_any(monkeypatch, api, auth, verified):
    contexts = []
    original = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda *a, **k: contexts.append(1) or original(*a, **k))
    Client(endpoint(api_url=api, auth_url=auth)).close()
    assert bool(contexts) is verified


def test_a_certificate_that_nobody_vouches_for_is_refused():
    with closing(Client(endpoint())) as made:
        context = tls_of(made)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_the_systems_authorities_are_taken_besides_the_public_ones(monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    asked = []
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda context, *_: asked.append(context))
    with closing(Client(endpoint())) as made:
        assert asked == [tls_of(made)]
        assert len(tls_of(made).get_ca_certs()) > 50


def test_a_folder_of_authorities_takes_the_place_of_all_others(monkeypatch, tmp_path):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with closing(Client(endpoint())) as made:
        assert tls_of(made).get_ca_certs() == []


def test_authorities_that_the_environment_names_are_the_only_ones(monkeypatch, tmp_path):
    public = Path(certifi.where()).read_text()
    one = tmp_path / "one.pem"
    one.write_text(public[: public.index("-----END CERTIFICATE-----")] + "-----END CERTIFICATE-----\n")
    monkeypatch.setenv("SSL_CERT_FILE", str(one))
    with closing(Client(endpoint())) as made:
        assert len(tls_of(made).get_ca_certs()) == 1


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_authorities_that_cannot_be_read_are_said_in_one_line(monkeypatch, tmp_path, content):
    file = tmp_path / "authorities.pem"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with pytest.raises(SettingError, match=r"^SSL_CERT_FILE is '.*', which holds no certificates that can be read: .+"):
        Client(endpoint())


@pytest.mark.parametrize("url", ["http://localhost", "http://127.0.0.1", "http://[::1]:1/x"])
def test_loopback(url):
    assert is_loopback(url)
