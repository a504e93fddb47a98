"""`python -m tools.sdks FOLDER`: the packaged provider's SDKs for Python and Node.js, written from its schema.

A wheel and an npm package. Nothing of them is committed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.engine import languages

REPOSITORY = Path(__file__).parents[1]
_SCHEMA = REPOSITORY / "warehouse_sync_pulumi" / "schema.json"
_HATCHLING = 'requires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
_README = """\
# {name}

The SDK for {language} of Pulumi's package `warehouse-sync`: mParticle's Warehouse Sync API. The provider itself is in
the Python package `warehouse-sync-pulumi`, whose documentation tells how a program finds it.
"""


def write(folder: Path) -> tuple[Path, Path]:
    """Write the wheel and the npm package into `folder`.

    Raises:
        StepError: what writes them, or Pulumi's SDK for Node.js, could not be had.
    """
    generator, modules = languages.ensure("write_sdks"), languages.ensure("node_modules")
    with TemporaryDirectory() as place:
        _run([generator / "write_sdks", _SCHEMA, place])
        return _wheel(Path(place) / "python", folder), _npm_package(Path(place) / "nodejs", modules, folder)


def _wheel(source: Path, folder: Path) -> Path:
    """By the tool that builds this package: it is there already."""
    project = source / "pyproject.toml"
    project.write_text(re.sub(r"(?<=\[build-system\]\n)[^\[]*", _HATCHLING, project.read_text()))
    _explain(source, "pulumi_warehouse_sync", "Python")
    _run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder.absolute()], source)
    return next(folder.glob("pulumi_warehouse_sync-*.whl"))


def _npm_package(source: Path, modules: Path, folder: Path) -> Path:
    (source / "node_modules").symlink_to(modules / "node_modules")
    _run(["node", "node_modules/typescript/bin/tsc"], source)
    shutil.copy(source / "package.json", source / "bin")
    _explain(source / "bin", "warehouse-sync-pulumi", "Node.js")
    _run(["npm", "pack", "--silent", "--pack-destination", folder.absolute()], source / "bin")
    return next(folder.glob("warehouse-sync-pulumi-*.tgz"))


def _explain(package: Path, name: str, language: str) -> None:
    (package / "README.md").write_text(_README.format(name=name, language=language))
    shutil.copy(REPOSITORY / "LICENSE", package)


def _run(command: list[str | Path], folder: Path | None = None) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(exist_ok=True)
    write(target)
