"""The judge of random lives finds what it is there to find: each fault once, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from living.judge import Judge, leaks
from living.memory import OUTSIDE
from living.program import Address, Declared, Hidden, Past, Program, urn
from living.steps import Life, Operation, Outside
from living.world import Done, Effect, Ended, Entry, Snapshot

ARGS = {"sql_query": "SELECT 1 AS email", "load_timestamp_field_name": "ts", "load_timestamp_field_type": "date"}
ONE = Program({"a": Declared("data-models", "orders", ARGS)})
AT = Address(1234, "data-models", "orders")
OTHER = Address(1234, "data-models", "other")
URN = urn("test", "data-models", "orders")
HELD = {**ARGS, "id": "orders", "name": "orders", "type": "sql"}
ENTRY = Entry(URN, AT, "sql")
UP = Operation("up")
GREEN, RED = Ended("pulumi up", 0, ""), Ended("pulumi up", 1, "Diagnostics:\n")
BEFORE = Snapshot((ENTRY,), {AT: HELD})


def judged(program=ONE, operation=UP, before=BEFORE, after=BEFORE, ended=GREEN, effects=(), known=None):
    judge = Judge(Life(program, ()))
    judge.memory.owners[AT] = "test"
    for name, value in (known or {}).items():
        getattr(judge.memory, name).update(value)
    return judge.faults(Done(program, operation, before, after, ended, effects))


def test_nothing_is_wrong_with_an_up_that_changed_nothing():
    assert judged() == []


def test_each_mistake_that_a_check_finds_has_a_line():
    text = TWO_LINES.replace("error: ", "error: dynamic/warehouse-sync:DataModel resource 'r' has a problem: ")
    assert judged(ended=Ended("pulumi up", 1, text, struck=True)) == []


def test_what_the_engine_refuses_to_delete_beyond_the_targets_is_a_reason_of_its_own():
    text = "Diagnostics:\n    error: Resource 'r' will be destroyed but was not specified in --target list.\n"
    assert judged(operation=Operation("up --target", slot="a"), ended=Ended("pulumi up", 1, text)) == []
    assert judged(ended=Ended("pulumi up", 1, text)) != []


def test_an_interrupt_of_pulumis_own_host_of_programs_is_no_fault():
    for colon in ("", ": "):  # in the middle of its work, and at its end
        text = INTERRUPTED.format(frame="bin/pulumi-language-python-exec", colon=colon)
        assert judged(ended=Ended("pulumi up", 0, text)) == []
        assert judged(ended=Ended("pulumi up", 0, text.replace("\n    ", "\n  Stack running "))) == []
        assert judged(ended=Ended("pulumi up", 0, f"{text}Traceback")) != []


def test_nor_is_one_in_place_of_the_failure_for_which_the_engine_ends_it():
    failure = INTERRUPTED.format(frame="pulumi/runtime/resource.py", colon="").replace(
        "KeyboardInterrupt", "RunError: x"
    )
    then = "    During handling of the above exception, another exception occurred:\n"
    interrupt = INTERRUPTED.format(frame="bin/pulumi-language-python-exec", colon="")
    assert judged(ended=Ended("pulumi up", 0, failure + then + failure + then + interrupt)) == []
    assert judged(ended=Ended("pulumi up", 0, failure + interrupt)) != [], "a failure by itself"
    of_ours = failure.replace("pulumi/runtime/resource.py", OURS)
    assert judged(ended=Ended("pulumi up", 0, of_ours + then + interrupt)) != []


RENAMED = ONE.having(a=replace(ONE.slots["a"], name="renamed", id="orders"))
OTHERS = {"owners": {OTHER: OUTSIDE}}
WITH_OTHER = replace(BEFORE, service={AT: HELD, OTHER: HELD})
OURS = "warehouse_sync_pulumi/a.py"
INTERRUPTED = """\
    Traceback (most recent call last):
      File "{frame}", line 200, in <module>
        loop.run_until_complete(coro)
    KeyboardInterrupt{colon}
"""
TWO_LINES = "Diagnostics:\n  dynamic/warehouse-sync:DataModel (orders):\n    error: one\n    error: two\n"


@pytest.mark.parametrize(
    ("fault", "case"),
    [
        ("is gone, although a declares it", {"after": replace(BEFORE, service={})}),
        ("has sql_query", {"after": replace(BEFORE, service={AT: {**HELD, "sql_query": "other"}})}),
        ("is not in the state", {"after": replace(BEFORE, state=())}),
        ("was deleted, although a declares it", {"effects": [Effect("DELETE", AT), Effect("POST", AT)]}),
        ("is refused, and there is no reason", {"ended": RED}),
        ("is still there, and should be gone", {"program": Program(), "after": replace(BEFORE, state=())}),
        ("is still in the state", {"program": Program()}),
        ("the state has forgotten it", {"ended": RED, "program": RENAMED, "after": replace(BEFORE, state=())}),
        (
            "was touched",
            {"before": WITH_OTHER, "after": WITH_OTHER, "effects": [Effect("PUT", OTHER)], "known": OTHERS},
        ),
        (
            "was taken over",
            {
                "before": WITH_OTHER,
                "after": replace(WITH_OTHER, state=(ENTRY, Entry("x", OTHER, "sql"))),
                "known": OTHERS,
            },
        ),
        ("nobody asked for that", {"known": {"kept": {AT: {"load_timestamp_field_time_offset": 60}}}}),
        ("shows a traceback", {"ended": Ended("pulumi up", 0, "Traceback (most recent call last):")}),
        *(
            ("shows a traceback", {"ended": Ended("pulumi up", 0, INTERRUPTED.format(frame=frame, colon=""))})
            for frame in (OURS, "site-packages/pulumi/dynamic/__main__.py")
        ),
        ("more than one line", {"ended": Ended("pulumi up", 1, TWO_LINES, struck=True)}),
        (
            "two resources have one address",
            {"program": ONE.having(b=Declared("data-models", "second", ARGS, id="orders"))},
        ),
        ("in a refresh", {"operation": Operation("refresh"), "effects": [Effect("PUT", AT)]}),
    ],
)
def test_a_fault_is_found(fault, case):
    assert any(fault in found for found in judged(**case)), judged(**case)


def test_a_rename_without_an_alias_may_be_refused_and_one_with_it_may_not():
    assert judged(program=RENAMED, ended=RED) == []
    with_alias = RENAMED.having(a=replace(RENAMED.slots["a"], aliases=(Past("orders", None),)))
    assert judged(program=with_alias, ended=RED) == ["it is refused, and there is no reason for it"]


def test_what_was_changed_outside_may_stay_so_until_a_refresh():
    judge = Judge(Life(ONE, ()))
    judge.memory.owners[AT] = "test"
    changed = replace(BEFORE, service={AT: {**HELD, "sql_query": "changed"}})
    judge.memory.note(Outside("edit", AT, {"sql_query": "changed"}), {"test": ONE})
    assert judge.faults(Done(ONE, UP, changed, changed, GREEN, ())) == []
    assert judge.faults(Done(ONE, Operation("up --refresh"), changed, changed, GREEN, ())) != []


def test_a_secret_in_clear_is_found():
    program = ONE.having(a=ONE.slots["a"].having(sql_query=Hidden("\nSELECT hidden\n")))
    assert leaks(program, "state: SELECT hidden") == ["the secret sql_query of a is in clear"]
    assert leaks(program, "state: SELECT 1") == []


KEEPING = ONE.having(a=replace(ONE.slots["a"], id="other").opting(ignore_changes=["*"]))
HELD_OTHER = {**HELD, "id": "other", "name": "other"}
AT_OTHER = Snapshot((Entry(URN, OTHER, "sql"),), {OTHER: HELD_OTHER})
MADE = [Effect("POST", OTHER), Effect("DELETE", AT)]
TAINTED = replace(BEFORE, state=(replace(ENTRY, is_tainted=True),))
ON_CHANGES = KEEPING.having(a=KEEPING.slots["a"].opting(replace_on_changes=["*"]))
TAKEN = replace(TAINTED, service={AT: HELD, OTHER: HELD_OTHER})


def test_an_id_whose_changes_are_ignored_stays():
    for ignored in (["*"], ["data_model_id"]):
        program = KEEPING.having(a=KEEPING.slots["a"].opting(ignore_changes=ignored))
        assert judged(program=program) == []
        assert judged(program=program, after=AT_OTHER, effects=MADE) != []
        assert judged(program=program, ended=RED) == ["it is refused, and there is no reason for it"]
    only_other = KEEPING.having(a=KEEPING.slots["a"].opting(ignore_changes=["sql_query"]))
    assert judged(program=only_other) != []


@pytest.mark.parametrize(
    ("program", "operation", "before"),
    [(KEEPING, UP, TAINTED), (KEEPING, Operation("up --replace", slot="a"), BEFORE), (ON_CHANGES, UP, BEFORE)],
)
def test_what_is_replaced_gets_the_id_of_the_program_although_its_changes_are_ignored(program, operation, before):
    assert judged(program, operation, before, AT_OTHER, effects=MADE) == []
    assert (judged(program, operation, before) == []) is (program is ON_CHANGES)  # it may be replaced, or not
    assert judged(program, operation, replace(before, service=TAKEN.service), ended=RED) == []


def test_two_resources_clash_where_one_keeps_an_id_that_another_one_gets():
    clashing = KEEPING.having(b=Declared("data-models", "second", ARGS, id="orders"))
    assert any("two resources have one address" in found for found in judged(program=clashing))
    apart = KEEPING.having(b=Declared("data-models", "second", ARGS, id="other"))
    assert not any("two resources have one address" in found for found in judged(program=apart))
