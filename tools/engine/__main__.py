"""`python -m tools.engine`: see the package's docstring."""

from __future__ import annotations

import sys

from tools.engine import EngineError, ensure

if __name__ == "__main__":
    try:
        print(ensure().bin)
    except EngineError as error:
        sys.exit(f"error: {error}")
