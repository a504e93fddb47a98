"""A resource that is called otherwise, or stands elsewhere, keeps its object: with an alias, or by a refusal."""

from __future__ import annotations

import re
from textwrap import indent

import pytest
from declared import effects, held, is_write, refused, urns
from programs import DATA_MODEL, three
from reading import refusals

from warehouse_sync_pulumi.emulator import Fault

pytestmark = pytest.mark.hosts("extended")

ALIAS = "pulumi.ResourceOptions(aliases=[pulumi.Alias(name='orders')])"
IMPORT = "pulumi.ResourceOptions(import_='orders')"
AFTER = f"DataModel('after', opts=pulumi.ResourceOptions(depends_on=[pipeline]), **{DATA_MODEL!r})\n"
KEPT = re.compile(r"not deleted|is kept|stays")
PARENT = "shop = pulumi.ComponentResource('acme:Shop', 'shop')\n"


def pipeline_renamed(opts="None"):
    """The three objects, of which the pipeline's resource alone has another name."""
    return three().replace('Pipeline("orders", ', f'Pipeline("sales", pipeline_id="orders", opts={opts}, ')


def component(type_="acme:Shop", name="shop", *, opts="None", aliases="None"):
    """The three objects in a component, whose resources have its name before their own."""
    return f"""
class Shop(pulumi.ComponentResource):
    def __init__(self):
        super().__init__({type_!r}, {name!r}, None, {opts})
        inside = pulumi.ResourceOptions(parent=self, aliases={aliases})
{indent(three(name=f"{name}-orders", opts="inside"), " " * 8)}
Shop()
"""


OLD_PARENT = "pulumi.Alias(parent='urn:pulumi:test::project::acme:Shop::shop')"
MOVES = {
    "renamed": (three(), three(name="sales"), three(name="sales", opts=ALIAS)),
    "given a parent": (
        three(),
        PARENT + three(opts="pulumi.ResourceOptions(parent=shop)"),
        PARENT
        + three(opts="pulumi.ResourceOptions(parent=shop, aliases=[pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)])"),
    ),
    "component's type changed": (
        component(),
        component("acme:Store"),
        component("acme:Store", aliases=f"[{OLD_PARENT}]"),
    ),
    "component renamed": (
        component(),
        component(name="store"),
        component(name="store", aliases="[pulumi.Alias(name='shop-orders')]"),
    ),
}
"""Before, after, and after with an alias. After a refusal the state has the new component already. The engine then
looks for no alias of it, and its children inherit none: they name their own."""
EVERYDAY = {"renamed"}


def deploy(stack, emulator, program):
    """Deploy, and give what the service then holds."""
    stack.program(program)
    stack.up()
    emulator.journal.clear()
    return held(emulator)


@pytest.mark.parametrize("move", [pytest.param(m, marks=[] if m in EVERYDAY else pytest.mark.extended) for m in MOVES])
def test_a_move_is_refused_until_an_alias_says_what_it_is_and_then_costs_no_request(stack, emulator, move):
    before, after, aliased = MOVES[move]
    objects = deploy(stack, emulator, before)
    stack.program(after)
    for _ in range(2):  # what a process remembers does not outlive it
        lines = refused(stack, emulator)
        assert len(lines) <= 2, "the pipeline waits for the others"
        for line in lines:
            assert "'orders' in workspace 1234" in line
            assert "exists already" in line
            assert "alias" in line
            assert "import" in line
    stack.program(aliased)
    emulator.journal.clear()
    stack.up()
    assert len(emulator.journal) == 0
    assert held(emulator) == objects
    assert len(stack.resources()) == 3
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
@pytest.mark.parametrize(
    ("type_", "name", "alias"),
    [("acme:Store", "shop", "pulumi.Alias(type_='acme:Shop')"), ("acme:Shop", "store", "pulumi.Alias(name='shop')")],
)
def test_a_component_with_an_alias_from_the_start_costs_no_request(stack, emulator, type_, name, alias):
    objects = deploy(stack, emulator, component())
    stack.program(component(type_, name, opts=f"pulumi.ResourceOptions(aliases=[{alias}])"))
    stack.up()
    assert len(emulator.journal) == 0
    assert held(emulator) == objects
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_what_follows_a_refused_rename_is_not_done_either_and_the_next_process_knows_no_better(deployed):
    """The resource that follows fails too: nothing may be deleted in the update after that."""
    stack, emulator = deployed, deployed.emulator
    stack.program(pipeline_renamed() + AFTER)
    fault = emulator.faults.add(Fault(method="POST", path="data-models", kind="status", status=400, times=None))
    refused(stack, emulator)
    emulator.faults.clear()
    refused(stack, emulator)
    assert fault.struck == 0
    stack.program(pipeline_renamed(ALIAS) + AFTER)
    stack.up()
    assert effects(emulator) == [("POST", "data-models")]
    assert stack.is_unchanged("--refresh")


def test_with_continue_on_error_the_deletes_that_follow_lose_nothing_either(stack, emulator):
    """The engine goes on to delete the old resources, the pipeline's too: its new one waits for what was refused."""
    objects = deploy(stack, emulator, three() + f"unused = DataModel('unused', **{DATA_MODEL!r})\n")
    stack.program(three(name="sales"))
    lines = refusals(stack.up("--continue-on-error", fails=True))
    assert held(emulator) == objects, "nobody asked about the pipeline, which waits for the others"
    assert sum("exists already" in line for line in lines) == 2
    assert {"Connection orders", "DataModel orders", "Pipeline orders"} <= urns(stack).keys(), "an alias still works"

    stack.program(three(name="sales", opts=ALIAS))
    stack.up()
    del objects["data-models", "unused"]
    assert held(emulator) == objects
    assert len(stack.resources()) == 3
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
@pytest.mark.parametrize("with_old", [False, pytest.param(True, marks=pytest.mark.extended)])
def test_a_targeted_rename_is_refused_as_any_other(deployed, with_old):
    stack, emulator = deployed, deployed.emulator
    objects = held(emulator)
    old = urns(stack)["Pipeline orders"]
    new = old.replace("::orders", "::sales")
    stack.program(pipeline_renamed())
    (line,) = refused(stack, emulator, f"--target={new}", *([f"--target={old}"] if with_old else []))
    assert "exists already" in line
    stack.program(pipeline_renamed(ALIAS))
    stack.up()
    assert held(emulator) == objects
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_a_target_that_names_the_old_resource_alone_is_a_delete_and_the_next_up_makes_the_object_again(deployed):
    """The engine then asks the provider about nothing that the program declares, as in a destroy."""
    stack, emulator = deployed, deployed.emulator
    objects = held(emulator)
    stack.program(pipeline_renamed())
    stack.up(f"--target={urns(stack)['Pipeline orders']}")
    assert effects(emulator) == [("DELETE", "pipelines/orders")]
    stack.up()
    assert held(emulator).keys() == objects.keys()
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_a_rename_by_import_hands_the_objects_over_and_says_so(deployed):
    """The program asks for it: the new resources hold the objects, and the old ones let go of them."""
    stack, emulator = deployed, deployed.emulator
    objects = held(emulator)
    stack.program(three(name="sales", opts=IMPORT))
    ran = stack.up()
    assert held(emulator) == objects
    assert emulator.journal.count("DELETE") == 0
    assert KEPT.search(ran.text), str(ran)
    assert sorted(urns(stack)) == ["Connection sales", "DataModel sales", "Pipeline sales"]
    stack.program(three(name="sales"))
    assert stack.is_unchanged("--refresh")
    stack.destroy()
    assert held(emulator) == {}


def half_way(stack, emulator):
    """A state in which two resources have one pipeline: a rename by import whose `up` failed before its end."""
    objects = held(emulator)
    stack.program(pipeline_renamed(IMPORT) + AFTER)
    emulator.faults.add(Fault(method="POST", path="data-models", kind="status", status=400))
    stack.up(fails=True)
    assert {"Pipeline orders", "Pipeline sales"} <= urns(stack).keys()
    stack.program(pipeline_renamed())
    emulator.journal.clear()
    return objects


@pytest.mark.extended
def test_after_half_a_rename_the_next_process_knows_who_has_the_object(deployed):
    stack, emulator = deployed, deployed.emulator
    objects = half_way(stack, emulator)
    ran = stack.up()
    assert held(emulator) == objects
    assert [entry for entry in emulator.journal if is_write(entry)] == []
    assert KEPT.search(ran.text), str(ran)
    assert sorted(urns(stack)) == ["Connection orders", "DataModel orders", "Pipeline sales"]
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
@pytest.mark.parametrize("options", [(), ("--run-program",)])
def test_after_half_a_rename_a_destroy_deletes_the_object(deployed, options):
    stack, emulator = deployed, deployed.emulator
    half_way(stack, emulator)
    stack.destroy(*options)
    assert held(emulator) == {}
    assert stack.resources() == []


@pytest.mark.extended
def test_a_destroy_that_runs_the_program_deletes_all_that_it_declares(deployed):
    stack, emulator = deployed, deployed.emulator
    stack.destroy("--run-program")
    assert held(emulator) == {}
    assert stack.resources() == []


@pytest.mark.extended
def test_a_destroy_that_runs_a_renamed_program_deletes_all_or_says_why_not(deployed):
    stack, emulator = deployed, deployed.emulator
    objects = held(emulator)
    stack.program(three(name="sales"))
    ran = stack.destroy("--run-program", fails=None)
    if ran.code == 0:
        assert held(emulator) == {}
        assert stack.resources() == []
    else:
        assert refusals(ran)
        assert held(emulator) == objects
        assert len(stack.resources()) == 3
    stack.destroy()
    assert held(emulator) == {}


@pytest.mark.extended
def test_a_removal_deletes_what_nothing_declares_any_more(stack, emulator):
    """Beside a rename with an alias, a new object, and a resource that now uses another one."""
    objects = deploy(stack, emulator, three() + f"old = DataModel('old', **{DATA_MODEL!r})\n")
    stack.program(
        three(name="sales", opts=ALIAS)
        .replace("data_model_id=data_model.id", "data_model_id=new.data_model_id")
        .replace("wires = ", f"new = DataModel('new', **{DATA_MODEL!r})\nwires = ")
    )
    stack.up()
    assert effects(emulator) == [("POST", "data-models"), ("PUT", "pipelines/orders"), ("DELETE", "data-models/old")]
    assert held(emulator)["connections", "orders"] == objects["connections", "orders"]
    assert stack.is_unchanged("--refresh")
    stack.program("")
    stack.up()
    assert held(emulator) == {}
