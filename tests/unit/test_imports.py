"""What an operation does not import, and so does not wait for."""

from __future__ import annotations

import subprocess
import sys


def imported_by(program: str) -> set[str]:
    """The modules that a program of its own has imported in the end."""
    listing = f"import sys\n{program}\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", listing], check=True, capture_output=True, text=True)
    return set(ran.stdout.split())


def test_the_http_side_imports_one_small_library():
    modules = imported_by("import warehouse_sync_pulumi.api.client")
    assert "httpcore" in modules
    assert not {"httpx", "requests", "aiohttp", "click", "rich"} & modules


def test_a_preview_that_changes_no_query_does_not_import_the_sql_parser():
    program = """
from warehouse_sync_pulumi.data_model import DataModelProvider
query = dict(data_model_id="m", workspace_id=1, type="sql", sql_query="SELECT a, b FROM t", name="m",
             load_timestamp_field_name="b", load_timestamp_field_type="date")
assert DataModelProvider().check(query, query).failures == []
"""
    assert "sqlglot" not in imported_by(program)
    assert "sqlglot" in imported_by(program.replace("check(query, query)", "check({}, query)"))
