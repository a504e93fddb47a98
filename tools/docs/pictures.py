"""The pictures of terminals in docs/pictures: `python -m tools.docs.pictures`, or `make pictures`, records them anew.

The commands run for real, under the engine and on an emulator of the API, with the program of the README.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.engine import OFFLINE
from tools.terminal import Piece, run
from warehouse_sync_pulumi.emulator import Emulator

from .pages import REPOSITORY, blocks
from .svg import svg
from .tables import DOCS

__all__ = ["FOLDER", "recorded"]

FOLDER = DOCS / "pictures"
_WIDTH = 90


def recorded() -> dict[str, str]:
    """Each picture by the name of its file."""
    with TemporaryDirectory() as place, _service() as emulator:
        shell = _Shell(Path(place), emulator)
        shell.project("shop", _readme("__main__.py", "python"))
        shell.quietly("pulumi config set --secret snowflakePassword sample-password")
        shell.quietly("pulumi config set --secret partnerFeedKey us1-feed-key")
        shell.quietly("pulumi up --yes --skip-preview")
        _live(emulator)
        status = shell.picture("warehouse-sync status", code=1)  # one is faulted
        program = shell.folder / "__main__.py"
        program.write_text(program.read_text(encoding="utf-8").replace("'open'", "'closed'"), encoding="utf-8")
        preview = shell.picture("pulumi preview --diff", "--non-interactive --color=always")
        shell.project("taken-over", None)
        imported = shell.picture("warehouse-sync import --apply")
        return {"import.svg": imported, "preview.svg": preview, "status.svg": status}


@contextmanager
def _service() -> Iterator[Emulator]:
    """An emulator whose clock is behind, so that there is a past to make."""
    start = datetime.now(timezone.utc) - timedelta(hours=2)
    with Emulator(start=start) as emulator:
        emulator.set(phase_seconds=0.01, catch_up=False, run_records=1460)
        yield emulator


def _live(emulator: Emulator) -> None:
    """Let time pass until the present, with a pipeline beside the README's that is faulted."""
    emulator.put_object(
        "pipelines",
        id="carts",
        connection_id="support",
        schedule_interval="on_demand",
        is_active=True,
        is_faulted=True,
        faulted_reason="invalid identifier 'CUSTOMER_IDD'",
    )
    emulator.clock.set(datetime.now(timezone.utc))


def _readme(file: str, language: str) -> str:
    page = blocks((REPOSITORY / "README.md").read_text(encoding="utf-8"))
    return next(block.text for block in page if (block.file, block.language) == (file, language))


class _Shell:
    """Runs commands in a project, as a person would on a fresh machine."""

    def __init__(self, place: Path, emulator: Emulator) -> None:
        self._place = self.folder = place
        (place / "state").mkdir()
        self._environment = {
            "HOME": str(place),
            "PULUMI_HOME": str(place / "pulumi"),  # else it is below the home of whoever records
            "LANG": "C.UTF-8",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PULUMI_BACKEND_URL": f"file://{place / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "passphrase",
            "PYTHONPATH": str(REPOSITORY),
            **OFFLINE,
            **emulator.environment,
        }

    def project(self, name: str, program: str | None) -> None:
        """Begin another project, in a folder of its own."""
        self.folder = self._place / name
        self.folder.mkdir()
        (self.folder / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n", encoding="utf-8")
        if program is not None:
            (self.folder / "__main__.py").write_text(program, encoding="utf-8")
        self.quietly("pulumi stack init dev")

    def quietly(self, command: str) -> None:
        """Run what is not shown."""
        subprocess.run(command.split(), cwd=self.folder, env=self._environment, check=True, capture_output=True)

    def picture(self, command: str, options: str = "", *, code: int = 0) -> str:
        """Run a command, and draw what a person sees of it."""
        ended, screen = run(f"{command} {options}".split(), cwd=self.folder, env=self._environment, width=_WIDTH)
        if ended != code:
            raise RuntimeError(f"{command} ended with {ended}:\n{screen.text()}")
        prompt = [Piece(0, "$", "dim"), Piece(2, command, "bold")]
        return svg(command, [prompt, *screen.lines()])


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in recorded().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
