"""Language hosts beside Python's, for the tests of programs in other languages: built from source once, when asked for.

    python -m tools.engine.languages yaml  # prints the folder that holds it

Two to four minutes on two cores. `make up` and the everyday tests never build one.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from tools.engine import golang
from tools.engine.ensure import REPOSITORY
from tools.engine.store import HERE, Store
from tools.steps import run

__all__ = ["LANGUAGES", "ensure", "kept"]

LANGUAGES = {"yaml": HERE / "yaml"}


def kept(language: str, folder: Path = REPOSITORY / ".engine") -> Path | None:
    """The folder of a language host that an earlier run built, if it is the one that this checkout asks for."""
    home = _home(language, folder)
    return home if os.access(home / f"pulumi-language-{language}", os.X_OK) else None


def ensure(language: str, folder: Path = REPOSITORY / ".engine") -> Path:
    """The folder of a language host; it is built where it is not there yet.

    Raises:
        StepError: there is no Go toolchain and none could be installed, or the build failed.
    """
    store = Store(folder)
    with store.locked():
        if home := kept(language, folder):
            return home
        module, program = LANGUAGES[language], f"pulumi-language-{language}"
        with store.workplace() as workplace:
            go = golang.toolchain_on_path() or golang.install_toolchain(workplace, store.log)
            run(
                f"Building {program} from source, once",
                [go, "build", "-trimpath", "-ldflags", "-s -w", "-o", workplace / program, golang.tool(module)],
                log=store.log,
                limit=golang.LIMIT,
                cwd=module,
                env=golang.environment(),
            )
            home = _home(language, folder)
            home.mkdir(parents=True, exist_ok=True)
            (workplace / program).replace(home / program)
    return home


def _home(language: str, folder: Path) -> Path:
    module = LANGUAGES[language]
    digest = hashlib.sha256((module / "go.mod").read_bytes() + (module / "go.sum").read_bytes())
    return folder / "languages" / f"{language}-{digest.hexdigest()[:12]}"


if __name__ == "__main__":
    print(ensure(sys.argv[1]))
