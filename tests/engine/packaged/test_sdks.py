"""The SDKs that are generated from the schema: under the real engine."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from declared import held
from hosts import PACKAGED
from nodejs import needs_node, turn_to_nodejs
from stack import Stack

from tools import sdks
from tools.docs.pages import blocks
from tools.engine import languages

pytestmark = [needs_node, pytest.mark.extended]  # writing the SDKs takes a quarter of a minute

REPOSITORY = Path(__file__).parents[3]


def program(page, language):
    """The first program on a page."""
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    return next(block.text for block in blocks(text) if block.language == language and "updated_at" in block.text)


def test_a_stack_goes_from_dynamic_resources_to_the_sdk_for_python_to_nodejs_and_to_yaml(tmp_path, emulator):
    stack = Stack(tmp_path / "stack", emulator.environment, PACKAGED, forks=False)
    python, nodejs = program("README.md", "python"), program("docs/languages.md", "javascript")
    wheel, npm_package = sdks.write(tmp_path)
    stack.run("config", "set-all", "--secret", "snowflakePassword=correct horse", "--secret", "partnerFeedKey=us1-key")
    (stack.folder / "__main__.py").write_text(python)
    stack.up()
    there = held(emulator, without=())
    emulator.journal.clear()

    shutil.unpack_archive(wheel, tmp_path / "python", "zip")
    stack.environment["PYTHONPATH"] += os.pathsep + str(tmp_path / "python")
    packaged = python.replace("from warehouse_sync_pulumi", "from pulumi_warehouse_sync")
    assert packaged != python
    (stack.folder / "__main__.py").write_text(packaged)
    assert "3 updated" in stack.up().text
    assert len(emulator.journal) == 0

    packages = turn_to_nodejs(stack)
    shutil.unpack_archive(npm_package, packages, "gztar")
    (packages / "package").rename(packages / "warehouse-sync-pulumi")
    region = "exports.region = warehouse.getConnectionOutput({connectionId: connection.id}).region;\n"
    stack.program(nodejs)
    assert stack.is_unchanged("--refresh")
    assert held(emulator, without=()) == there
    daily = nodejs.replace('"hourly"', "warehouse.ScheduleInterval.Daily")
    stack.program(daily + region)
    assert 'region: "us-central1.gcp"' in stack.up().text
    assert emulator.objects("pipelines")["tickets-to-mparticle"]["schedule_interval"] == "daily"

    stack.environment["PATH"] = os.pathsep.join([str(languages.ensure("yaml")), stack.environment["PATH"]])
    yaml = program("docs/languages.md", "yaml").replace("name: shop", "name: project")
    yaml = yaml.replace("scheduleInterval: hourly", "scheduleInterval: daily")
    (stack.folder / "Pulumi.yaml").write_text(yaml.replace(".warehouse-sync/bin", str(Path(sys.executable).parent)))
    assert stack.is_unchanged("--refresh")
    stack.destroy()
    assert held(emulator) == {}
