"""Counts the tests that ran under the real Pulumi engine, since a suite without them proves little.

And the cases of each test that asks for it: `@pytest.mark.counted("fault matrix")`.
"""

from __future__ import annotations

import signal
import threading
from collections import Counter
from pathlib import Path

import pytest

from tools.engine import ensure
from warehouse_sync_pulumi.api import clients

TESTS = Path(__file__).parent
MARK = ("engine", "real")

# A shell has what runs in the background ignore SIGINT, and all that a test starts would do so too. The engine ends its
# plugins by SIGINT, and waits five seconds for one that ignores it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def nothing_learnt(monkeypatch):
    """What one test's secrets are, another test's messages need not hide."""
    monkeypatch.setattr(clients.secrets, "_known", frozenset())


@pytest.fixture(autouse=True)
def no_thread_of_its_own_left():
    """A server thread of a test's that goes on takes the processor from every test that follows."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        code = getattr(getattr(thread, "_target", None), "__code__", None)
        if code is not None and TESTS in Path(code.co_filename).parents:
            thread.join(5)
            assert not thread.is_alive(), f"{thread.name} is left running"


def pytest_runtest_setup(item: pytest.Item) -> None:
    # Now, since a folder may mark its tests after they were collected. A worker of pytest-xdist sends back a test's
    # properties, not its markers.
    if item.get_closest_marker("engine"):
        item.user_properties.append(MARK)
    for marker in item.iter_markers("counted"):
        item.user_properties.append(("counted", marker.args[0]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    called = [report for report in reports if report.when == "call"]
    ran = sum(MARK in map(tuple, report.user_properties) for report in called)
    cases = Counter(value for report in called for name, value in report.user_properties if name == "counted")
    failed = Counter(v for report in called for n, v in report.user_properties if n == "counted" and report.failed)
    for name, count in sorted(cases.items()):
        terminalreporter.write_line(f"{name}: {count} cases, {failed[name]} failed")
    # Where one ran there is an engine, so this makes none.
    engine = f"under pulumi v{ensure().version}" if ran else "under the real engine"
    terminalreporter.write_line(f"engine: {ran} tests ran {engine}")
