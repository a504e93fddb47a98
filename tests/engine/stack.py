"""A Pulumi stack of a test's own, driven by the real `pulumi` against an emulator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import forking
from hosts import DYNAMIC, PACKAGED, is_ours
from reading import without_interrupts

from tools.engine import OFFLINE
from warehouse_sync_pulumi.engine.spelling import camel, snake

PRELUDES = {
    DYNAMIC: """\
import pulumi
from warehouse_sync_pulumi import *

""",
    PACKAGED: """\
import pulumi
from warehouse_sync_pulumi import *
from direct import *

""",
}
PLUGINS = """\
plugins:
  providers:
    - name: warehouse-sync
      path: {folder}
"""

_ROOT = Path(__file__).parents[2]
_QUICK = Path(__file__).parent / "quick"
"""In place of pip, which the engine asks for the installed packages in each command: a fifth of its time."""
_DIRECT = Path(__file__).parent / "direct"


@dataclass(frozen=True)
class Ran:
    """What one `pulumi` command printed."""

    arguments: tuple[str, ...]
    code: int
    text: str

    def __str__(self) -> str:
        return f"pulumi {' '.join(self.arguments)} -> {self.code}\n{self.text}"


class Stack:
    """A project with one stack, in a folder of its own."""

    def __init__(self, folder: Path, environment: dict[str, str], host: str = DYNAMIC, *, forks: bool = True) -> None:
        """`forks` says how the engine starts Python: see `forking`."""
        self.folder = folder
        self.host = host
        self.environment = {
            "HOME": str(folder / "home"),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "passphrase",
            "PULUMI_HOME": str(folder / "home"),
            **OFFLINE,
            "PULUMI_STACK": "test",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join([str(_QUICK), str(_DIRECT), str(_ROOT)]),
            "NO_COLOR": "1",
            **(forking.environment() if forks else {}),
            **environment,
        }
        if not folder.exists():  # else it is a copy of another stack's
            (folder / "home").mkdir(parents=True)
            for path, content in _new_stack().items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(content)
            if host == PACKAGED:
                with (folder / "Pulumi.yaml").open("a") as project:
                    plugins = Path(self.environment.get("PULUMI_PYTHON_CMD", sys.executable)).parent
                    project.write(PLUGINS.format(folder=plugins))

    def program(self, source: str) -> None:
        """Write the program; `pulumi` and all public names are imported."""
        (self.folder / "__main__.py").write_text(PRELUDES[self.host] + source)

    def spelt(self, name: str) -> str:
        """The name of an argument as the host spells it."""
        return camel(name) if self.host == PACKAGED else name

    @property
    def whole(self) -> str:
        """What a whole number is to the program; it takes an SDK to tell that a number is one."""
        return "float" if self.host == PACKAGED else "int"

    def run(self, *arguments: str, fails: bool | None = False, **environment: str) -> Ran:
        """Run one command, which must succeed, or fail where `fails` says so; None takes either."""
        command = ["pulumi", *arguments, "--non-interactive", "--color=never"]
        process = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        ran = Ran(arguments, process.returncode, without_interrupts(process.stdout))
        assert fails is None or (ran.code != 0) is fails, str(ran)
        return ran

    def up(self, *arguments: str, fails: bool | None = False, **environment: str) -> Ran:
        """Deploy without a preview of its own."""
        return self.run("up", "--yes", "--skip-preview", *arguments, fails=fails, **environment)

    def preview(self, *arguments: str, fails: bool | None = False, **environment: str) -> Ran:
        """Show in full what would change."""
        return self.run("preview", "--diff", *arguments, fails=fails, **environment)

    def refresh(self, *arguments: str, fails: bool | None = False, **environment: str) -> Ran:
        """Bring the state up to date with the service."""
        return self.run("refresh", "--yes", "--skip-preview", *arguments, fails=fails, **environment)

    def destroy(self, *arguments: str, fails: bool | None = False, **environment: str) -> Ran:
        """Delete everything."""
        return self.run("destroy", "--yes", "--skip-preview", *arguments, fails=fails, **environment)

    def is_unchanged(self, *arguments: str) -> bool:
        """Whether a preview is empty; it says nothing of outputs."""
        ran = self.run("preview", "--expect-no-changes", *arguments, fails=None)
        assert ran.code == 0 or "no changes were expected" in ran.text, str(ran)
        return ran.code == 0

    def resources(self) -> list[dict[str, Any]]:
        """What is managed, as the exported state says it, secrets in clear text and names as in Python."""
        deployment = json.loads(self.run("stack", "export", "--show-secrets").text)["deployment"]
        ours = [resource for resource in deployment.get("resources", []) if is_ours(resource["type"])]
        for resource, part in product(ours, ("inputs", "outputs")):
            resource[part] = {snake(name): value for name, value in resource.get(part, {}).items()}
        return ours

    def edit_state(self, edit: Callable[[dict[str, Any]], None]) -> None:
        """Export the state, let it be edited, and import it again."""
        exported = json.loads(self.run("stack", "export").text)
        edit(exported["deployment"])
        file = self.folder / "edited.json"
        file.write_text(json.dumps(exported))
        self.run("stack", "import", "--file", str(file))

    def state_files(self) -> str:
        """Everything that stands in the backend's files."""
        files = [path for path in (self.folder / "state").rglob("*") if path.is_file()]
        return "\n".join(path.read_text(errors="replace") for path in files)


@cache
def _new_stack() -> dict[Path, bytes]:
    """The files of an empty stack. Each `pulumi stack init` would take a third of a second."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "stack"
        for name in ("home", "state"):
            (folder / name).mkdir(parents=True)
        (folder / "Pulumi.yaml").write_text("name: project\nruntime: python\n")
        Stack(folder, {}, forks=False).run("stack", "init", "test")
        files = [path for path in folder.rglob("*") if path.is_file() and "home" not in path.relative_to(folder).parts]
        return {path.relative_to(folder): path.read_bytes() for path in files}
