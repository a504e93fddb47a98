"""An object that goes from one provider resource to another: each has a process of its own."""

from __future__ import annotations

import pytest
from declared import held
from hosts import PACKAGED
from programs import DATA_MODEL
from stack import Stack

pytestmark = pytest.mark.extended

OLD, NEW = "model", "renamed"


@pytest.fixture
def stack(tmp_path, emulator):
    return Stack(tmp_path / "stack", emulator.environment, PACKAGED)


def providers(emulator):
    """Two provider resources for the same account."""
    given = {
        "apiUrl": emulator.environment["WAREHOUSE_SYNC_API_URL"],
        "authUrl": emulator.environment["WAREHOUSE_SYNC_AUTH_URL"],
        "clientId": "id",
        "clientSecret": "a long secret",
        "workspaceId": 1234,
    }
    return "".join(f"{name} = pulumi.ProviderResource('warehouse-sync', {name!r}, {given!r})\n" for name in "ab")


def model(name, provider, options=""):
    opts = f"opts=pulumi.ResourceOptions(provider={provider}{options})"
    return f"DataModel({name!r}, data_model_id='orders', {opts}, **{DATA_MODEL!r})\n"


def got(name, provider):
    return f"DataModel.get({name!r}, 'orders', opts=pulumi.ResourceOptions(provider={provider}))\n"


EQUAL = {"WAREHOUSE_SYNC_ADOPT": "equal"}
MOVES = {
    "moved": (model(OLD, "b"), (), {}),
    "moved, the old one deleted first": (model(OLD, "b", ", delete_before_replace=True"), (), {}),
    "moved and renamed": (model(NEW, "b"), ("--continue-on-error",), {}),
    "moved, renamed and taken over": (model(NEW, "b"), (), EQUAL),
    "imported under another name": (model(NEW, "b", ", import_='orders'"), (), {}),
    "only read under another name": (got(NEW, "b"), (), {}),
}
"""The program, and the arguments and environment of its `up`."""


@pytest.mark.parametrize("move", MOVES)
def test_an_object_that_goes_over_to_another_provider_is_not_lost(stack, emulator, move):
    program, arguments, environment = MOVES[move]
    stack.program(providers(emulator) + model(OLD, "a"))
    stack.up()
    before = held(emulator)
    stack.program(providers(emulator) + program)
    ran = stack.up(*arguments, fails=move == "moved and renamed", **environment)
    assert held(emulator) == before, str(ran)
    assert left_behind(stack) == []
    if ran.code == 0:
        assert stack.is_unchanged("--refresh")


def test_an_object_that_goes_over_from_a_dynamic_resource_is_not_lost(stack, emulator):
    stack.program("import warehouse_sync_pulumi as dynamic\n" + model(OLD, "None").replace("Data", "dynamic.Data"))
    stack.up()
    before = held(emulator)
    stack.program(providers(emulator) + model(NEW, "b"))
    ran = stack.up(**EQUAL)
    assert "'renamed' of this program has it" in ran.text
    assert held(emulator) == before
    assert left_behind(stack) == []


def test_one_object_that_two_providers_declare_is_refused_in_the_preview(stack, emulator):
    stack.program(providers(emulator) + model(OLD, "a") + model(NEW, "b"))
    assert "is declared twice, by 'model' and 'renamed'" in stack.preview(fails=True).text


def left_behind(stack):
    """What the processes of an operation told each other, and did not take away."""
    return list((stack.folder / "home" / "warehouse-sync" / "running").iterdir())
