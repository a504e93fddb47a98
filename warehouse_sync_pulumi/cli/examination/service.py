"""Whether the service is reached, takes the credential, and has the workspace."""

from __future__ import annotations

import re
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from warehouse_sync_pulumi.api.network import proxy_for
from warehouse_sync_pulumi.cli.importing.workspace import RESOURCES
from warehouse_sync_pulumi.errors import ApiError, NotFoundError, SettingError

from .finding import Finding, Where

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from warehouse_sync_pulumi.api.client import Client
    from warehouse_sync_pulumi.api.endpoint import Endpoint
    from warehouse_sync_pulumi.config import Settings

__all__ = ["reached"]

T = TypeVar("T")

_CLOCKS = 60.0
"""Seconds by which clocks may differ before somebody should know: a token is renewed a minute before it expires."""


def now() -> datetime:
    """This machine's clock."""
    return datetime.now(timezone.utc)


def reached(settings: Settings) -> Iterator[Finding]:
    """Ask for a token and for each list, once, with what the stack says."""
    from warehouse_sync_pulumi.api.client import Client

    try:
        endpoint, workspace = replace(settings.endpoint(), retry_timeout=0), settings.workspace_id()
        headers = _Headers()
        client = Client(endpoint, on_headers=headers)
    except SettingError as error:
        yield Finding("settings", str(error), "correct it where it is set, as said above", Where.SETTINGS)
        return
    with closing(client):
        yield from _asked(client, endpoint, workspace, headers)


def _asked(client: Client, endpoint: Endpoint, workspace: int, headers: _Headers) -> Iterator[Finding]:
    token, _ = _tried("token endpoint", endpoint.auth_url, client.authenticate)
    yield token
    if headers.date is not None:
        yield _clock(headers.date, headers.here)
    if token.fault:
        return
    counts = []
    for resource in RESOURCES:
        api, listed = _tried("API", endpoint.api_url, partial(client.list, resource.kind.address(workspace)))
        if api.fault or listed is None:
            yield api
            return
        counts.append(f"{len(listed)} {resource.kind.noun}{'' if len(listed) == 1 else 's'}")
    yield Finding("API", f"{endpoint.api_url} takes the credential")
    yield Finding("workspace", f"{workspace} has {', '.join(counts)}")


def _tried(subject: str, url: str, ask: Callable[[], T]) -> tuple[Finding, T | None]:
    """What came of a question, and its answer."""
    began = time.monotonic()
    try:
        answer = ask()
    except ApiError as error:
        said, advice = _parted(str(error))
        advice = _advice(error, said, url) or advice or "WAREHOUSE_SYNC_LOG=debug shows each request"
        return Finding(subject, said, advice, Where.SERVICE), None
    return Finding(subject, f"{url} answered in {time.monotonic() - began:.1f} s"), answer


def _parted(message: str) -> tuple[str, str]:
    """A failure's line is what was said, and after the last semicolon what to do."""
    message = re.sub(r"; gave up after .*$", "", message)
    said, _, advice = message.rpartition("; ")
    return (said, advice) if said else (message, "")


def _advice(error: ApiError, said: str, url: str) -> str:
    """What to do, where this machine may be at fault rather than the service."""
    if isinstance(error, NotFoundError):
        return "check warehouse-sync:workspaceId, and that apiUrl is the pod of this account"
    if "CERTIFICATE_VERIFY_FAILED" in said or "certificate verify failed" in said:
        return "this machine does not trust the certificate: SSL_CERT_FILE names the authority's file"
    if "no connection to" not in said:
        return ""
    if proxy := proxy_for(url):
        return f"it goes by the proxy of {proxy.variable}: check that; NO_PROXY exempts a host"
    return "check the URL and this machine's network; behind a proxy, set HTTPS_PROXY"


class _Headers:
    """Is told the headers of answers, and keeps the service's time beside this machine's."""

    def __init__(self) -> None:
        self.date: datetime | None = None
        self.here = now()

    def __call__(self, headers: Mapping[str, str]) -> None:
        try:
            self.date, self.here = parsedate_to_datetime(headers["date"]), now()
        except (KeyError, ValueError, TypeError):
            return


def _clock(there: datetime, here: datetime) -> Finding:
    off = (here - there.astimezone(timezone.utc)).total_seconds()
    if abs(off) <= _CLOCKS:
        return Finding("clock", f"within {_CLOCKS:.0f} s of the service's")
    side = "ahead of" if off > 0 else "behind"
    advice = (
        "set it by NTP: tokens and certificates expire by the clock, and what a killed run made is known by its time"
    )
    return Finding("clock", f"{abs(off):.0f} s {side} the service's", advice, Where.MACHINE)
