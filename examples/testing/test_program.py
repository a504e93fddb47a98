"""Tests of the program: deployed for real, to an emulator in place of mParticle.

Run them with `pytest examples/testing`; they need `pulumi` on PATH, and no account anywhere.
"""

from __future__ import annotations

import pytest
from program import program
from pulumi import automation

from warehouse_sync_pulumi.emulator import Emulator, Fault
from warehouse_sync_pulumi.testing import StackFactory

SECRETS = {
    "test-project:snowflakePassword": automation.ConfigValue("sample-password", secret=True),
    "test-project:partnerFeedKey": automation.ConfigValue("us1-feed-key", secret=True),
}


@pytest.fixture
def stack(warehouse_sync_stack: StackFactory) -> automation.Stack:
    """Our program, not yet deployed."""
    stack = warehouse_sync_stack(program)
    stack.set_all_config(SECRETS)
    return stack


def test_it_deploys_three_objects_and_is_then_up_to_date(warehouse_sync: Emulator, stack: automation.Stack) -> None:
    outputs = stack.up().outputs
    assert outputs["pipeline"].value == "tickets-pipeline"

    pipeline = warehouse_sync.objects("pipelines")["tickets-pipeline"]
    assert pipeline["connection_id"] == "tickets-connection"
    assert pipeline["partner_feed_key"] == "us1-feed-key"

    warehouse_sync.journal.clear()
    stack.preview(expect_no_changes=True)
    assert warehouse_sync.journal.count("POST") == 0


@pytest.mark.warehouse_sync(warehouse="sample")
def test_a_wrong_password_stops_the_deployment(warehouse_sync: Emulator, stack: automation.Stack) -> None:
    stack.set_config("snowflakePassword", automation.ConfigValue("mistyped", secret=True))
    with pytest.raises(automation.CommandError, match="incorrect user or password"):
        stack.up()
    assert warehouse_sync.objects("pipelines") == {}


def test_a_lost_answer_leaves_one_connection(warehouse_sync: Emulator, stack: automation.Stack) -> None:
    warehouse_sync.faults.add(Fault(kind="cut_after", method="POST", path="connections"))
    stack.up()
    assert list(warehouse_sync.objects("connections")) == ["tickets-connection"]
    assert warehouse_sync.journal.count("POST", "connections") == 1
