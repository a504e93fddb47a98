"""Python processes for the engine that are forked from one that has imported what they need.

Two thirds of the processor time of a `pulumi` command is Python that starts and imports, in the program's process and
in the provider's. Here the engine runs `python` of this folder, a client of the server that forks. What runs is the
same code with the same arguments, environment, folder and streams. Not so where the process itself is what a test is
about, or kills: `Stack(…, forks=False)` starts Python as users do.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


@cache
def environment() -> dict[str, str]:
    """What makes the engine fork; nothing where the system cannot watch a process by its descriptor."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return {}
    folder = Path(tempfile.mkdtemp(prefix="fork"))  # a socket's path must be short
    address = str(folder / "server")
    # It ends when the pipe does, so with this process, however that ends.
    server = subprocess.Popen(
        [sys.executable, str(_HERE / "server.py"), address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(_HERE.parents[2])},
    )
    atexit.register(_end, server, folder)
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    return {"PULUMI_PYTHON_CMD": str(_HERE / "python"), "FORKING_PYTHON": sys.executable, "FORKING_SERVER": address}


def _end(server: subprocess.Popen[bytes], folder: Path) -> None:
    with server:
        assert server.stdin is not None
        server.stdin.close()
    shutil.rmtree(folder)
