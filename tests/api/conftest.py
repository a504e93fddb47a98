"""What the tests of the HTTP side stand on."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace

import httpx
import pytest

from warehouse_sync_pulumi.api import auth, deadline, gate, retry, time_limit
from warehouse_sync_pulumi.api.client import Client
from warehouse_sync_pulumi.api.endpoint import Endpoint
from warehouse_sync_pulumi.api.request_log import RequestLog
from warehouse_sync_pulumi.emulator import Emulator
from warehouse_sync_pulumi.redaction import Secrets


class FakeTime:
    """A clock that moves when somebody sleeps."""

    def __init__(self):
        self.now = 1000.0
        self.slept = []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


class FakeCondition:
    """Waiting on it moves the clock."""

    def __init__(self, clock):
        self._clock = clock
        self._lock = threading.RLock()
        self.acquire, self.release = self._lock.acquire, self._lock.release

    def wait(self, seconds):
        self._clock.sleep(seconds)

    def notify_all(self):
        pass

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *error):
        return self._lock.__exit__(*error)


@pytest.fixture
def clock(monkeypatch):
    """The time of retries and tokens; nothing waits in earnest."""
    fake = FakeTime()
    for module in (retry, gate, auth, deadline, time_limit):
        monkeypatch.setattr(module, "time", fake)
    monkeypatch.setattr(gate.random, "uniform", lambda _low, high: high)
    return fake


@pytest.fixture
def retrying(clock, monkeypatch):
    """A transport over a list of answers: statuses, responses or exceptions, the last one for ever."""

    def make(*answers, timeout=120.0, notify=lambda _: None, trace=lambda _: None):
        sent = []
        script = itertools.chain(answers, itertools.repeat(answers[-1]))

        def handle(request):
            sent.append(request)
            answer = next(script)
            if isinstance(answer, Exception):
                raise answer
            return httpx.Response(answer) if isinstance(answer, int) else answer

        made = retry.RetryTransport(
            httpx.MockTransport(handle), timeout=timeout, notify=notify, log=RequestLog(str, trace)
        )
        monkeypatch.setattr(made._gate, "_changed", FakeCondition(clock))
        made.sent = sent
        return made

    return make


@pytest.fixture
def emulator():
    with Emulator() as running:
        yield running


@pytest.fixture
def endpoint(emulator):
    return Endpoint(
        api_url=emulator.url,
        auth_url=f"{emulator.url}/oauth/token",
        api_version="experimental",
        client_id="client",
        client_secret="client+secret/7",
        retry_timeout=0.5,
    )


@pytest.fixture
def client(endpoint):
    """Makes clients of the emulator, and closes them."""
    made = []

    def make(notify=lambda _: None, secrets=None, transport=None, **settings):
        changed = replace(endpoint, **settings)
        made.append(Client(changed, notify=notify, secrets=secrets or Secrets(), transport=transport))
        return made[-1]

    yield make
    for one in made:
        one.close()
