"""An engine that is there, and the search for one on PATH."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.engine.errors import EngineError
from tools.engine.versions import OLDEST_PULUMI, Version, dotted, parse

# The CLI starts the language host, which starts the other two: the program's launcher and the dynamic providers'.
PROGRAMS = ("pulumi", "pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python")

OFFLINE = {
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    "PULUMI_SKIP_UPDATE_CHECK": "true",
}
"""Variables for an engine that fetches nothing: it would look for the plugin of every provider package that is
installed beside this one, as the examples' Snowflake is, and wait seconds for the answer in each command."""


@dataclass(frozen=True)
class Engine:
    """A Pulumi CLI with its Python language host."""

    bin: Path
    """The folder to put on PATH."""

    version: str
    """Such as `3.274.1`."""

    def environment(self) -> dict[str, str]:
        """This process's environment, with this engine as `pulumi`, which fetches nothing, and this Python."""
        # This Python comes first: an engine from a package manager may share its folder with another Python.
        folders = [str(Path(sys.executable).parent), str(self.bin), os.environ.get("PATH", os.defpath)]
        return {**os.environ, **OFFLINE, "PATH": os.pathsep.join(folders)}


def on_path() -> Engine | None:
    """The engine on PATH, or None where there is no `pulumi`.

    Raises:
        EngineError: there is a `pulumi`, but it is too old, does not run, or lacks its Python language host.
    """
    pulumi = shutil.which("pulumi")
    if not pulumi:
        return None
    version = version_of(pulumi)
    # A package manager may link only `pulumi` into PATH and leave the language host beside the link's target.
    folders = {Path(pulumi).parent, Path(pulumi).resolve().parent}
    has_host = any(shutil.which("pulumi-language-python", path=folder) for folder in [*folders, None])
    if complaint := objection(version, has_language_host=has_host):
        raise EngineError(f"{pulumi} {complaint}")
    return Engine(Path(pulumi).parent, dotted(version or OLDEST_PULUMI))


def version_of(pulumi: str | Path) -> Version | None:
    """What `pulumi version` answers; None where it does not run."""
    try:
        answer = subprocess.run([pulumi, "version"], capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    return parse(answer.stdout)


def objection(version: Version | None, *, has_language_host: bool) -> str | None:
    """Why a `pulumi` found on PATH cannot be used, or None when it can."""
    if version is None:
        return "does not tell its version"
    if version < OLDEST_PULUMI:
        return f"is version {dotted(version)}, and {dotted(OLDEST_PULUMI)} or newer is needed"
    if not has_language_host:
        return "has no pulumi-language-python beside it or on PATH"
    return None
