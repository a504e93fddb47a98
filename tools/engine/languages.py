"""What programs in other languages need beside the engine: made once, when a test or an SDK asks for it.

    python -m tools.engine.languages yaml  # prints the folder that holds it

| part | what | how long, once, on two cores |
|---|---|---|
| `yaml`, `nodejs` | the language hosts, built from source | two to three minutes; a minute |
| `write_sdks` | writes SDKs; built from source | ten seconds after a build of the engine, else two minutes |
| `node_modules` | Pulumi's SDK for Node.js and a compiler, from npm; node and npm must be there | 20 seconds |

`make up` and the everyday tests never make one.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.engine import golang
from tools.engine.ensure import REPOSITORY
from tools.engine.store import HERE, Store
from tools.steps import run

__all__ = ["PARTS", "Part", "ensure", "kept"]

_NODE = HERE / "nodejs"


@dataclass(frozen=True)
class Part:
    """Something that is made once, in a folder of its own."""

    pins: tuple[Path, ...]
    """The files that say what is in it, with hashes: where one changes, it is made anew."""
    make: Callable[[Path, Path], None]
    """Makes it, given a folder for work, of which only its folder `made` is kept, and where to log."""


def kept(name: str, folder: Path = REPOSITORY / ".engine") -> Path | None:
    """The folder of a part that an earlier run made, if it is the one that this checkout asks for."""
    home = _home(name, folder)
    return home if home.is_dir() else None


def ensure(name: str, folder: Path = REPOSITORY / ".engine") -> Path:
    """The folder of a part; it is made where it is not there yet.

    Raises:
        StepError: it could not be made; the message names the step and the log.
    """
    store = Store(folder)
    with store.locked():
        if home := kept(name, folder):
            return home
        with store.workplace() as workplace:
            (workplace / "made").mkdir()
            PARTS[name].make(workplace, store.log)
            home = _home(name, folder)
            home.parent.mkdir(exist_ok=True)
            (workplace / "made").replace(home)
    return home


def _home(name: str, folder: Path) -> Path:
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in PARTS[name].pins))
    return folder / "languages" / f"{name}-{digest.hexdigest()[:12]}"


def _host(language: str) -> Part:
    module = HERE / language
    return _go(f"pulumi-language-{language}", module, golang.tool(module))


def _go(program: str, module: Path, package: str, *sources: Path) -> Part:
    def make(workplace: Path, log: Path) -> None:
        go = golang.toolchain_on_path() or golang.install_toolchain(workplace, log)
        run(
            f"Building {program} from source, once",
            [go, "build", "-trimpath", "-ldflags", "-s -w", "-o", workplace / "made" / program, package],
            log=log,
            limit=golang.LIMIT,
            cwd=module,
            env=golang.environment(),
        )

    return Part((module / "go.mod", module / "go.sum", *sources), make)


def _npm(workplace: Path, log: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_NODE / name, workplace / "made")
    run(
        "Installing Pulumi's SDK for Node.js (106 MB), once",
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        log=log,
        limit=golang.LIMIT,
        cwd=workplace / "made",
    )


PARTS = {
    "yaml": _host("yaml"),
    "nodejs": _host("nodejs"),
    "write_sdks": _go("write_sdks", HERE / "cli", "./write_sdks", HERE / "cli" / "write_sdks" / "main.go"),
    "node_modules": Part((_NODE / "package-lock.json",), _npm),
}


if __name__ == "__main__":
    print(ensure(sys.argv[1]))
