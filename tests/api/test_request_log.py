"""The log of requests: what it says, where it goes, and what never stands in it."""

from __future__ import annotations

import re
import stat

import httpx
import pytest

from warehouse_sync_pulumi.api import request_log
from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.emulator import Fault
from warehouse_sync_pulumi.errors import BadRequestError, SettingError, UnreachableError

CONNECTION = Address(1234, "connections", "connection", "orders")
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (POST|GET|PUT|DELETE) 127\.0\.0\.1/\S+ .+ in \d+\.\d{3} s, attempt \d+.*"
)


@pytest.fixture(autouse=True)
def anew(monkeypatch):
    for name in (request_log.LEVEL, request_log.LOG_FILE):
        monkeypatch.delenv(name, raising=False)
    yield
    request_log._write_to("", "")


@pytest.fixture
def file(monkeypatch, tmp_path):
    monkeypatch.setenv(request_log.LEVEL, "debug")
    monkeypatch.setenv(request_log.LOG_FILE, str(tmp_path / "requests.log"))
    return tmp_path / "requests.log"


def test_a_line_names_the_attempt_its_outcome_and_what_it_waited_for(retrying):
    lines, refused = [], "no connection to api.example: refused"
    transport = retrying(429, httpx.ConnectError("refused"), 503, 200, trace=lines.append)
    transport.handle_request(httpx.Request("GET", "https://api.example/x?secret=1"))
    assert lines == [
        "GET api.example/x 429 in 0.000 s, attempt 1",
        f"GET api.example/x {refused} in 0.000 s, attempt 2, after 0.2 s: the API answered 429, too many requests",
        f"GET api.example/x 503 in 0.000 s, attempt 3, after 0.2 s: {refused}",
        "GET api.example/x 200 in 0.000 s, attempt 4, after 0.5 s: the API answered 503",
    ]


def test_it_is_written_to_a_file_of_the_owners_alone_and_appended_to(client, emulator, file):
    file.touch(0o644)
    client().list(CONNECTION.siblings)
    client().list(CONNECTION.siblings)
    lines = file.read_text().splitlines()
    assert all(LINE.fullmatch(line) for line in lines), lines
    assert [line.split()[1] for line in lines] == ["POST", "GET"] * 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_neither_secrets_nor_bodies_nor_queries_stand_in_it(client, emulator, file):
    asked = client(retry_timeout=0)
    emulator.faults.add(Fault(kind="echo", path="connections"))
    with pytest.raises(BadRequestError):
        asked.create(CONNECTION, {"id": "orders", "password": "correct horse", "name": "said-in-the-body"})
    emulator.faults.add(Fault(kind="status", path="pipelines/p/status/runs", times=None))
    with pytest.raises(Exception, match="503"):
        next(asked.runs.each(Address(1234, "pipelines", "pipeline", "p"), start="2022-01-01T00:00:00Z"))
    text = file.read_text()
    assert len(text.splitlines()) == 3
    (token,) = emulator.tokens._issued
    for hidden in ("correct horse", "said-in-the-body", "2022-01-01", "client+secret/7", token, "Bearer", "?"):
        assert hidden not in text


def test_an_id_that_holds_a_secret_is_hidden(client, emulator, file):
    asked = client(client_secret="sentinel-secret", retry_timeout=0)
    with pytest.raises(Exception, match="404"):
        asked.get(Address(1234, "connections", "connection", "sentinel-secret"))
    assert "connections/[secret] 404" in file.read_text()


def test_without_a_file_it_goes_to_standard_error_and_unasked_nowhere(client, emulator, capsys, monkeypatch):
    client().list(CONNECTION.siblings)
    assert capsys.readouterr().err == ""
    monkeypatch.setenv(request_log.LEVEL, "DEBUG")
    client().list(CONNECTION.siblings)
    assert len(capsys.readouterr().err.splitlines()) == 2
    monkeypatch.delenv(request_log.LEVEL)
    client().list(CONNECTION.siblings)
    assert capsys.readouterr().err == ""


def test_an_attempt_without_an_answer_is_noted_too(client, file):
    with pytest.raises(UnreachableError):
        client(auth_url="http://127.0.0.1:1/token", retry_timeout=0).list(CONNECTION.siblings)
    (line,) = file.read_text().splitlines()
    assert "POST 127.0.0.1/token no connection to 127.0.0.1: " in line


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"WAREHOUSE_SYNC_LOG": "loud"}, "WAREHOUSE_SYNC_LOG is 'loud': it must be debug, or unset"),
        ({"WAREHOUSE_SYNC_LOG_FILE": "/nowhere/log"}, "WAREHOUSE_SYNC_LOG_FILE is '/nowhere/log', which cannot be"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_line(client, monkeypatch, variables, said):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingError, match=re.escape(said)):
        client()
