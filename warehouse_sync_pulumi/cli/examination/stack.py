"""The stack whose settings count, and what to do when they cannot be read."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from warehouse_sync_pulumi.cli.pulumi_cli import PulumiError, find_stack, project_file
from warehouse_sync_pulumi.cli.settings import settings_with
from warehouse_sync_pulumi.config import NAMESPACE, Settings

from .finding import Finding, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from warehouse_sync_pulumi.cli.pulumi_cli import ConfigValue

__all__ = ["Chosen", "chosen"]


_ADVICE = {
    "no stack named": "`pulumi stack ls` names those that there are",
    "no Pulumi.yaml project file": "run it in the folder of the project",
    "passphrase": "set PULUMI_CONFIG_PASSPHRASE to the stack's passphrase",
    "PULUMI_ACCESS_TOKEN": "`pulumi login`, or set PULUMI_ACCESS_TOKEN; PULUMI_BACKEND_URL for a backend of your own",
    "state directory": "`pulumi login URL` of a backend that can be reached, or correct PULUMI_BACKEND_URL",
}
"""What to do, by what the CLI says."""


class Chosen(NamedTuple):
    """The stack that counts, its settings, and those of them that are secret."""

    finding: Finding
    settings: Settings
    secrets: frozenset[str] = frozenset()


def chosen(name: str | None) -> Chosen:
    """The named stack, or the one selected in this folder's project, or none."""
    try:
        stack = find_stack(name)
        config = {} if stack is None else stack.config()
    except PulumiError as error:
        return Chosen(_fault(str(error)), Settings())
    finding = _none() if stack is None else Finding("stack", name or "the selected one")
    return Chosen(finding, settings_with(config), frozenset(_secrets(config)))


def _none() -> Finding:
    if project_file(Path.cwd()) is None:
        return Finding("stack", "none, since no Pulumi project is here: the environment alone counts")
    advice = "`pulumi stack select NAME`, or --stack NAME"
    return Finding("stack", "none selected: the environment alone counts", advice)


def _fault(message: str) -> Finding:
    command, _, printed = message.partition(": ")
    # Pulumi may print warnings before.
    error = re.search(r"^error: (.*)", printed, re.MULTILINE)
    said = error[1] if error else printed.partition("\n")[0]
    advice = next((advice for known, advice in _ADVICE.items() if known in said), "`pulumi stack` says more")
    return Finding("stack", f"{command}: {said}", advice, Where.SETTINGS)


def _secrets(config: Mapping[str, ConfigValue]) -> Iterator[str]:
    """The values that were stored as secrets, in every spelling in which a finding may show them."""
    for key, (text, is_secret) in config.items():
        if is_secret and key.startswith(f"{NAMESPACE}:"):
            yield from (text, text.rstrip("/"))
            with suppress(ValueError):
                yield urlsplit(text).hostname or ""
                yield str(int(text))
