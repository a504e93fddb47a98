"""Versions and proxies: what this machine brings along."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from warehouse_sync_pulumi.api.network import proxy_for
from warehouse_sync_pulumi.engine import sdk_shape
from warehouse_sync_pulumi.engine.requirement import LOWEST
from warehouse_sync_pulumi.errors import SettingError

from .finding import Finding, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["environment", "route_to", "versions"]

_INSTALL = "https://www.pulumi.com/docs/install/"
_TIMEOUT = 30
"""Seconds for `pulumi version`."""


def versions() -> Iterator[Finding]:
    """What is at work."""
    yield Finding("package", f"warehouse-sync-pulumi {version('warehouse-sync-pulumi')}")
    yield Finding("Python", f"{platform.python_version()} in {sys.prefix}")
    sdk = f"pulumi {version('pulumi')}"
    if unexpected := sdk_shape.unexpected():
        advice = "some features are off: `pip install --upgrade pulumi warehouse-sync-pulumi`"
        yield Finding("Pulumi SDK", f"{sdk}, whose internals are not as expected: {'; '.join(unexpected)}", advice)
    else:
        yield Finding("Pulumi SDK", f"{sdk}, internals as expected")
    yield _cli()


def _cli() -> Finding:
    subject, lowest = "Pulumi CLI", ".".join(map(str, LOWEST))
    path = shutil.which("pulumi")
    if path is None:
        return Finding(subject, "not on PATH", f"install it: {_INSTALL}", Where.MACHINE)
    try:
        ran = subprocess.run(
            [path, "version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(subject, f"{path} does not run: {error}", f"install it anew: {_INSTALL}", Where.MACHINE)
    found = re.match(r"v?(\d+)\.(\d+)\S*", ran.stdout.strip())
    if found is None:
        return Finding(subject, f"{path} names no version", f"install it anew: {_INSTALL}", Where.MACHINE)
    if (int(found[1]), int(found[2])) < LOWEST:
        return Finding(subject, f"{found[0]}, older than {lowest}", f"update it: {_INSTALL}", Where.MACHINE)
    return Finding(subject, f"{found[0]} at {path}")


def environment() -> Iterator[Finding]:
    """Variables that people forget."""
    if file := os.environ.get("PULUMI_DEBUG_GRPC"):
        yield Finding("PULUMI_DEBUG_GRPC", f"every call is written to {file}, secrets in clear text", "unset it")


def route_to(setting: str, url: str) -> Finding:
    """By which proxy an address is reached."""
    subject, host, proxy = f"route to {setting}", urlsplit(url).hostname, proxy_for(url)
    if proxy is None:
        return Finding(subject, f"{host}, directly")
    try:
        return Finding(subject, f"{host}, by the proxy {proxy.address} of {proxy.variable}")
    except SettingError as error:
        said, _, advice = str(error).partition(": ")
        return Finding(subject, f"{host}: {said}", advice, Where.SETTINGS)
