"""Makes sure of a Pulumi engine, on a machine that may have nothing but Python.

    python -m tools.engine              # prints the folder that holds `pulumi`; tells on stderr what it does
    python -m tools.engine pytest -n 2  # runs a command that finds `pulumi`

In this order: the `pulumi` on PATH; the one that an earlier run left in `.engine/bin`; the Pulumi SDK's own installer;
a build from source with Go.
"""

from __future__ import annotations

from tools.engine.ensure import ensure
from tools.engine.errors import EngineError
from tools.engine.found import OFFLINE, Engine

__all__ = ["OFFLINE", "Engine", "EngineError", "ensure"]
