"""The configuration of a packaged provider: the stack's, or a provider resource's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pulumi.output import Unknown

from ...api.clients import secrets
from ...config import SETTINGS, Settings
from ...schema import Problem
from ..spelling import camel
from ..urn import name_in
from .values import received

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.protobuf.struct_pb2 import Struct

    from .values import Received

__all__ = ["changed_settings", "checked_settings", "received_settings", "settings_of"]

_ENGINES = frozenset({"version", "pluginDownloadURL", "pluginChecksums", "parameterization"})
"""What the engine itself says of a provider."""
_MOVES = {"apiUrl": "asks", "authUrl": "logs in at"}


def received_settings(struct: Struct) -> Received:
    """The configuration that came from the engine; its secrets are kept out of messages from now on."""
    given = received(struct)
    texts = [value for name in given.secret if isinstance(value := given.values.get(name), str)]
    secrets.learn(*texts, *(text.rstrip("/") for text in texts))
    return given


def checked_settings(given: Struct, values: Received) -> tuple[dict[str, Any], set[str], list[Problem]]:
    """The settings, the names of those that are secret, and what is wrong."""
    known = {*SETTINGS, *_ENGINES}
    unknown = sorted(name for name in given.fields if name not in known and not name.startswith("_"))
    failures = [Problem("", f"the provider has no setting {name}: it takes {', '.join(SETTINGS)}") for name in unknown]
    secret = {name for name in values.values if camel(name) in SETTINGS and SETTINGS[camel(name)].secret}
    return dict(values.values), secret | values.secret, failures


def changed_settings(olds: Received, news: Received, urn: str) -> tuple[bool, dict[str, str]]:
    """Whether anything changes, and what somebody should be told of it, by the setting.

    What counts is what is in force: a setting that is taken out has its default, or what the environment says.
    """
    before, now = settings_of(olds, urn), settings_of(news, urn)
    unknown = {camel(name) for name, value in news.values.items() if isinstance(value, Unknown)}
    warnings = {
        key: f"this provider {does} {now.get(key)} from now on, and before {before.get(key)}: nothing is replaced, and "
        "each resource is looked for there; if that is another account, deploy to it with a stack or a provider of its "
        "own"
        for key, does in _MOVES.items()
        if key not in unknown and (before.get(key) or "").rstrip("/") != (now.get(key) or "").rstrip("/")
    }
    return bool(unknown) or _texts(olds.values) != _texts(news.values), warnings


def settings_of(given: Received, urn: str) -> Settings:
    """The settings in force."""
    return Settings(_texts(given.values).get, is_explicit=not _is_default(urn))


def _is_default(urn: str) -> bool:
    """Whether the engine made the provider, of the stack's configuration; a program names its own."""
    return not urn or re.fullmatch(r"default(_\d+_\d+_\d+.*)?", name_in(urn)) is not None


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Settings as text, whichever way a program gave them."""
    known = {camel(name): value for name, value in values.items()}
    return {
        key: f"{known[key]:.0f}" if isinstance(known[key], float) and known[key].is_integer() else str(known[key])
        for key in SETTINGS
        if known.get(key) is not None and not isinstance(known[key], Unknown)
    }
