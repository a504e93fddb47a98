"""An interrupt of `pulumi` reaches the provider; with the real engine, `tests/engine` shows it."""

from __future__ import annotations

import sys
import types

import pytest
from google.protobuf.empty_pb2 import Empty

from warehouse_sync_pulumi.engine import sdk


@pytest.fixture(autouse=True)
def anew(monkeypatch):
    sdk.cancellation.cache_clear()
    yield
    sdk.cancellation.cache_clear()
    sdk._cancelled.clear()


def server(monkeypatch, **methods):
    """The SDK's server as it holds what it calls: a bound method, taken before anybody else can change the class."""
    main = types.ModuleType("__main__")
    main.DynamicResourceProviderServicer = type("DynamicResourceProviderServicer", (), methods)
    monkeypatch.setitem(sys.modules, "__main__", main)
    return getattr(main.DynamicResourceProviderServicer(), "Cancel", None)


def test_the_servers_answer_stays_what_it_is_and_is_heard(monkeypatch):
    def cancel(self, request, context):
        raise AssertionError

    answer = server(monkeypatch, Cancel=cancel)
    cancelled = sdk.cancellation()
    assert not cancelled.is_set()
    assert answer(None, None) == Empty()
    assert cancelled.is_set()


@pytest.mark.parametrize("methods", [{}, {"Cancel": len}, {"Cancel": lambda: "other"}])
def test_a_server_of_another_make_is_left_alone(monkeypatch, methods):
    server(monkeypatch, **methods)
    assert not sdk.cancellation().is_set()


def test_elsewhere_nothing_is_heard():
    assert not sdk.cancellation().is_set()
