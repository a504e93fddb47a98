"""Whether a program imports what is written beside it."""

from __future__ import annotations

import pytest

from warehouse_sync_pulumi.cli.importing.project import target


@pytest.mark.parametrize(
    ("program", "imports"),
    [
        ("import warehouse_sync\n", True),
        ("def main():\n    from . import warehouse_sync\n", True),
        ("from warehouse_sync import pipeline\n", True),
        ('import pulumi\nwarehouse_sync = pulumi.Config("warehouse-sync")\n', False),
        ("# import warehouse_sync\nimport warehouse_sync_pulumi\n", False),
        ("import warehouse_sync; this is no Python", False),
    ],
)
def test_only_an_import_counts_as_one(tmp_path, program, imports):
    (tmp_path / "__main__.py").write_text(program)
    assert target(tmp_path, None, holds_any=True).is_imported is imports
