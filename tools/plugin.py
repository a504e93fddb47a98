"""`python -m tools.plugin FOLDER`: archives for `pulumi plugin install`, from the wheel in the same folder.

An archive holds no environment, since grpc's binaries differ by platform and by Python: a launcher makes it where the
plugin is installed, from the wheel and the versions that this package was tested with, each by its hash. So one archive
is for every platform; they differ in name alone, by which `pulumi plugin install --server` asks for one.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

REPOSITORY = Path(__file__).parents[1]
PROGRAM = "pulumi-resource-warehouse-sync"
PLATFORMS = ("darwin-amd64", "darwin-arm64", "linux-amd64", "linux-arm64")


def write(wheel: Path, requirements: str, target: Path) -> None:
    """Write the archive; `requirements` are what the wheel needs, with hashes."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    with TemporaryDirectory() as place, tarfile.open(target, "w:gz") as archive:
        lock = Path(place) / "requirements.txt"
        lock.write_text(f"{requirements}\n./{wheel.name} --hash=sha256:{digest}\n")
        for file, name, mode in (
            (REPOSITORY / "tools" / "launcher.py", PROGRAM, 0o755),
            (lock, lock.name, 0o644),
            (wheel, wheel.name, 0o644),
        ):
            member = archive.gettarinfo(file, name)
            member.mode, member.uid, member.gid, member.uname, member.gname = mode, 0, 0, "", ""
            with file.open("rb") as content:
                archive.addfile(member, content)


def locked() -> str:
    """What the package needs, in the versions that it was tested with; asks the index."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.10"]
    options = ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    constraints = ["--constraint", "requirements-dev.txt", "pyproject.toml"]
    return subprocess.check_output([*command, *options, *constraints], cwd=REPOSITORY, text=True)


def _main(folder: Path) -> None:
    (wheel,) = folder.glob("warehouse_sync_pulumi-*.whl")
    requirements, version = locked(), wheel.name.split("-")[1]
    for platform in PLATFORMS:
        write(wheel, requirements, folder / f"{PROGRAM}-v{version}-{platform}.tar.gz")


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
