"""Virtual environments that hold what a lock says, whatever has been published since.

    python -m tools.venv install FOLDER LOCK  # makes FOLDER anew, with each package of LOCK
    python -m tools.venv finish FOLDER        # installs this package into it; fails where the lock lacks something

An install that resolves would ask the index again what a locked package needs, and may take something newer: so nothing
is resolved while there is an index, and `finish`, which resolves, sees none.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

from tools.steps import StepError, run

LIMIT = 15 * 60  # seconds for a download of about 150 MB


def install(folder: Path, lock: Path, what: str, log: Path) -> None:
    """Make the virtual environment `folder` anew, with the packages of `lock`, every file checked by its hash.

    Raises:
        StepError: a package could not be had, or not as a wheel: to build one, pip fetches what no lock names. Or
            `folder` is a link: what it leads to would be emptied.
    """
    if folder.is_symlink():
        raise StepError(f"{folder} is a link to {folder.readlink()}, which would be emptied: remove the link")
    venv.create(folder, clear=True, symlinks=True, with_pip=True)
    options: list[str | Path] = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--requirement", lock]
    run(f"Installing {what}", [*_pip(folder), "install", *options], log=log, limit=LIMIT)


def check(folder: Path) -> None:
    """See that every package in `folder` has what it asks for, extras left out.

    Raises:
        StepError: one has not; the message names it.
    """
    answer = subprocess.run([*_pip(folder), "check"], capture_output=True, text=True, check=False)
    if answer.returncode:
        raise StepError("the lock is not complete: " + "; ".join(answer.stdout.splitlines()))


def finish(folder: Path, log: Path) -> None:
    """Install this package into `folder`, editable, with its extras and its development group: from no index at all.

    Raises:
        StepError: something that one of the packages asks for, by an extra too, is not there in a version that fits.
    """
    options = ["--no-index", "--no-build-isolation", "--editable", ".[cli,warehouse]", "--group", "dev"]
    run(
        "Installing this package, and checking that the lock is complete",
        [*_pip(folder), "--isolated", "install", *options],
        log=log,
        limit=LIMIT,
        env={**os.environ, "PIP_CONFIG_FILE": os.devnull},  # no other place to find packages
    )


def _pip(folder: Path) -> list[str | Path]:
    return [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--no-input"]


def _main(command: str, folder: Path, *locks: Path) -> None:
    log = folder / f"{command}.log"
    log.unlink(missing_ok=True)
    try:
        if command == "install":
            print(f"Making a Python environment in {folder}, once: about a minute.", file=sys.stderr)
            advice = "where this Python has no such wheel, name another: make PYTHON=python3.13"
            (lock,) = locks
            install(folder, lock, f"what {lock} says", log)
        else:
            advice = "`make lock` locks what is missing"
            finish(folder, log)
    except StepError as error:
        written = log.read_text(errors="replace") if log.exists() else ""
        reasons = [line for line in written.splitlines() if line.startswith("ERROR: ")]
        sys.exit("\n".join([*reasons, f"error: {error}; {advice}"]))


if __name__ == "__main__":
    _main(sys.argv[1], *map(Path, sys.argv[2:]))
