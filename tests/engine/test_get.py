"""`.get`: an existing object is read, and not managed."""

from __future__ import annotations

import json

import pytest
from programs import CONNECTION, DATA_MODEL, PIPELINE, three

GET = """
for kind, its_id in ((Connection, "connection_id"), (DataModel, "data_model_id"), (Pipeline, "pipeline_id")):
    got = kind.get("mine", "theirs")
    pulumi.export(its_id, [got.name, getattr(got, its_id), got.created_on])
"""
OBJECTS = {
    "connections": CONNECTION,
    "data-models": DATA_MODEL,
    "pipelines": {**PIPELINE, "connection_id": "c", "data_model_id": "m"},
}


def outputs(stack):
    return json.loads(stack.run("stack", "output", "--json").text)


def test_objects_are_read_refreshed_and_never_deleted(stack, emulator):
    for collection, fields in OBJECTS.items():
        emulator.put_object(collection, id="theirs", name="Before", **fields)
    made = [emulator.objects(collection)["theirs"]["created_on"] for collection in OBJECTS]
    stack.program(GET)
    stack.up()
    assert list(outputs(stack).values()) == [["Before", "theirs", on] for on in made]

    for collection in OBJECTS:
        emulator.change(collection, "theirs", name="After")
    stack.refresh()
    stack.up()
    assert list(outputs(stack).values()) == [["After", "theirs", on] for on in made]

    assert "*****" not in stack.state_files()
    stack.destroy()
    assert all(list(emulator.objects(collection)) == ["theirs"] for collection in OBJECTS)
    assert [entry.path for entry in emulator.journal.filter("DELETE")] == []


def test_one_that_does_not_exist_fails_with_one_line(stack, emulator):
    stack.program('Connection.get("mine", "theirs")')
    ran = stack.up(fails=True)
    assert "error: cannot get connection 'theirs' in workspace 1234: it does not exist" in ran.text
    assert "Traceback" not in ran.text


@pytest.mark.extended
def test_one_that_is_deleted_outside_fails_the_next_up(stack, emulator):
    emulator.put_object("connections", id="theirs", **CONNECTION)
    stack.program('Connection.get("mine", "theirs")')
    stack.up()
    emulator.remove("connections", "theirs")
    assert "cannot get connection 'theirs'" in stack.up(fails=True).text
    stack.refresh()
    assert stack.resources() == []


@pytest.mark.extended
def test_the_workspace_can_be_another_than_the_stacks(stack, emulator):
    emulator.put_object("connections", 99, id="theirs", name="There", **CONNECTION)
    stack.program('pulumi.export("name", Connection.get("mine", "theirs", workspace_id=99).name)')
    stack.up()
    assert stack.run("stack", "output", "name").text == "There\n"


@pytest.mark.extended
def test_a_pipeline_can_be_wired_to_what_is_only_read(stack, emulator):
    emulator.put_object("connections", id="theirs", **CONNECTION)
    emulator.put_object("data-models", id="theirs", **DATA_MODEL)
    stack.program(f"""
connection, model = Connection.get("theirs", "theirs"), DataModel.get("theirs", "theirs")
Pipeline("mine", connection_id=connection.connection_id, data_model_id=model.id, **{PIPELINE!r})
""")
    stack.up()
    assert emulator.objects("pipelines")["mine"]["connection_id"] == "theirs"
    stack.destroy()
    assert not emulator.objects("pipelines")
    assert emulator.objects("connections")


def test_what_the_same_program_is_yet_to_create_is_unknown_in_a_preview(stack, emulator):
    stack.program(
        three()
        + """
opts = pulumi.ResourceOptions(depends_on=[pipeline])
for name, got in {
    "1, by argument": Connection.get("by-argument", connection.connection_id),
    "2, by id": DataModel.get("by-id", data_model.id, workspace_id=data_model.workspace_id),
    "3, by dependency": Pipeline.get("by-dependency", "orders", opts),
}.items():
    pulumi.export(name, [got.id, got.name, got.created_on])
"""
    )
    shown = stack.preview().text
    assert len(emulator.journal) == 0, shown
    assert shown.partition("--outputs:--")[2].count("[unknown]") == 9, shown
    stack.up()
    made = [emulator.objects(collection)["orders"]["created_on"] for collection in OBJECTS]
    assert list(outputs(stack).values()) == [["orders", "orders", on] for on in made]
    assert stack.is_unchanged()


@pytest.mark.extended
def test_a_component_is_there_when_all_in_it_is(stack, emulator):
    stack.program(f"""
class Team(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("tests:index:Team", "team")
        Connection("orders", opts=pulumi.ResourceOptions(parent=self), **{CONNECTION!r})

team = Team()
got = Connection.get("theirs", "orders", pulumi.ResourceOptions(depends_on=[team]))
found = get_connection_output("orders", opts=pulumi.InvokeOutputOptions(depends_on=[team]))
pulumi.export("regions", [got.region, found.region])
""")
    shown = stack.preview().text
    assert len(emulator.journal) == 0, shown
    stack.up()
    assert outputs(stack) == {"regions": [CONNECTION["region"]] * 2}
