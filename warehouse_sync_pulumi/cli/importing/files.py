"""Writing files, and never over others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import WarehouseSyncError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["changed", "refuse_to_overwrite", "write"]


def changed(files: Mapping[Path, str]) -> list[Path]:
    """Those that do not have their text yet."""
    return [path for path, text in files.items() if not path.exists() or path.read_bytes() != text.encode()]


def refuse_to_overwrite(files: Mapping[Path, str]) -> None:
    """Raise WarehouseSyncError when one of the files exists with another text."""
    others = [str(path) for path in changed(files) if path.exists()]
    if others:
        raise WarehouseSyncError(
            f"{' and '.join(others)} would be overwritten: --output names another file, --force overwrites them"
        )


def write(files: Mapping[Path, str]) -> list[Path]:
    """Write the files that do not have their text yet, and return them."""
    paths = changed(files)
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[path].encode())
    return paths
