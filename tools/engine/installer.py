"""The engine from the Pulumi SDK's own installer, which downloads an official release."""

from __future__ import annotations

import importlib.util
import socket
import sys
from pathlib import Path

from tools.engine.errors import EngineError
from tools.engine.versions import PULUMI, dotted
from tools.steps import run

LIMIT = 5 * 60  # seconds for a download of about 100 MB
SILENCE = 15  # seconds after which a host that does not answer counts as out of reach


def install(folder: Path, log: Path) -> None:
    """Install the engine into `folder`/bin.

    Raises:
        StepError: the SDK is not installed, or its download did not succeed.
    """
    if not importlib.util.find_spec("pulumi"):
        raise EngineError("the Pulumi SDK, which could download one, is not installed in this Python")
    # In a process of its own, because the SDK's installer knows no time limit.
    command = [sys.executable, "-m", "tools.engine.installer", str(folder), dotted(PULUMI)]
    run(f"Downloading Pulumi {dotted(PULUMI)}", command, log=log, limit=LIMIT)


if __name__ == "__main__":
    from pulumi.automation import PulumiCommand
    from semver import VersionInfo

    socket.setdefaulttimeout(SILENCE)
    PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
