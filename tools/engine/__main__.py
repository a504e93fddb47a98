"""`python -m tools.engine`: see the package's docstring."""

from __future__ import annotations

import os
import sys

from tools.engine import EngineError, ensure


def main(command: list[str]) -> None:
    """Make sure of an engine, then become `command`, or print where the engine is."""
    try:
        engine = ensure()
    except EngineError as error:
        sys.exit(f"error: {error}")
    if not command:
        print(engine.bin)
        return
    os.execvpe(command[0], command, engine.environment())  # noqa: S606 (no shell is wanted)


if __name__ == "__main__":
    main(sys.argv[1:])
