"""Counts the tests that ran under the real Pulumi engine, since a suite without them proves little."""

from __future__ import annotations

import pytest

from tools.engine import ensure

MARK = ("engine", "real")


def pytest_runtest_setup(item: pytest.Item) -> None:
    # Now, since a folder may mark its tests after they were collected. A worker of pytest-xdist sends back a test's
    # properties, not its markers.
    if item.get_closest_marker("engine"):
        item.user_properties.append(MARK)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    ran = sum(report.when == "call" and MARK in map(tuple, report.user_properties) for report in reports)
    # Where one ran there is an engine, so this makes none.
    engine = f"under pulumi v{ensure().version}" if ran else "under the real engine"
    terminalreporter.write_line(f"engine: {ran} tests ran {engine}")
