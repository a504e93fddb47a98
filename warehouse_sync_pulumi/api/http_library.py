"""httpx, and httpcore below it, without the command line that httpx brings along.

Where click, rich and pygments are installed, as they are with the extra `cli`, `import httpx` imports them all for a
command of its own: most of its time, in each operation that makes a request.
"""
# ruff: noqa: E402 - the stand-in has to be there before httpx

from __future__ import annotations

import sys
from types import ModuleType

__all__ = ["httpcore", "httpx"]

_COMMAND_LINE = "httpx._main"


def main() -> None:
    """Stands in for the command line of httpx."""


# Where a release of httpx has no such module, or httpx is imported already, nobody asks for the stand-in.
_stand_in = ModuleType(_COMMAND_LINE)
_stand_in.__dict__["main"] = main
_is_kept = sys.modules.setdefault(_COMMAND_LINE, _stand_in) is not _stand_in

import httpcore
import httpx

if not _is_kept:
    sys.modules.pop(_COMMAND_LINE, None)  # who wants the command line itself shall find it
