"""The configuration of a packaged provider: the stack's, or a provider resource's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pulumi.output import Unknown

from ...config import SETTINGS, Settings
from ...schema import Problem
from ..spelling import camel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.protobuf.struct_pb2 import Struct

    from .values import Received

__all__ = ["changed_settings", "checked_settings", "settings_of"]

_ENGINES = frozenset({"version", "pluginDownloadURL", "pluginChecksums", "parameterization"})
"""What the engine itself says of a provider."""
_MOVES = {"apiUrl": "asks", "authUrl": "logs in at"}


def checked_settings(given: Struct, values: Received) -> tuple[dict[str, Any], set[str], list[Problem]]:
    """The settings, the names of those that are secret, and what is wrong."""
    known = {*SETTINGS, *_ENGINES}
    strange = sorted(name for name in given.fields if name not in known and not name.startswith("_"))
    failures = [Problem("", f"the provider has no setting {name}: it takes {', '.join(SETTINGS)}") for name in strange]
    secret = {name for name in values.values if camel(name) in SETTINGS and SETTINGS[camel(name)].secret}
    return dict(values.values), secret | values.secret, failures


def changed_settings(olds: Mapping[str, Any], news: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The settings that change, and what somebody should be told of them."""
    before, now = _texts(olds), _texts(news)
    changed = [key for key in SETTINGS if before.get(key) != now.get(key)]
    warnings = [
        f"this provider {does} {now[key]} from now on, and before {before[key]}: nothing is replaced, and each "
        "resource is looked for there; if that is another account, deploy to it with a stack or a provider of its own"
        for key, does in _MOVES.items()
        if key in changed and key in before and key in now
    ]
    return changed, warnings


def settings_of(given: Received, urn: str) -> Settings:
    """The settings in force."""
    return Settings(_texts(given.values).get, is_chosen=not _is_default(urn))


def _is_default(urn: str) -> bool:
    """Whether the engine made the provider, of the stack's configuration; a program names its own."""
    name = urn.rpartition("::")[2]
    return not urn or re.fullmatch(r"default(_\d+_\d+_\d+.*)?", name) is not None


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Settings as text, whichever way a program gave them."""
    known = {camel(name): value for name, value in values.items()}
    return {
        key: f"{known[key]:.0f}" if isinstance(known[key], float) and known[key].is_integer() else str(known[key])
        for key in SETTINGS
        if known.get(key) is not None and not isinstance(known[key], Unknown)
    }
