"""What reaches the provider from a program, whichever way: secrets stay secret, numbers exact."""

from __future__ import annotations

import json

import pytest
from declared import held
from programs import CONNECTION, DATA_MODEL, three
from reading import refusals

from warehouse_sync_pulumi.emulator import Fault

pytestmark = pytest.mark.hosts("extended")

USER, QUERY = "sentinel-user-91bc", "SELECT t.sentinel_7f3a, t.updated_at FROM mp.shop.orders AS t"
OTHERS = {name: value for name, value in CONNECTION.items() if name != "user"}
FIELDS = {name: value for name, value in DATA_MODEL.items() if name != "sql_query"}


def marked(user, query):
    """A program that marks as secret what this package does not."""
    return f"""
Connection("orders", user=pulumi.Output.secret({user!r}), **{OTHERS!r})
DataModel("orders", sql_query=pulumi.Output.secret({query!r}), **{FIELDS!r})
"""


def assert_hidden(stack, ran):
    for secret in (USER, "sentinel_7f3a"):
        assert secret not in ran.text, str(ran)
        assert secret not in stack.state_files(), str(ran)


def test_what_the_user_marks_as_secret_is_in_clear_nowhere(stack, emulator):
    """Also where the service keeps a text otherwise than it was sent."""
    emulator.set(trim_strings=True)
    stack.program(marked(f" {USER}", f"\n{QUERY}\n"))
    assert_hidden(stack, stack.preview())
    assert_hidden(stack, stack.up("--diff"))
    assert held(emulator)["connections", "orders"]["user"] == USER, "kept otherwise than sent"
    assert_hidden(stack, stack.refresh("--diff"))
    stack.program(marked(f" {USER}-new", f"{QUERY} WHERE t.email IS NOT NULL"))
    assert_hidden(stack, stack.up("--diff"))
    assert held(emulator)["connections", "orders"]["user"] == f"{USER}-new"
    assert stack.is_unchanged("--refresh")

    said = {"message": f"cannot change {USER}-new to {USER}-newest"}
    fault = Fault(method="PUT", path="connections*", kind="status", status=400, body=json.dumps(said))
    emulator.faults.add(fault)
    stack.program(marked(f" {USER}-newest", f"{QUERY} WHERE t.email IS NOT NULL"))
    assert_hidden(stack, stack.up(fails=True))


def test_a_failure_that_repeats_what_the_user_marks_as_secret_does_not_show_it(stack, emulator):
    stack.program(marked(USER, QUERY))
    body = json.dumps({"message": f"user {USER} is locked"})
    fault = emulator.faults.add(Fault(method="POST", path="connections", kind="status", status=400, body=body))
    ran = stack.up(fails=True)
    assert fault.struck == 1
    assert "is locked" in ran.text
    assert_hidden(stack, ran)


ADDING = """
def add(args):
    return pulumi.ResourceTransformationResult({**args.props, **ADDED}, args.opts)

pulumi.runtime.register_stack_transformation(add)
"""
ADDING_LATE = """
def add(args):
    return pulumi.ResourceTransformResult({**args.props, **ADDED}, args.opts)

pulumi.runtime.register_resource_transform(add)
"""


@pytest.mark.extended
@pytest.mark.hosts("dynamic")  # what it adds is an argument in Pulumi's packages
@pytest.mark.parametrize("transform", [ADDING, pytest.param(ADDING_LATE, marks=pytest.mark.extended)])
def test_a_transform_adds_no_argument_that_the_constructor_refuses(stack, emulator, transform):
    model = f"DataModel('orders', **{DATA_MODEL!r})\n"
    for name, hint in (("tags", "tags"), ("sqlQuery", "did you mean sql_query?")):
        stack.program(f"ADDED = { {name: 'x'}!r}\n{transform}{model}")
        (line,) = refusals(stack.run("preview", fails=True))
        assert "no argument" in line
        assert name in line
        assert hint in line
    assert len(emulator.journal) == 0
    stack.program(f"ADDED = {{'load_timestamp_field_name': 'changed_at'}}\n{transform}{model}")
    stack.up()
    assert held(emulator)["data-models", "orders"]["load_timestamp_field_name"] == "changed_at"
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
@pytest.mark.parametrize("number", [2**53, pytest.param(2**53 + 1, marks=pytest.mark.extended)])
def test_a_number_that_is_not_carried_exactly_is_refused_in_the_preview(stack, emulator, number):
    stack.program(three(pipeline={"partner_feed_id": number}))
    (line,) = refusals(stack.run("preview", fails=True))
    assert stack.spelt("partner_feed_id") in line
    assert len(emulator.journal) == 0
    stack.program(three(pipeline={"partner_feed_id": 2**53 - 1}))
    stack.up()
    assert held(emulator)["pipelines", "orders"]["partner_feed_id"] == 2**53 - 1
    assert stack.is_unchanged("--refresh")
