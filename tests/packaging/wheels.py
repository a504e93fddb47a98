"""Wheels of a test's own, for a folder that stands in for a package index."""

from __future__ import annotations

import zipfile
from importlib import metadata

from packaging.requirements import Requirement


def write(folder, name, version, fields=()):
    """A wheel with nothing in it but its metadata."""
    stem = f"{name.replace('-', '_')}-{version}"
    made = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *fields, ""]
        archive.writestr(f"{stem}.dist-info/METADATA", "\n".join(lines))
        archive.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{stem}.dist-info/RECORD", "")
    return made


def pack(folder, name):
    """A wheel of a package that is installed here, without the scripts beside it."""
    package = metadata.distribution(name)
    tag = next(line for line in package.read_text("WHEEL").splitlines() if line.startswith("Tag: "))[5:]
    made = folder / f"{name.replace('-', '_')}-{package.version}-{tag}.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for file in package.files:
            if ".." not in file.parts and file.suffix != ".pyc":
                archive.write(file.locate(), str(file))
    return made


def needed(name, extra):
    """The names of the packages that one needs which is installed here, with an extra, and of those that they need."""
    found, ahead = set(), [(name, extra)]
    while ahead:
        of, extra = ahead.pop()
        for line in metadata.requires(of) or ():
            requirement = Requirement(line)
            if requirement.name not in found and (
                not requirement.marker or requirement.marker.evaluate({"extra": extra})
            ):
                found.add(requirement.name)
                ahead.append((requirement.name, ""))
    return found
