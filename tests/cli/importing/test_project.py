"""Where a project's program stands, and whether it imports what is written beside it."""

from __future__ import annotations

import pytest

from warehouse_sync_pulumi.cli.importing.project import target
from warehouse_sync_pulumi.errors import WarehouseSyncError


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


@pytest.mark.parametrize(
    ("file", "text", "program"),
    [
        ("Pulumi.yaml", "name: shop\nruntime: python\n", "__main__.py"),
        ("Pulumi.yml", "name: shop\nmain: infra/  # ours\n", "infra/__main__.py"),
        ("Pulumi.yaml", 'name: shop\n"main" : "shop #1.py"\n', "shop #1.py"),
        ("Pulumi.json", '{"name": "shop", "main": "infra/shop.py"}', "infra/shop.py"),
    ],
)
def test_the_program_is_where_the_projects_file_says(tmp_path, file, text, program):
    (tmp_path / file).write_text(text)
    below = tmp_path / "docs" / "more"
    below.mkdir(parents=True)
    assert target(below, None, holds_any=False).program == tmp_path / program


def test_a_project_file_that_cannot_be_read_is_one_line(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text("name: [shop\nruntime: python\n")
    with pytest.raises(WarehouseSyncError, match=r"Pulumi\.yaml cannot be read: .*line 2") as raised:
        target(tmp_path, None, holds_any=False)
    assert "\n" not in str(raised.value)
