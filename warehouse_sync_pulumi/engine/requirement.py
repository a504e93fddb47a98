"""Refuses, when it is imported, a Pulumi SDK that is too old: in one line, where else something would fail deep inside.

pip sees to the range in pyproject.toml, but not where somebody installs without dependencies or downgrades afterwards.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pulumi

__all__ = ["LOWEST"]

LOWEST = (3, 250)
"""The lower end of the range in pyproject.toml."""


def _installed() -> tuple[int, int, str]:
    try:
        from pulumi._version import version  # reading the package's metadata would take ten times as long
    except ImportError:  # it is younger than the package
        return 0, 0, "an older one"
    return version.major, version.minor, str(version)


major, minor, text = _installed()
if (major, minor) < LOWEST:
    message = (
        f"warehouse-sync-pulumi needs the package pulumi {LOWEST[0]}.{LOWEST[1]} or newer, and {text} is installed: "
        "pip install --upgrade pulumi"
    )
    # The commands end with a line as well; `-m` is what stands there while `python -m` looks for a module.
    if Path(sys.argv[0]).stem in ("-m", "warehouse-sync", "pulumi-resource-warehouse-sync"):
        sys.exit(message)
    # A RunError is what Pulumi shows without a traceback.
    raise pulumi.RunError(message)
