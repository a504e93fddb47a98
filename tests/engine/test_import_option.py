"""`import_` among a resource's options: what exists is taken over, if it is as the program says it."""

from __future__ import annotations

import pytest
from programs import CONNECTION, DATA_MODEL

WITHOUT_SECRET = {name: value for name, value in CONNECTION.items() if name != "password"}


def program(id_="orders", kind="Connection", **arguments):
    return f'{kind}("orders", opts=pulumi.ResourceOptions(import_={id_!r}), **{arguments!r})'


def writes(emulator):
    return [entry.method for entry in emulator.journal if entry.method != "GET" and entry.path != "oauth/token"]


@pytest.fixture
def existing(emulator):
    emulator.put_object("connections", id="orders", type="snowflake", **CONNECTION)
    emulator.put_object("data-models", id="orders", type="sql", load_timestamp_field_time_offset=0, **DATA_MODEL)
    return emulator


def test_it_is_taken_over_as_it_is_without_any_secret(stack, existing):
    stack.program(program(**WITHOUT_SECRET))
    assert "is taken over instead of created" in stack.preview().text
    stack.up()
    assert writes(existing) == []
    assert stack.is_unchanged()
    stack.program(f'Connection("orders", **{WITHOUT_SECRET!r})')
    assert stack.is_unchanged(), "the option has done its work, and can go"
    stack.destroy()
    assert existing.objects("connections") == {}


@pytest.mark.extended
def test_a_secret_that_is_given_is_written_once_and_said(stack, existing):
    stack.program(program(**{**CONNECTION, "password": "battery staple"}))
    assert "its password was not in the state, as after an import: it is written" in stack.up().text
    assert writes(existing) == ["PUT"]
    assert existing.objects("connections")["orders"]["password"] == "battery staple"
    assert stack.is_unchanged()


@pytest.mark.extended
def test_a_kind_without_secrets_is_taken_over_without_a_write(stack, existing):
    stack.program(program(kind="DataModel", **DATA_MODEL))
    stack.up()
    assert writes(existing) == []
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_a_query_that_the_service_has_is_not_judged_again(stack, existing):
    query = "WITH t AS (SELECT 1 AS ts) SELECT * FROM t"
    existing.change("data-models", "orders", sql_query=query)
    stack.program(program(kind="DataModel", **{**DATA_MODEL, "sql_query": query}))
    stack.up()
    assert stack.is_unchanged()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            program(**{**WITHOUT_SECRET, "role": "other", "user": "other"}),
            "error: cannot import connection 'orders' in workspace 1234: it differs in role, user; change the program",
        ),
        (
            program(connection_id="absent", id_="absent", **WITHOUT_SECRET),
            "cannot import connection 'absent' in workspace 1234: it does not exist; without import_ it is created",
        ),
        (program(id_="other", **WITHOUT_SECRET), "import_ must be the connection_id, and is 'other'"),
    ],
)
def test_anything_else_fails_with_one_line_and_changes_nothing(stack, existing, source, message):
    stack.program(source)
    ran = stack.up(fails=True)
    assert message in ran.text
    assert "Traceback" not in ran.text
    assert writes(existing) == []
    assert stack.resources() == []
