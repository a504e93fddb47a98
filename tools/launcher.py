#!/usr/bin/env python3
"""Starts the provider of Pulumi's package `warehouse-sync`; `tools.plugin` puts it into the plugin's archive.

The first start makes a virtual environment beside this file, of what requirements.txt there says. Nothing is written to
standard output: the engine reads the provider's port there.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / "environment"
PYTHON = ENVIRONMENT / "bin" / "python"
READY = ENVIRONMENT / "ready"


def main() -> None:
    """Become the provider."""
    if sys.version_info < (3, 10):  # noqa: UP036 - it runs by whatever `python3` is on PATH
        sys.exit("error: the provider warehouse-sync needs Python 3.10 or newer, and python3 on PATH is older")
    if not is_ready():
        try:
            with (HERE / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)  # an engine may start several providers at once
                if not is_ready():
                    make(lock.fileno())
        except (OSError, subprocess.CalledProcessError) as error:
            what = error if isinstance(error, OSError) else "pip or venv failed"
            sys.exit(f"error: the provider warehouse-sync could not make its Python environment in {HERE}: {what}")
    # Isolated: what the program's environment and its folder hold is not for the provider.
    command = [str(PYTHON), "-I", "-m", "warehouse_sync_pulumi.plugin", *sys.argv[1:]]
    os.execv(PYTHON, command)  # noqa: S606 (no shell is wanted)


def is_ready() -> bool:
    """Whether there is an environment that was finished, and whose Python was not removed since."""
    return READY.exists() and os.access(PYTHON, os.X_OK)


def make(lock: int) -> None:
    """Make the environment anew; should this process be killed, pip keeps the lock until it has ended."""
    print("warehouse-sync: making the provider's Python environment, once", file=sys.stderr, flush=True)
    venv.create(ENVIRONMENT, clear=True, symlinks=True, with_pip=True)
    pip = [str(PYTHON), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--requirement", "requirements.txt"]
    subprocess.run([*pip, *options], cwd=HERE, check=True, stdout=sys.stderr, pass_fds=[lock])
    READY.touch()


main()
