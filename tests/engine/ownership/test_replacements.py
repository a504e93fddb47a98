"""A replacement that keeps id and workspace deletes first, whoever asks for it."""

from __future__ import annotations

import pytest
from declared import MAKING, effects, held, is_write, refused, urns
from programs import DATA_MODEL, three
from reading import refusals

from warehouse_sync_pulumi.emulator import Fault

pytestmark = pytest.mark.hosts("extended")

IN_TURN = [("DELETE", "pipelines/orders"), ("POST", "pipelines")]
ALL = "pulumi.ResourceOptions(replace_on_changes=['*'])"


def pipeline_with(opts, **changes):
    """The usual three, with options of the pipeline's own."""
    return three(pipeline=changes).replace('Pipeline("orders", ', f'Pipeline("orders", opts={opts}, ')


def by_option(stack):
    return f"--replace={urns(stack)['Pipeline orders']}"


def by_taint(stack):
    stack.run("state", "taint", urns(stack)["Pipeline orders"], "--yes")
    return "--refresh=false"


def by_trigger(stack):
    stack.program((stack.folder / "__main__.py").read_text().replace("'first'", "'second'"))
    return "--refresh=false"


TRIGGER, FIRST = "replacement_trigger='first'", "delete_before_replace=True"
ASKED = {"by --replace": ("", by_option), "by a taint": ("", by_taint), "by a trigger": (TRIGGER, by_trigger)}


@pytest.mark.parametrize(
    "asked", [pytest.param(a, marks=[] if a == "by a taint" else pytest.mark.extended) for a in ASKED]
)
def test_a_replacement_that_only_the_engine_knows_of_is_refused_until_the_program_says_what_goes_first(
    stack, emulator, asked
):
    """The engine does not ask the provider, and creates first: the id is taken."""
    option, ask = ASKED[asked]
    stack.program(pipeline_with(f"pulumi.ResourceOptions({option})"))
    stack.up()
    assert stack.is_unchanged()  # from here on there is no record of its making
    before = held(emulator, without=MAKING)
    argument = ask(stack)
    (line,) = refused(stack, emulator, argument)
    assert "pipeline 'orders' in workspace 1234" in line
    assert "delete_before_replace=True" in line

    source = (stack.folder / "__main__.py").read_text().replace("ResourceOptions(", f"ResourceOptions({FIRST}, ")
    stack.program(source)
    emulator.journal.clear()
    stack.up(argument)
    assert effects(emulator) == IN_TURN
    assert held(emulator, without=MAKING) == before
    assert stack.is_unchanged("--refresh")


def test_a_replacement_by_any_change_is_deleted_and_made_again(stack, emulator):
    stack.program(pipeline_with(ALL))
    stack.up()
    before = held(emulator, without=MAKING)
    stack.program(pipeline_with(ALL, partner_feed_key="us1-rotated"))
    emulator.journal.clear()
    stack.up()
    assert effects(emulator) == IN_TURN
    pipeline = held(emulator)["pipelines", "orders"]
    assert pipeline["partner_feed_key"] == "us1-rotated"
    before["pipelines", "orders"] |= {name: pipeline[name] for name in ("partner_feed_key", "partner_feed_id")}
    assert held(emulator, without=MAKING) == before
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_another_query_replaces_a_model_whose_program_asks_for_that(stack, emulator):
    opts = "pulumi.ResourceOptions(replace_on_changes=['sql_query'])"
    stack.program(f"DataModel('orders', opts={opts}, **{DATA_MODEL!r})")
    stack.up()
    query = "SELECT c.email, c.updated_at FROM mp.shop.customers AS c"
    stack.program(f"DataModel('orders', opts={opts}, **{ {**DATA_MODEL, 'sql_query': query}!r})")
    emulator.journal.clear()
    stack.up()
    assert effects(emulator) == [("DELETE", "data-models/orders"), ("POST", "data-models")]
    assert held(emulator)["data-models", "orders"]["sql_query"] == query
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_what_is_renamed_with_an_alias_is_replaced_in_the_same_update(stack, emulator):
    """The engine deletes it under its old name."""
    query = "SELECT c.email, c.updated_at FROM mp.shop.customers AS c"
    stack.program(f"DataModel('before', data_model_id='orders', **{DATA_MODEL!r})")
    stack.up()
    opts = "pulumi.ResourceOptions(aliases=[pulumi.Alias(name='before')], replace_on_changes=['sql_query'])"
    changed = {**DATA_MODEL, "sql_query": query}
    stack.program(f"DataModel('after', data_model_id='orders', opts={opts}, **{changed!r})")
    emulator.journal.clear()
    stack.up()
    assert effects(emulator) == [("DELETE", "data-models/orders"), ("POST", "data-models")]
    assert held(emulator)["data-models", "orders"]["sql_query"] == query
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
@pytest.mark.hosts("dynamic")  # the engine itself refuses it
@pytest.mark.parametrize("first", ["", pytest.param(f"{FIRST}, ", marks=pytest.mark.extended)])
def test_what_is_still_to_be_imported_is_not_deleted_to_be_replaced(stack, emulator, first):
    """Nothing would be left to import."""
    opts = f"pulumi.ResourceOptions({first}import_='orders')"
    stack.program(f"DataModel('orders', **{DATA_MODEL!r})")
    stack.up()
    stack.program(f"DataModel('orders', opts={opts}, **{DATA_MODEL!r})")
    assert stack.is_unchanged()
    before = held(emulator)
    if first:
        (line,) = refused(stack, emulator, f"--replace={urns(stack)['DataModel orders']}")
    else:
        stack.program(f"DataModel('orders', opts={opts}, **{ {**DATA_MODEL, 'type': 'table'}!r})")
        (line,) = refused(stack, emulator)
    assert "data model 'orders' in workspace 1234 is" in line
    assert "take import_ out" in line
    assert held(emulator) == before


@pytest.mark.extended
def test_a_connection_in_use_is_not_replaced_and_the_stack_goes_on_without_that(stack, emulator):
    """The service does not delete what a pipeline uses: that is one line, and nothing is lost."""
    opts = f"Connection('orders', opts={ALL}, "
    stack.program(three().replace('Connection("orders", ', opts))
    stack.up()
    stack.program(three({"password": "battery staple"}).replace('Connection("orders", ', opts))
    (line,) = refused(stack, emulator)
    assert "connection 'orders' in workspace 1234" in line
    assert emulator.journal.count("POST", "connections") == 0

    stack.program(three({"password": "battery staple"}))
    stack.up()
    assert effects(emulator) == [("PUT", "connections/orders")]
    assert held(emulator)["connections", "orders"]["password"] == "battery staple"
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
@pytest.mark.parametrize("resource", ["Connection orders", "DataModel orders", "Pipeline orders"])
@pytest.mark.parametrize("opts", ["None", "pulumi.ResourceOptions(delete_before_replace=False)"])
def test_what_cannot_be_deleted_first_is_never_lost(stack, emulator, resource, opts):
    """Since a pipeline uses it, or since the program or the engine wants the new one first."""
    stack.program(three(opts=opts))
    stack.up()
    objects = held(emulator, without=MAKING)
    ran = stack.up(f"--replace={urns(stack)[resource]}", fails=None)
    if ran.code != 0:
        assert len(refusals(ran)) == 1
    assert held(emulator, without=MAKING) == objects
    emulator.journal.clear()
    stack.up()
    assert effects(emulator) == []
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_what_the_program_reads_too_makes_room_for_its_replacement(stack, emulator):
    stack.program(f"DataModel('orders', **{DATA_MODEL!r})")
    stack.up()
    opts = "pulumi.ResourceOptions(replace_on_changes=['*'], depends_on=[seen])"
    new = f"DataModel('orders', opts={opts}, **{ {**DATA_MODEL, 'name': 'New'}!r})"
    stack.program(f"seen = DataModel.get('seen', 'orders')\n{new}")
    emulator.journal.clear()
    stack.up()
    assert effects(emulator) == [("DELETE", "data-models/orders"), ("POST", "data-models")]
    assert held(emulator)["data-models", "orders"]["name"] == "New"


@pytest.mark.extended
def test_swapped_ids_are_refused_and_nothing_is_lost(stack, emulator):
    """Each new id is the other one's, which is still there."""

    def two(first, second):
        return "\n".join(
            f"DataModel({name!r}, data_model_id={id_!r}, **{DATA_MODEL!r})"
            for name, id_ in (("first", first), ("second", second))
        )

    stack.program(two("one", "two"))
    stack.up()
    stack.program(two("two", "one"))
    for line in refused(stack, emulator):
        assert "exists already" in line
    stack.program(two("one", "two"))
    stack.up()
    assert effects(emulator) == []
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_a_delete_that_failed_in_a_replacement_is_done_by_the_next_up(deployed):
    """A pending delete. On the way back to the old id it would delete what the program declares."""
    stack, emulator = deployed, deployed.emulator
    objects = held(emulator, without=MAKING)
    new = three(pipeline={"pipeline_id": "new"})
    stack.program(new)
    emulator.faults.add(Fault(method="DELETE", path="pipelines/*", kind="status", status=400))
    stack.up(fails=True)
    assert [r.get("delete", False) for r in stack.resources() if "Pipeline" in r["urn"]].count(True) == 1

    stack.program(three())
    ran = stack.up(fails=None)
    if ran.code != 0:
        assert all("exists already" in line for line in refusals(ran))
        assert emulator.journal.count("DELETE", took_effect=True) == 0
        stack.program(new)
        stack.up()
        stack.program(three())
        stack.up()
    assert held(emulator, without=MAKING) == objects
    assert stack.is_unchanged("--refresh")


def with_pending_delete(deployment):
    (pipeline,) = (r for r in deployment["resources"] if r["type"].endswith(":Pipeline"))
    deployment["resources"].append({**pipeline, "delete": True})


@pytest.mark.extended
def test_a_pending_delete_of_an_earlier_version_does_not_delete_what_is_declared(deployed):
    """A state in which an object is to be deleted that its own resource holds: made when the new one came first."""
    stack, emulator = deployed, deployed.emulator
    objects = held(emulator)
    stack.edit_state(with_pending_delete)
    emulator.journal.clear()
    stack.up()
    assert [entry for entry in emulator.journal if is_write(entry)] == []
    assert held(emulator) == objects
    assert len(stack.resources()) == 3
    assert stack.is_unchanged("--refresh")
    stack.destroy()
    assert held(emulator) == {}


@pytest.mark.extended
def test_a_destroy_with_a_pending_delete_of_an_earlier_version_deletes_all(deployed):
    stack, emulator = deployed, deployed.emulator
    stack.edit_state(with_pending_delete)
    stack.destroy()
    assert held(emulator) == {}
    assert stack.resources() == []
