"""What a check makes of a program's arguments, and what it finds missing."""

from __future__ import annotations

import pytest
from pulumi.output import UNKNOWN
from samples import ACCOUNT

from warehouse_sync_pulumi import lifecycle
from warehouse_sync_pulumi.connection import CONNECTION
from warehouse_sync_pulumi.data_model import DATA_MODEL

PROGRAM = {
    "connection_id": "c",
    **ACCOUNT,
}
INPUTS = PROGRAM | {"name": "c", "workspace_id": 1234, "type": "snowflake"}
NO_PASSWORD = "password is missing: a connection cannot be created without it"
WOULD_CLEAR = (
    "region is missing: the connection has one, which an update would clear; "
    "give region its present value, or a new one"
)
MODEL = {
    "data_model_id": "m",
    "sql_query": "SELECT x.t FROM d.s.x;",
    "load_timestamp_field_name": "t",
    "load_timestamp_field_type": "date",
}


def check(news, olds=(), kind=CONNECTION, workspace_id="1234"):
    return lifecycle.check(kind, dict(olds), news, workspace_id)


def without(values, *names):
    return {name: value for name, value in values.items() if name not in names}


def test_what_a_program_leaves_out_is_filled_in():
    assert check(PROGRAM) == (INPUTS, [])


def test_a_new_object_needs_its_secret():
    _, problems = check(without(PROGRAM, "password"))
    assert [problem.reason for problem in problems] == [
        "password is missing: a connection cannot be created without it"
    ]


def test_an_imported_object_needs_no_secret():
    inputs, problems = check(without(PROGRAM, "password"), olds=without(INPUTS, "password"))
    assert (inputs, problems) == (without(INPUTS, "password"), [])


def test_an_object_that_is_to_be_imported_needs_no_secret():
    _, problems = check(without(PROGRAM, "password") | {lifecycle.IMPORT: "c"})
    assert problems == []


def test_a_program_may_not_drop_a_secret_that_the_state_has():
    _, problems = check(without(PROGRAM, "password"), olds=INPUTS)
    assert [problem.reason for problem in problems] == [
        "password is missing: a connection cannot be created without it"
    ]


def test_a_missing_workspace_is_told_with_the_way_to_set_it():
    _, problems = check(PROGRAM, workspace_id=None)
    assert [problem.reason for problem in problems] == [
        "workspace_id is missing: give it here, or `pulumi config set warehouse-sync:workspaceId ID`"
    ]


def test_an_argument_with_a_wrong_value_is_one_problem_and_not_missing_too():
    _, problems = check(PROGRAM | {"region": ""})
    assert [tuple(problem)[:2] for problem in problems] == [("region", "must be text that is not empty")]


def test_a_value_that_is_not_known_yet_is_neither_missing_nor_looked_at():
    inputs, problems = check(PROGRAM | {"region": UNKNOWN, "password": UNKNOWN})
    assert problems == []
    assert inputs["region"] is inputs["password"] is UNKNOWN


def test_an_argument_that_there_is_none_of_is_refused_unless_it_is_hidden():
    _, problems = check(PROGRAM | {"regoin": "r", "__hidden": "x"})
    assert [problem.reason for problem in problems] == ["Connection has no argument regoin; did you mean region?"]


@pytest.mark.parametrize("import_", [{}, {lifecycle.IMPORT: "m"}])
def test_what_the_service_has_judged_already_is_not_judged_again(import_):
    _, new = check(MODEL, kind=DATA_MODEL)
    assert any("semicolon" in problem.reason for problem in new)
    inputs, known = check(MODEL | import_, () if import_ else MODEL, kind=DATA_MODEL)
    assert known == []
    assert inputs.get(lifecycle.IMPORT) == import_.get(lifecycle.IMPORT)


def test_an_import_is_over_once_the_state_has_the_object():
    inputs, problems = check(PROGRAM | {lifecycle.IMPORT: "c"}, olds=INPUTS)
    assert (inputs, problems) == (INPUTS, [])


def test_an_import_names_the_id_that_the_program_gives():
    _, problems = check(PROGRAM | {lifecycle.IMPORT: "other"})
    assert [problem.reason for problem in problems] == ["import_ must be the connection_id, and is 'other'"]


def test_what_speaks_to_the_provider_alone_is_no_input():
    inputs, _ = check(MODEL | {"ignore_sql_rules": []}, kind=DATA_MODEL)
    assert inputs == MODEL | {"name": "m", "workspace_id": 1234, "type": "sql"}


def test_what_is_said_to_be_empty_is_the_services_to_judge_and_what_is_left_out_is_a_mistake():
    given = without(PROGRAM, "region", "warehouse")
    _, problems = check(given | {lifecycle.EXPLICIT_NONE: ["region", "password"]})
    assert [problem.reason for problem in problems] == [
        "warehouse is missing: a connection cannot be created without it"
    ]
    _, problems = check(without(PROGRAM, "role"))
    assert problems == []


def test_an_object_that_exists_may_lack_what_a_new_one_needs_but_not_lose_it():
    lacking = without(INPUTS, "region")
    assert check(without(PROGRAM, "region"), olds=lacking) == (lacking, [])
    assert check(without(PROGRAM, "region") | {lifecycle.IMPORT: "c"})[1] == []
    assert len(check(without(PROGRAM, "region"), olds=INPUTS)[1]) == 1
    assert check(without(PROGRAM, "region"), olds=lacking | {"region": ""}) == (lacking, [])
    given = without(PROGRAM, "region") | {lifecycle.EXPLICIT_NONE: ["region"]}
    assert check(given, olds=lacking) == (lacking, [])
    _, problems = check(given, olds=INPUTS)
    assert [tuple(problem)[:2] for problem in problems] == [("", WOULD_CLEAR)]


def test_what_may_be_left_out_is_cleared_when_it_is():
    assert check(without(PROGRAM, "role"), olds=INPUTS) == (without(INPUTS, "role"), [])


def test_a_text_that_no_new_object_may_have_is_taken_where_the_service_has_it_already():
    assert check(PROGRAM | {"region": " "}, olds=INPUTS | {"region": " "})[1] == []
    assert len(check(PROGRAM | {"region": " "}, olds=INPUTS)[1]) == 1
    taken = check(PROGRAM | {"region": " ", lifecycle.IMPORT: "c"})
    assert (taken[0]["region"], taken[1]) == (" ", [])
    assert len(check(PROGRAM | {"connection_id": "a b"}, olds=INPUTS | {"connection_id": "a b"})[1]) == 1


def test_an_import_that_is_over_does_not_keep_new_values_from_being_judged():
    _, problems = check(PROGRAM | {"region": " ", lifecycle.IMPORT: "c"}, olds=INPUTS)
    assert [tuple(problem)[:2] for problem in problems] == [("region", "must be text that is not empty")]
