"""The emulator's page says what the code says."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from tools.docs.emulator import PAGE, rewritten
from warehouse_sync_pulumi.cli import group
from warehouse_sync_pulumi.emulator.warehouse import SAMPLE_ACCOUNT


@pytest.fixture
def page():
    return PAGE.read_text(encoding="utf-8")


def test_its_tables_are_those_of_the_code(page):
    assert rewritten(page) == page, "stale: run `make reference`"


def test_it_names_every_option(page):
    text = CliRunner().invoke(group, ["emulator", "--help"]).output
    for option in set(re.findall(r"--[a-z-]+", text)) - {"--help"}:
        assert f"`{option}" in page


def test_it_names_the_sample_account(page):
    for name, value in vars(SAMPLE_ACCOUNT).items():
        assert f"| `{name}` | `{value}` |" in page


def test_its_python_runs(page):
    blocks = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        exec(block, {})  # noqa: S102 - our own page
