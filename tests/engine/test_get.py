"""`.get`: an existing object is read, and not managed."""

from __future__ import annotations

import pytest
from programs import CONNECTION, DATA_MODEL, PIPELINE

GET = """
got = {kind}.get("mine", "theirs")
pulumi.export("name", got.name)
pulumi.export("id", got.{id_argument})
pulumi.export("made", got.created_on)
"""
KINDS = [
    ("Connection", "connection_id", "connections", CONNECTION),
    ("DataModel", "data_model_id", "data-models", DATA_MODEL),
    ("Pipeline", "pipeline_id", "pipelines", {**PIPELINE, "connection_id": "c", "data_model_id": "m"}),
]


@pytest.mark.parametrize(("kind", "id_argument", "collection", "fields"), KINDS)
def test_it_is_read_refreshed_and_never_deleted(stack, emulator, kind, id_argument, collection, fields):
    emulator.put_object(collection, id="theirs", name="Before", **fields)
    stack.program(GET.format(kind=kind, id_argument=id_argument))
    stack.up()
    assert stack.run("stack", "output", "name").text == "Before\n"
    assert stack.run("stack", "output", "id").text == "theirs\n"
    assert stack.run("stack", "output", "made").text.startswith("20")

    emulator.change(collection, "theirs", name="After")
    stack.refresh()
    stack.up()
    assert stack.run("stack", "output", "name").text == "After\n"

    assert "*****" not in stack.state_files()
    stack.destroy()
    assert set(emulator.objects(collection)) == {"theirs"}
    assert [entry.path for entry in emulator.journal.filter("DELETE")] == []


def test_one_that_does_not_exist_fails_with_one_line(stack, emulator):
    stack.program('Connection.get("mine", "theirs")')
    ran = stack.up(fails=True)
    assert "error: cannot get connection 'theirs' in workspace 1234: there is none" in ran.text
    assert "Traceback" not in ran.text


def test_one_that_is_deleted_outside_fails_the_next_up(stack, emulator):
    emulator.put_object("connections", id="theirs", **CONNECTION)
    stack.program('Connection.get("mine", "theirs")')
    stack.up()
    emulator.remove("connections", "theirs")
    assert "cannot get connection 'theirs'" in stack.up(fails=True).text
    stack.refresh()
    assert stack.resources() == []


def test_the_workspace_can_be_another_than_the_stacks(stack, emulator):
    emulator.put_object("connections", 99, id="theirs", name="There", **CONNECTION)
    stack.program('pulumi.export("name", Connection.get("mine", "theirs", workspace_id=99).name)')
    stack.up()
    assert stack.run("stack", "output", "name").text == "There\n"


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
