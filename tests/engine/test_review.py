"""What a preview finds out by itself, and what guards a stack."""

from __future__ import annotations

import re

import pytest
from programs import three
from reading import warnings

NASTY = "SELECT t.email,\n  o.*\nFROM orders AS o;"
ACTIVE = """
for number in range(6):
    Pipeline(
        f"pipeline-{number}", connection_id="c", data_model_id="m", partner_feed_key="us1-key",
        schedule_interval="hourly", environment="development", is_active=number < ACTIVE,
    )
"""


def test_sql_is_warned_of_once_at_its_resource_until_it_is_deployed(stack):
    stack.program(three(data_model={"sql_query": NASTY}))
    ran = stack.run("preview")
    assert [re.sub(r": .* \[", " ", warning.partition("sql_query ")[2]) for warning in warnings(ran)] == [
        "line 1, column 8 undefined-alias]",
        "line 2, column 3 select-star]",
        "line 3, column 17 trailing-semicolon]",
        "line 3, column 6 unqualified-table]",
    ]
    assert "warehouse-sync:DataModel (orders):\n    warning: " in ran.text
    assert len(warnings(stack.up())) == 4
    assert warnings(stack.run("preview", "--expect-no-changes")) == []
    # A replacement is checked twice, and each warning said once.
    stack.program(three(data_model={"sql_query": NASTY + " ", "data_model_id": "other"}))
    assert len(warnings(stack.run("preview"))) == 4


@pytest.mark.extended
def test_rules_are_turned_off_for_one_model_and_nothing_but_the_preview_hears_of_it(stack, emulator):
    rules = '[SqlRule.UNDEFINED_ALIAS, SqlRule.SELECT_STAR, "trailing-semicolon", "unqualified-table"]'
    stack.program(three(data_model={"sql_query": NASTY}).replace("**{'sql", f"ignore_sql_rules={rules}, **{{'sql"))
    assert "ignore_sql_rules" in (stack.folder / "__main__.py").read_text()
    ran = stack.preview()
    assert "warning" not in ran.text
    stack.up()
    assert not any("ignore_sql_rules" in {**held["inputs"], **held["outputs"]} for held in stack.resources())
    assert "ignore_sql_rules" not in str([entry.body for entry in emulator.journal])
    stack.program(three(data_model={"sql_query": NASTY}))
    assert stack.is_unchanged("--refresh")
    stack.program(three(data_model={"ignore_sql_rules": ["select-stars"]}))
    assert "ignore_sql_rules" in stack.preview(fails=True).text


def test_sql_that_the_service_refuses_stops_the_preview(stack, emulator):
    stack.program(three(data_model={"sql_query": "DELETE FROM mp.shop.orders"}))
    ran = stack.preview(fails=True)
    assert "line 1, column 1: this is not a SELECT: it begins with DELETE" in ran.text
    assert "Traceback" not in ran.text
    assert len(emulator.journal) == 0


@pytest.mark.extended
def test_schedules_are_warned_of_and_no_date_of_today_is_kept(stack):
    schedule = {"schedule_interval": "monthly", "schedule_start_time": "2001-01-31T00:00:00Z"}
    stack.program(three(pipeline=schedule | {"schedule_end_time": "2001-02-01T00:00:00Z"}))
    found = warnings(stack.run("preview"))
    assert [warning.partition(" 2001")[0] for warning in found] == [
        "pipeline 'orders': schedule_end_time",
        "pipeline 'orders': schedule_start_time",
        "pipeline 'orders': schedule_start_time",
    ]
    stack.up()
    assert stack.is_unchanged()
    (inputs,) = (resource["inputs"] for resource in stack.resources() if resource["type"].endswith(":Pipeline"))
    assert {name: value for name, value in inputs.items() if "schedule" in name} == schedule | {
        "schedule_end_time": "2001-02-01T00:00:00Z"
    }


@pytest.mark.extended
def test_more_active_pipelines_than_a_workspace_may_have_are_warned_of(stack):
    stack.program(f"ACTIVE = 5\n{ACTIVE}")
    assert warnings(stack.run("preview")) == []
    stack.program(f"ACTIVE = 6\n{ACTIVE}")
    (warning,) = warnings(stack.run("preview"))
    assert warning.startswith("more than 5 pipelines of this program are active in workspace 1234")


@pytest.mark.extended
def test_a_stack_whose_workspace_is_configured_anew_is_warned_of_before_anything_is_replaced(deployed):
    stack, emulator = deployed, deployed.emulator
    stack.run("config", "set", "warehouse-sync:workspaceId", "5678")
    (warning,) = warnings(stack.run("preview"))
    assert "in workspace 1234, and its configuration now says 5678" in warning
    assert "`pulumi config set warehouse-sync:workspaceId 1234`" in warning
    assert len(emulator.journal) == 0
    stack.run("config", "set", "warehouse-sync:workspaceId", "1234")
    assert warnings(stack.run("preview", "--expect-no-changes")) == []


@pytest.mark.extended
def test_what_is_protected_is_neither_deleted_nor_replaced(stack, emulator):
    protect = "opts=pulumi.ResourceOptions(protect=True), **{"
    stack.program(three().replace("**{", protect, 1))
    stack.up()
    before = emulator.objects("connections")
    assert "protect" in stack.destroy(fails=True).text
    stack.program(three({"connection_id": "other"}).replace("**{", protect, 1))
    assert "protect" in stack.preview(fails=True).text
    stack.up(fails=True)
    assert emulator.objects("connections") == before


@pytest.mark.extended
def test_what_is_retained_outlives_its_resource(stack, emulator):
    stack.program(three().replace("**{", "opts=pulumi.ResourceOptions(retain_on_delete=True), **{", 1))
    stack.up()
    stack.destroy()
    assert list(emulator.objects("connections")) == ["orders"]
    assert not emulator.objects("data-models")
    assert not emulator.objects("pipelines")
