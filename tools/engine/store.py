"""The folder `.engine`, which keeps the engine that was made: built once, whole or not at all."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.engine.found import PROGRAMS, Engine
from tools.engine.versions import PULUMI, dotted

HERE = Path(__file__).parent
MODULES = {"pulumi": HERE / "cli", "pulumi-language-python": HERE / "language"}


def identity() -> str:
    """Names the engine that this checkout asks for; it changes with the version and with any dependency's."""
    digest = hashlib.sha256()
    for module in MODULES.values():
        digest.update((module / "go.mod").read_bytes() + (module / "go.sum").read_bytes())
    return f"pulumi-{dotted(PULUMI)}-{digest.hexdigest()[:12]}"


class Store:
    """`.engine/bin` is a link to `.engine/<identity>/bin`: replacing a link is atomic, replacing a folder is not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.log = folder / "build.log"

    def kept(self) -> Engine | None:
        """The engine that an earlier run left, if it is complete and the one that this checkout asks for."""
        wanted = self.folder / identity() / "bin"
        if self.bin.resolve() != wanted.resolve() or not all(os.access(wanted / name, os.X_OK) for name in PROGRAMS):
            return None
        return Engine(self.bin, dotted(PULUMI))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the store; another process's turn is waited for."""
        self.folder.mkdir(exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Another process is preparing the Pulumi engine: waiting for it.", file=sys.stderr)
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """A folder to make an engine in, gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="making-", dir=self.folder, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def keep(self, made: Path) -> None:
        """Put the engine in `made`/bin into use, and remove what was in use before."""
        home = self.folder / identity()
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        (made / "bin").rename(home / "bin")
        new = self.folder / "bin.new"
        new.unlink(missing_ok=True)
        new.symlink_to(Path(home.name) / "bin")
        new.replace(self.bin)
        for other in self.folder.glob("pulumi-*"):
            if other != home:
                shutil.rmtree(other, ignore_errors=True)
