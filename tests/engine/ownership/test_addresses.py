"""One address, one owner: within a program, and between the stacks of a workspace."""

from __future__ import annotations

import pytest
from declared import effects, held, refused
from programs import DATA_MODEL, three
from reading import failures, refusals
from stack import Stack

from warehouse_sync_pulumi.emulator import Fault

pytestmark = pytest.mark.hosts("extended")


@pytest.fixture
def second(tmp_path, emulator, host):
    """Another stack, with the same settings: an environment of its own in the same workspace."""
    return Stack(tmp_path / "second", emulator.environment, host)


def model(name, **changes):
    return f"DataModel({name!r}, **{ {**DATA_MODEL, **changes}!r})\n"


def test_two_resources_with_one_id_are_refused_in_the_preview(stack, emulator):
    first, second = model("first", data_model_id="orders"), model("second", data_model_id="orders")
    stack.program(first + second)
    (line,) = refusals(stack.run("preview", fails=True))
    assert "first" in line
    assert "second" in line
    assert "data model 'orders'" in line
    assert len(emulator.journal) == 0

    stack.program(first + model("elsewhere", data_model_id="orders", workspace_id=5678))
    stack.up()
    stack.program(first + second + model("elsewhere", data_model_id="orders", workspace_id=5678))
    lines = refused(stack, emulator)  # whichever is checked first, the other one is refused
    assert any("'first'" in line and "'second'" in line for line in lines)
    assert all("data model 'orders' in workspace 1234" in line for line in lines)
    stack.program(first + model("elsewhere", data_model_id="orders", workspace_id=5678))
    assert stack.is_unchanged("--refresh")


def test_a_second_stack_takes_nothing_from_the_first(stack, second, emulator):
    stack.program(three())
    second.program(three())
    stack.up()
    objects = held(emulator)

    lines = refused(second, emulator)
    assert [line.partition(" in workspace")[0].rpartition("cannot ")[2] for line in lines] == [
        "create connection 'orders'",
        "create data model 'orders'",
    ]
    for line in lines:
        for way_out in ("exists already", "get_stack()", "import_", "warehouse-sync import", "adopt"):
            assert way_out in line.replace("ADOPT", "adopt")
    assert second.resources() == []
    second.destroy()
    assert held(emulator) == objects
    assert stack.is_unchanged("--refresh")

    second.program(three({"connection_id": "dev"}, {"data_model_id": "dev"}, {"pipeline_id": "dev"}))
    second.up()
    assert held(emulator).keys() == objects.keys() | {(kind, "dev") for kind, _ in objects}
    second.destroy()
    assert held(emulator) == objects
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
@pytest.mark.parametrize(
    "way", ["WAREHOUSE_SYNC_ADOPT", pytest.param("warehouse-sync:adopt", marks=pytest.mark.extended)]
)
def test_what_is_equal_is_taken_over_by_who_asks_for_it_and_no_more_than_that(stack, second, emulator, way):
    stack.program(three())
    stack.up()
    objects = held(emulator)
    if way == "WAREHOUSE_SYNC_ADOPT":
        second.environment[way] = "equal"
    else:
        second.run("config", "set", way, "equal")
    second.program(model("orders", load_timestamp_field_name="changed_at"))
    (line,) = refused(second, emulator)
    assert "data model 'orders' in workspace 1234" in line
    assert stack.spelt("load_timestamp_field_name") in line

    second.program(three())
    ran = second.up()
    assert "taken over" in ran.text
    # A secret cannot be compared: the one that is given is written.
    assert sorted(effects(emulator)) == [("PUT", "connections/orders"), ("PUT", "pipelines/orders")]
    assert held(emulator) == objects
    assert second.is_unchanged("--refresh")


FORBIDDEN = Fault(kind="status", status=403, times=None, path="data-models*")
LATE = {
    "does not show, and the credential fails": [
        Fault(kind="cut_after", method="POST", path="data-models"),
        Fault(kind="status", status=404, method="GET", path="data-models/*"),
        Fault(kind="garbage", body="[]", method="GET", path="data-models"),
        FORBIDDEN,
    ],
    "is said to be done, and cannot be read": [
        Fault(kind="status", status=204, format="empty", after_effect=True, method="POST", path="data-models"),
        FORBIDDEN,
    ],
}


@pytest.mark.extended
@pytest.mark.parametrize("faults", LATE.values(), ids=LATE.keys())
def test_what_was_made_unseen_is_taken_over_by_the_next_up_whatever_failed_after_that(stack, emulator, faults):
    for fault in faults:
        emulator.faults.add(fault)
    stack.program(model("orders"))
    (line,) = failures(stack.up(fails=True))
    assert line.startswith("cannot create data model 'orders' in workspace 1234: ")
    assert "the API answered 403" in line
    emulator.faults.clear()
    assert "taken over, not created" in stack.up().text
    assert emulator.journal.count("POST", "data-models", took_effect=True) == 1


@pytest.mark.extended
def test_an_unknown_value_of_the_setting_is_refused(second, emulator):
    second.program(three())
    for line in refused(second, emulator, WAREHOUSE_SYNC_ADOPT="everything"):
        assert "everything" in line
        assert "equal" in line


@pytest.mark.extended
def test_what_the_program_goes_on_reading_under_another_name_is_not_deleted(stack, emulator):
    stack.program(model("orders"))
    stack.up()
    objects = held(emulator)
    stack.program('DataModel.get("shared", "orders")')
    ran = stack.up()
    assert held(emulator) == objects
    assert effects(emulator) == [("POST", "data-models")]
    assert "is not deleted: 'shared' of this program has it" in ran.text
    assert [r["urn"].rpartition("::")[2] for r in stack.resources()] == ["shared"]


@pytest.mark.extended
def test_a_stack_of_the_same_name_in_another_backend_takes_nothing_over(stack, emulator):
    """From the same folder: `pulumi login` alone tells them apart."""
    del stack.environment["PULUMI_BACKEND_URL"]
    stack.run("login", f"file://{stack.folder / 'state'}")
    stack.program(model("orders"))
    stack.up()
    before = held(emulator)
    (stack.folder / "other").mkdir()
    stack.run("login", f"file://{stack.folder / 'other'}")
    stack.run("stack", "init", "test")
    (line,) = refusals(stack.up(fails=True))
    assert "is not known to be this resource's" in line
    stack.destroy()
    assert held(emulator) == before
