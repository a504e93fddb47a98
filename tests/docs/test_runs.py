"""The page about runs says what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from warehouse_sync_pulumi import functions
from warehouse_sync_pulumi.pipeline_run import PIPELINE_RUN

PAGE = (Path(__file__).parents[2] / "docs" / "runs.md").read_text()


@pytest.mark.parametrize("argument", PIPELINE_RUN.fields)
def test_each_argument_is_in_the_table_with_its_default(argument):
    row = re.search(rf"^\| `{argument}` \| (.*?) \|", PAGE, re.MULTILINE)
    assert row, argument
    default = PIPELINE_RUN.fields[argument].default
    if default:
        assert str(default).lower() in row[1]


@pytest.mark.parametrize("function", [name for name in functions.__all__ if not name.endswith("_output")])
def test_each_function_is_in_the_table(function):
    assert re.search(rf"^\| .*`{function}\(", PAGE, re.MULTILINE)


@pytest.mark.parametrize("block", re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
def test_the_code_can_be_read(block):
    compile(block, "runs.md", "exec")
