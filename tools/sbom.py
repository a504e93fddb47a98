"""`python -m tools.sbom FILE`: what the package depends on, as CycloneDX, in the versions that it was tested with."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

REPOSITORY = Path(__file__).parents[1]


def write(target: Path) -> None:
    """Write the SBOM: uv resolves the project anew for it, so the lock is given to it as constraints."""
    lock = (REPOSITORY / "requirements-dev.txt").read_text(encoding="utf-8")
    locked = re.findall(r"^([a-z].*) \\$", lock, re.MULTILINE)
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    with TemporaryDirectory() as folder:
        constrained = f"{project}\n[tool.uv]\nconstraint-dependencies = {locked}\n"
        (Path(folder) / "pyproject.toml").write_text(constrained, encoding="utf-8")
        export = [sys.executable, "-m", "uv", "export", "--quiet", "--project", folder, "--all-extras", "--no-dev"]
        sbom: list[str | Path] = [
            "--preview-features",
            "sbom-export",
            "--format",
            "cyclonedx1.5",
            "--output-file",
            target.absolute(),
        ]
        subprocess.run([*export, *sbom], check=True)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
