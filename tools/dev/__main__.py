"""`python -m tools.dev up|preview|down|pulumi|shell|stop [ARGUMENTS]`: what the Makefile's targets of that name run."""

from __future__ import annotations

import os
import sys

from tools.dev.emulator import Emulator, EmulatorError
from tools.dev.stack import REPOSITORY, Stack, run
from tools.engine import EngineError

FOLDER = REPOSITORY / ".dev"


def main(command: str, arguments: list[str]) -> int:
    """Run one command of the development stack and return the exit code."""
    emulator, stack = Emulator(FOLDER), Stack(FOLDER)
    if command == "stop" or (command == "down" and not stack.exists):
        print("Stopped the emulator." if emulator.stop() else "Nothing is up.")
        return 0
    env = stack.environment(emulator.start().url)
    if code := stack.configure(env):
        return code
    if command == "shell":
        print("`pulumi` and `warehouse-sync` work on the example here; leave with `exit`.")
        return run([os.environ.get("SHELL", "sh"), *arguments], env)
    pulumi = {
        "up": ["up", "--yes"],
        "preview": ["preview", "--diff"],
        "down": ["destroy", "--yes", "--remove"],
        "pulumi": [],
    }[command]
    code = run(["pulumi", *pulumi, *arguments], env)
    if command == "down" and not code:
        stack.forget()
        emulator.stop()
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    except (EmulatorError, EngineError) as error:
        sys.exit(f"error: {error}")
