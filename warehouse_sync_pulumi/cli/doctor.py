"""`warehouse-sync doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .examination import machine, service
from .examination.certificates import certificates
from .examination.finding import Finding
from .examination.settings import configured
from .examination.stack import chosen
from .session import output, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from warehouse_sync_pulumi.config import Settings

__all__ = ["command"]

_COLOURS = {"ok": "green", "warning": "yellow", "fault": "bold red"}


@click.command("doctor")
@click.option("--stack", "stack_name", help="The stack whose settings to check.  [default: the selected one]")
@click.option("--json", "as_json", is_flag=True, help="Show JSON.")
def command(stack_name: str | None, *, as_json: bool) -> None:
    """Check settings, versions and the way to the service; change nothing.

    The exit code is 0 when all is well, else that of the first fault: 1 for one of this machine, 2 for a setting, 3
    for the service or the way to it. Warnings do not count.
    """
    console = output()
    findings = []
    for finding in _findings(stack_name):
        findings.append(finding)
        if not as_json:
            _show(finding, console)
    faults = [finding.fault for finding in findings if finding.fault]
    if as_json:
        rows = [{"subject": f.subject, "status": f.mark, "said": f.said, "advice": f.advice} for f in findings]
        print_json({"ok": not faults, "findings": rows})
    click.get_current_context().exit(faults[0].value if faults else 0)


def _findings(stack_name: str | None) -> Iterator[Finding]:
    yield from machine.versions()
    yield from machine.environment()
    stack = chosen(stack_name)
    yield stack.finding
    if stack.finding.fault:  # what else there is to say would be said of other settings
        return
    for finding in _with(stack.settings):
        yield finding.without(stack.secrets)


def _with(settings: Settings) -> Iterator[Finding]:
    found = [*configured(settings), certificates()]
    yield from found
    if any(finding.fault for finding in found):
        return
    ways = [machine.route_to(setting, settings.require(setting)) for setting in ("authUrl", "apiUrl")]
    yield from ways
    if not any(way.fault for way in ways):
        yield from service.reached(settings)


def _show(finding: Finding, console: Console) -> None:
    console.print(f"{finding.mark:8}", style=_COLOURS[finding.mark], end="")
    console.print(f"{finding.subject}: {finding.said}", soft_wrap=True)
    if finding.advice:
        console.print(f"{'':8}-> {finding.advice}", soft_wrap=True)
