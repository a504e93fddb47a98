"""The `warehouse-sync` command, also `python -m warehouse_sync_pulumi`."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command, or say in one line what it needs."""
    try:
        from .cli import group
    except ModuleNotFoundError as error:
        if error.name not in ("click", "rich"):
            raise
        sys.exit(f"warehouse-sync needs {error.name}: pip install 'warehouse-sync-pulumi[cli]'")
    group(prog_name="warehouse-sync")


if __name__ == "__main__":
    main()
