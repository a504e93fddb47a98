"""Hostile answers: any status, header and body ends in a value or in one clear line, and in bounded time and memory."""

from __future__ import annotations

import gzip
import html
import json
import socket
import threading
import time
import tracemalloc
import zlib
from contextlib import contextmanager

import httpx
import pytest

from warehouse_sync_pulumi.api import deadline, network, whole_answer
from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.api.answers import error_text, json_in
from warehouse_sync_pulumi.emulator import Fault
from warehouse_sync_pulumi.errors import AnswerLostError, ApiError, StatusError, UnreachableError
from warehouse_sync_pulumi.redaction import HIDDEN, Secrets, hide

CONNECTION = Address(1234, "connections", "connection", "c")
DEEP = 100_000

UNREADABLE = {
    "nothing": b"",
    "text": b"OK",
    "half": b'{"id": "c"',
    "nul": b"\x00",
    "not utf-8": b'{"id": "\xff\xfe"}',
    "a page": b"<html><title>Sign in</title></html>",
    "lists without end": b"[" * DEEP,
    "nested lists": b"[" * DEEP + b"]" * DEEP,
    "nested objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deeper than Pulumi can carry": b'{"id": "c", "x": ' + b"[" * 40 + b"]" * 40 + b"}",
    "NaN": b'{"id": "c", "x": NaN}',
    "Infinity": b'{"id": "c", "x": -Infinity}',
    "a float past all bounds": b'{"id": "c", "x": 1e999}',
    "an integer past all bounds": b'{"id": "c", "x": ' + b"9" * 400 + b"}",
    "an integer past Python's own bound": b'{"id": "c", "x": ' + b"9" * 10_000 + b"}",
    "half a character": b'{"id": "c", "x": "\\ud800"}',
    "a signature of Pulumi's": b'{"id": "c", "x": ["04da6b54-80e4-46f7-96ec-b56ff0331ba9"]}',
    "a key of Pulumi's own": b'{"id": "c", "x": {"4dabf18193072939515e22adb298388d": "c4"}}',
    "half a character in a key": b'{"id": "c", "\\udfff": 1}',
}


NOT_THE_OBJECT = {
    "null": b"null",
    "a number": b"7",
    "a list": b'[{"id": "c"}]',
    "empty": b"{}",
    "another": b'{"id": "d"}',
    "an id that is none": b'{"id": ["c"]}',
    "wrapped": b'{"data": {"id": "c"}}',
}
NO_LIST = {
    "an object": b"{}",
    "an error": b'{"errors": []}',
    "not objects": b'["c"]',
    "null": b"null",
    "a text": b'"c"',
}
REFUSALS = {
    "nothing": (b"", ""),
    "the page's sample": (b'{"statusCode": 400, "errors": [{"message": "Busy."}]}', ": Busy"),
    "several": (b'{"errors": [{"message": "One."}, {"code": 1, "message": "Two."}]}', ": One.; Two"),
    "texts": (b'{"errors": ["One", "Two"]}', ": One; Two"),
    "a message": (b'{"message": "Busy"}', ": Busy"),
    "OAuth's": (b'{"error": "denied", "error_description": "No"}', ": No; denied"),
    "a text": (b'"Busy"', ": Busy"),
    "plain": (b"Busy", ": Busy"),
    "messages that are none": (b'{"errors": [{"message": {"a": 1}}, 7, null, []]}', ""),
    "errors that are none": (b'{"errors": 7}', ""),
    "a gateway's page": (b"<html><head><title>502 Bad\nGateway</title></head></html>", ": 502 Bad Gateway"),
    "a page with entities": (b"<title>a &amp; b</title>", ": a & b"),
    "a page without a title": (b"<html><body>x</body></html>", ""),
    "titles without end": (b"<title" * 10_000, ""),
    "control characters": (b'{"message": "a\\u001b[2Jb\\u0000c\\r\\nd\\u202ee"}', ": a [2Jb c d e"),
    "not utf-8": (b"caf\xe9", ": caf\N{REPLACEMENT CHARACTER}"),
    "long": (b"x" * 10_000, ": " + "x" * 400 + "…"),
    "nested": (b"[" * DEEP, ": " + "[" * 400 + "…"),
}


@pytest.fixture
def served(client):
    """A client whose every answer from the API is one and the same."""

    def make(body, status=200, headers=None, secrets=None):
        def handle(request):
            if request.url.path.endswith("token"):
                return httpx.Response(200, json={"access_token": "token-1"})
            named = headers or {"Content-Type": "application/json"}
            return httpx.Response(status, headers=named, stream=httpx.ByteStream(body))

        return client(retry_timeout=0, secrets=secrets, transport=httpx.MockTransport(handle))

    return make


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_an_answer_that_cannot_be_read_is_one_clear_line(served, body):
    api = served(body)
    for method in ("get", "create", "replace"):
        arguments = () if method == "get" else ({"id": "c"},)
        with pytest.raises(
            AnswerLostError, match=r"cannot \w+ connection 'c' in workspace 1234: the answer of 200 cannot"
        ):
            getattr(api, method)(CONNECTION, *arguments)
    with pytest.raises(AnswerLostError, match="cannot be read"):
        api.list(CONNECTION.siblings)


@pytest.mark.parametrize("body", NOT_THE_OBJECT.values(), ids=NOT_THE_OBJECT.keys())
def test_an_answer_that_is_not_the_object_is_one_clear_line(served, body):
    with pytest.raises(AnswerLostError, match="the answer"):
        served(body).get(CONNECTION)


def test_an_empty_answer_to_a_read_is_one_clear_line(served):
    with pytest.raises(AnswerLostError, match="the answer is not that connection"):
        served(b"", 204).get(CONNECTION)


@pytest.mark.parametrize("body", NO_LIST.values(), ids=NO_LIST.keys())
def test_an_answer_that_is_no_list_of_objects_is_one_clear_line(served, body):
    with pytest.raises(AnswerLostError, match="the answer"):
        served(body).list(CONNECTION.siblings)


@pytest.mark.parametrize("status", [400, 404, 409, 429, 500, 505, 599])
@pytest.mark.parametrize(("body", "said"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_a_refusal_says_is_quoted_in_one_clear_line(served, status, body, said):
    with pytest.raises(ApiError) as raised:
        served(body, status).replace(CONNECTION, {"id": "c"})
    assert f"cannot update connection 'c' in workspace 1234: the API answered {status}{said}" in str(raised.value)
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 700


@pytest.mark.parametrize("charset", ["zlib", "hex", "base64", "rot13", "idna", "punycode", "utf-7", "nonsense"])
def test_the_character_set_that_an_answer_names_is_not_used(charset):
    headers = {"content-type": f"text/plain; charset={charset}"}
    response = httpx.Response(500, content=zlib.compress(b"x" * 10**6), headers=headers)
    assert len(error_text(response, str)) < 500
    assert error_text(httpx.Response(500, content=b"Busy", headers=headers), str) == ": Busy"
    assert json_in(httpx.Response(200, content=b'{"a": 1}', headers=headers)) == {"a": 1}


HEADERS = {
    "a length that is none": b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a length below the body": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}{}",
    "a length beyond the body": b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{}",
    "a status that is none": b"HTTP/1.1 twohundred OK\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.0\r\n",
    "an echo": b"GET /platform/experimental HTTP/1.1\r\nAuthorization: Bearer sentinel\r\n\r\n",
    "a header line that is none": b"HTTP/1.1 200 OK\r\nAuthorization Bearer sentinel\r\n\r\n",
    "bad chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "headers without end": b"HTTP/1.1 200 OK\r\n" + b"X-A: 1\r\n" * 20_000,
    "a header without end": b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 200_000,
    "nothing": b"",
    "an early hint for ever": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 10,
    "a switch of protocols": b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
}


@contextmanager
def server(serve):
    """A raw socket: `serve` gets each connection once its request was read, and the event that ends the test."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept():
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=one, args=(connection,), daemon=True).start()

        def one(connection):
            with connection:
                try:
                    connection.recv(65536)
                    serve(connection, over)
                except OSError:
                    pass

        threading.Thread(target=accept, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            listening.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("sent", HEADERS.values(), ids=HEADERS.keys())
def test_what_is_no_http_is_one_clear_line_that_does_not_quote_it(client, sent):
    with server(lambda connection, _over: connection.sendall(sent)) as url:
        api = client(api_url=url, retry_timeout=0)
        with pytest.raises(ApiError) as raised:
            api.get(CONNECTION)
    assert "cannot read connection 'c' in workspace 1234" in str(raised.value)
    assert "sentinel" not in str(raised.value)
    assert str(raised.value).isprintable()


@pytest.fixture
def impatient(monkeypatch):
    """The time-outs, some hundred times shorter."""
    monkeypatch.setattr(network, "TIMEOUT", httpx.Timeout(0.5, read=0.3))
    monkeypatch.setattr(deadline, "LONGEST_ANSWER", 0.6)


def trickle(head, piece):
    def serve(connection, over):
        connection.sendall(head)
        while not over.wait(0.05):
            connection.sendall(piece)

    return serve


OK = b"HTTP/1.1 200 OK\r\n"
ENDLESS = {
    "silence": lambda _connection, over: over.wait(10),
    "half an answer, then silence": lambda connection, over: connection.sendall(OK) or over.wait(10),
    "half a body, then silence": lambda c, over: c.sendall(OK + b"Content-Length: 9\r\n\r\n[") or over.wait(10),
    "a status line that trickles": trickle(b"HTTP/1.1 200 ", b"O"),
    "headers that trickle": trickle(OK, b"X-A: 1\r\n"),
    "a body that trickles": trickle(OK + b"Content-Length: 99999\r\n\r\n[", b" "),
    "chunks that trickle": trickle(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "a body without end or length": trickle(OK + b"\r\n", b" "),
    "early hints for ever": trickle(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}


@pytest.mark.parametrize("where", ["api_url", "auth_url"])
@pytest.mark.parametrize("serve", ENDLESS.values(), ids=ENDLESS.keys())
def test_an_answer_without_end_is_given_up(client, impatient, serve, where):
    start = time.monotonic()
    with server(serve) as url:
        api = client(**{where: url}, retry_timeout=0)
        with pytest.raises(ApiError, match=r"cannot read connection 'c' in workspace 1234: .*(timed out|longer than)"):
            api.get(CONNECTION)
    assert time.monotonic() - start < 5


def test_a_body_without_end_is_given_up_at_its_largest(client, monkeypatch):
    monkeypatch.setattr(whole_answer, "LARGEST_ANSWER", 2**20)

    def serve(connection, over):
        connection.sendall(OK + b"\r\n")
        while not over.is_set():
            connection.sendall(b" " * 65536)

    with server(serve) as url, pytest.raises(AnswerLostError, match="the answer is larger than 1 MiB"):
        client(api_url=url).get(CONNECTION)


def test_an_answer_that_is_too_large_gives_its_connection_back(emulator, client, monkeypatch):
    monkeypatch.setattr(whole_answer, "LARGEST_ANSWER", 1000)
    monkeypatch.setattr(network, "LIMITS", httpx.Limits(max_connections=1))
    monkeypatch.setattr(network, "TIMEOUT", httpx.Timeout(10, pool=0.2))
    emulator.put_object("connections", id="c")
    emulator.faults.add(Fault(kind="garbage", body="[" + " " * 100_000, path="connections/c"))
    api = client()
    with pytest.raises(AnswerLostError, match="larger than"):
        api.get(CONNECTION)
    assert api.get(CONNECTION)["id"] == "c"


def test_a_huge_answer_is_one_clear_line(emulator, client):
    emulator.faults.add(Fault(kind="huge", path="connections/c"))
    with pytest.raises(AnswerLostError, match=r"cannot read connection 'c' .*: the answer is larger than 32 MiB"):
        client().get(CONNECTION)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "identity", "nonsense"])
def test_a_compressed_bomb_is_not_unpacked(served, encoding):
    bomb = gzip.compress(b'"' + b"0" * (64 * 2**20) + b'"')
    api = served(bomb, headers={"Content-Encoding": encoding})
    tracemalloc.start()
    try:
        with pytest.raises(AnswerLostError, match="cannot be read"):
            api.get(CONNECTION)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


def test_an_unreachable_service_is_one_clear_line(client):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    api = client(api_url=f"http://127.0.0.1:{port}", retry_timeout=0)
    with pytest.raises(UnreachableError, match=r"no connection to 127.0.0.1: .*refused; gave up after 1 attempt"):
        api.get(CONNECTION)


def test_a_host_without_an_address_is_one_clear_line(client):
    with pytest.raises(UnreachableError, match=r"no connection to nowhere.invalid"):
        client(api_url="https://nowhere.invalid", retry_timeout=0).get(CONNECTION)


@pytest.mark.parametrize("status", [300, 301, 304, 307, 418, 451, 501, 505, 599])
def test_any_status_is_one_clear_line(served, status):
    with pytest.raises(StatusError) as raised:
        served(b"", status).get(CONNECTION)
    assert raised.value.status == status
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("special", "&<>\"'")
def test_a_secret_is_hidden_where_html_spells_one_of_its_characters(special):
    assert hide(html.escape(f"pass{special}word"), [f"pass{special}word"]) == HIDDEN


PASSWORD = 'pass  "word"\\ <&> ünï\t+%/'
SPELLINGS = {
    "as it is": PASSWORD,
    "JSON": json.dumps(PASSWORD)[1:-1],
    "JSON in UTF-8": json.dumps(PASSWORD, ensure_ascii=False)[1:-1],
    "Python": repr(PASSWORD)[1:-1],
    "a URL": "pass%20%20%22word%22%5C%20%3C%26%3E%20%C3%BCn%C3%AF%09%2B%25%2F",
    "a form": "pass++%22word%22%5C+%3C%26%3E+%C3%BCn%C3%AF%09%2B%25%2F",
    "HTML": "pass  &quot;word&quot;\\ &lt;&amp;&gt; ünï\t+%/",
    "base64": "cGFzcyAgIndvcmQiXCA8Jj4gw7xuw68JKyUv",
}


@pytest.mark.parametrize("before", [0, 390, 395, 1590, 1600])
@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_secret_is_hidden_in_whatever_spelling_also_where_the_text_is_cut(served, spelling, before):
    known = Secrets()
    known.learn(PASSWORD)
    text = "x" * before + spelling + " was refused"
    for body in (json.dumps({"message": text}).encode(), text.encode()):
        with pytest.raises(StatusError) as raised:
            served(body, 400, secrets=known).replace(CONNECTION, {"id": "c"})
        assert "pass" not in str(raised.value)
        assert "word" not in str(raised.value)
        assert "cGFz" not in str(raised.value)


def test_the_token_and_the_clients_secret_are_hidden_in_answers_of_success_too(emulator, client):
    emulator.put_object("connections", id="c")
    emulator.faults.add(Fault(kind="echo_field", path="connections*", times=None))
    told = []
    api = client(notify=told.append)
    found = api.get(CONNECTION)
    assert found["note"] == "[secret]"
    token = api._auth.secrets[1]
    emulator.faults.clear()
    body = json.dumps([{"id": "c", f"x {token}": {"a": [f"{token}!", "client+secret/7", "client%2Bsecret%2F7"]}}])
    emulator.faults.add(Fault(kind="garbage", body=body, path="connections"))
    assert api.list(CONNECTION.siblings) == [{"id": "c", "x [secret]": {"a": ["[secret]!", "[secret]", "[secret]"]}}]


def test_what_is_told_while_waiting_holds_no_secret(client, monkeypatch):
    known, told = Secrets(), []
    known.learn("127.0.0.1")  # since no peer is there to put another one in
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(UnreachableError):
        client(told.append, secrets=known, api_url=f"http://127.0.0.1:{port}", retry_timeout=0.6).get(CONNECTION)
    assert told
    assert "127.0.0.1" not in "".join(told)
