"""The access token: when it is fetched, how often, and what becomes of one that cannot be had."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from warehouse_sync_pulumi.api.address import Address
from warehouse_sync_pulumi.api.auth import TokenAuth
from warehouse_sync_pulumi.api.client import Client
from warehouse_sync_pulumi.api.endpoint import Endpoint
from warehouse_sync_pulumi.emulator import Fault
from warehouse_sync_pulumi.errors import CredentialError, StatusError, UnreachableError
from warehouse_sync_pulumi.redaction import Secrets

CONNECTIONS = Address(1234, "connections", "connection")
URL = "https://api.example/x"


@pytest.fixture
def authorised(clock):
    """Sends requests through the authentication, with answers for the token endpoint and for the API."""

    def make(token_answer, api_status=lambda _token: 200):
        endpoint = Endpoint(
            api_url="https://api.example",
            auth_url="https://auth.example/token",
            api_version="v1",
            client_id="client",
            client_secret="s3cret/+",
            retry_timeout=1,
        )
        fetched, used = [], []

        def handle(request):
            if request.url != endpoint.auth_url:
                used.append(request.headers["Authorization"].removeprefix("Bearer "))
                return httpx.Response(api_status(used[-1]))
            fetched.append(request)
            answer = token_answer(len(fetched)) if callable(token_answer) else token_answer
            if isinstance(answer, Exception):
                raise answer
            return answer if isinstance(answer, httpx.Response) else json_response(200, answer)

        http = httpx.Client(transport=httpx.MockTransport(handle))
        http.auth = TokenAuth(endpoint, httpx.Client(transport=httpx.MockTransport(handle)), Secrets())
        http.fetched, http.used = fetched, used
        return http

    return make


def json_response(status, value):
    return httpx.Response(status, content=json.dumps(value).encode())


def numbered(number, lifetime=28800):
    return {"access_token": f"token-{number}", "expires_in": lifetime, "token_type": "Bearer"}


def test_one_is_fetched_for_many_threads(emulator, client):
    held = emulator.faults.add(Fault(kind="hold", path="oauth/token"))
    api = client(retry_timeout=20)
    with ThreadPoolExecutor(32) as threads:
        answers = [threads.submit(api.list, CONNECTIONS) for _ in range(64)]
        held.wait_until_held()
        held.release()
        assert [answer.result() for answer in answers] == [[]] * 64
    assert emulator.journal.count("POST", "oauth/token") == 1


def test_it_is_asked_for_as_recorded(authorised):
    http = authorised(numbered(1))
    http.get(URL)
    assert json.loads(http.fetched[0].content) == {
        "client_id": "client",
        "client_secret": "s3cret/+",
        "audience": "https://api.mparticle.com",
        "grant_type": "client_credentials",
    }


@pytest.mark.parametrize(
    ("lifetime", "used_for"), [(28800, 28740), (240, 180), (40, 30), (0, 0), (-5, 0), ("3600", 3540)]
)
def test_it_is_renewed_before_it_expires(authorised, clock, lifetime, used_for):
    http = authorised(lambda number: numbered(number, lifetime))
    http.get(URL)
    clock.now += max(used_for - 1, 0)
    http.get(URL)
    assert http.used[1] == ("token-1" if used_for else "token-2")
    clock.now += 2
    http.get(URL)
    assert http.used[2] != http.used[1]


@pytest.mark.parametrize("lifetime", [None, "soon", [], 10**400, float("inf"), float("nan")], ids=str)
def test_one_that_does_not_say_how_long_it_lives_is_used_until_it_is_refused(authorised, clock, lifetime):
    refused = []
    http = authorised(
        lambda number: json_response(200, numbered(number, lifetime)),
        lambda token: 401 if token in refused else 200,
    )
    if isinstance(lifetime, (int, float)):
        # JSON has no such numbers: the answer cannot be read.
        with pytest.raises(UnreachableError, match="no access_token that can be read"):
            http.get(URL)
        return
    http.get(URL)
    clock.now += 10**6
    http.get(URL)
    assert len(http.fetched) == 1
    refused.append("token-1")
    http.get(URL)
    assert http.used[-1] == "token-2"


def test_a_refused_one_is_renewed_once(authorised):
    http = authorised(numbered, lambda _token: 401)
    assert http.get(URL).status_code == 401
    assert http.used == ["token-1", "token-2"]


def test_many_threads_renew_a_refused_one_once(emulator, client):
    api = client()
    api.list(CONNECTIONS)
    emulator.tokens.revoke_all()
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(lambda _: api.list(CONNECTIONS), range(32))) == [[]] * 32
    assert emulator.journal.count("POST", "oauth/token") == 2


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        {"access_token": ""},
        {"access_token": None},
        {"access_token": 7},
        {"access_token": ["x"]},
        {"access_token": "two words"},
        {"access_token": "a\r\nX-Injected: 1"},
        {"access_token": "a\n"},
        {"access_token": "tökén"},
        {"access_token": "\x00"},
        httpx.Response(200, content=b"<html>Sign in</html>"),
        httpx.Response(200, content=b"[" * 100_000),
        httpx.Response(204),
    ],
    ids=lambda answer: repr(answer)[:80],
)
def test_an_answer_without_a_token_is_one_clear_line(authorised, answer):
    http = authorised(answer)
    with pytest.raises(UnreachableError) as raised:
        http.get(URL)
    assert str(raised.value) == (
        "cannot get an access token from https://auth.example/token: the answer holds no access_token that can be "
        "read; check authUrl"
    )
    assert http.used == []


@pytest.mark.parametrize(
    ("status", "kind", "advice"),
    [
        (400, CredentialError, "check WAREHOUSE_SYNC_CLIENT_ID"),
        (401, CredentialError, "check WAREHOUSE_SYNC_CLIENT_ID"),
        (403, CredentialError, "check WAREHOUSE_SYNC_CLIENT_ID"),
        (302, StatusError, "it answered 302"),
        (404, StatusError, "it answered 404"),
        (503, StatusError, "it answered 503"),
    ],
)
def test_a_refusal_says_what_to_check_and_not_the_secret(authorised, status, kind, advice):
    said = {"error": "access_denied", "error_description": "client s3cret/+ is s3cret%2F%2B, or s3cret/\\u002b"}
    http = authorised(json_response(status, said))
    with pytest.raises(kind) as raised:
        http.get(URL)
    assert advice in str(raised.value)
    assert "s3cret" not in str(raised.value).replace("s3cret/\\u002b", "")


def test_one_whose_answer_is_lost_is_asked_for_again(emulator, client):
    emulator.faults.add(Fault(kind="cut_after", path="oauth/token"))
    assert client(retry_timeout=20).list(CONNECTIONS) == []
    assert emulator.journal.count("POST", "oauth/token") == 2


def test_a_post_that_was_not_sent_because_there_is_no_token_is_known_to_have_had_no_effect(emulator, client):
    emulator.faults.add(Fault(kind="cut_after", path="oauth/token", times=None))
    with pytest.raises(UnreachableError, match=r"cannot create connection 'x'.*cannot get an access token"):
        client(retry_timeout=0).create(Address(1234, "connections", "connection", "x"), {"id": "x"})


def test_an_unreachable_token_endpoint_fails_all_who_wait_at_once(authorised):
    """Else each would wait as long as the one before it, in its turn."""
    all_wait = threading.Event()
    http = authorised(lambda _number: all_wait.wait(10) and UnreachableError("no connection"))
    http.auth._lock._lock = CountingLock(9, all_wait)

    def use(_number):
        with pytest.raises(UnreachableError, match="no connection") as raised:
            http.get(URL)
        return raised.value

    with ThreadPoolExecutor(9) as threads:
        failures = list(threads.map(use, range(9)))
    assert len(http.fetched) == 1
    assert len(set(map(id, failures))) == 9, "each thread writes its own traceback into its own"


class CountingLock:
    """A lock that sets an event once so many want it."""

    def __init__(self, many, event):
        self._wanted, self._many, self._event = 0, many, event
        self._counting, self._lock = threading.Lock(), threading.Lock()

    def acquire(self, timeout):
        with self._counting:
            self._wanted += 1
            if self._wanted == self._many:
                self._event.set()
        return self._lock.acquire(timeout=timeout)

    def release(self):
        self._lock.release()


@pytest.mark.parametrize("secret", ["any", "pan"])
def test_a_short_credential_changes_nothing_that_is_read(emulator, secret):
    emulator.put_object("connections", id="company", name="any company")
    api = Client(Endpoint(emulator.url, f"{emulator.url}/oauth/token", "experimental", "id", secret, retry_timeout=0))
    assert api.get(Address(1234, "connections", "connection", "company"))["name"] == "any company"
    api.close()
