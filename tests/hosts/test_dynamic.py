"""What the provider says to Pulumi's engine, beyond what the lifecycle answers."""

from __future__ import annotations

import pytest

from warehouse_sync_pulumi import lifecycle
from warehouse_sync_pulumi.api import clients
from warehouse_sync_pulumi.connection import ConnectionProvider
from warehouse_sync_pulumi.data_model import DataModelProvider
from warehouse_sync_pulumi.engine import create_records, sdk
from warehouse_sync_pulumi.engine.operation import operation
from warehouse_sync_pulumi.errors import ExistsError, IncompleteError, NotFoundError, WarehouseSyncError

pytest_plugins = ["warehouse_sync_pulumi.testing"]

PROGRAM = {
    "connection_id": "c",
    "source_account_id": "a",
    "region": "r",
    "warehouse": "w",
    "database": "d",
    "role": "role",
    "user": "u",
    "password": "a long password",
}
MODEL = {
    "data_model_id": "m",
    "sql_query": "SELECT x.t FROM d.s.x",
    "load_timestamp_field_name": "t",
    "load_timestamp_field_type": "date",
}


@pytest.fixture(autouse=True)
def anew(monkeypatch, tmp_path):
    """A process of the engine's own, at work on the resource `one`."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    create_records._left_behind.cache_clear()
    operation.cache_clear()
    monkeypatch.setenv("WAREHOUSE_SYNC_WORKSPACE_ID", "1234")
    work_on(monkeypatch, "one")
    yield
    create_records._left_behind.cache_clear()


def work_on(monkeypatch, name):
    monkeypatch.setattr(sdk, "urn", lambda: f"urn:pulumi:s::p::t::{name}")


def check(news, olds=(), provider=ConnectionProvider):
    return provider().check(dict(olds), dict(news))


def failures(news, olds=(), provider=ConnectionProvider):
    return [(failure.property, failure.reason) for failure in check(news, olds, provider).failures]


def without(values, *names):
    return {name: value for name, value in values.items() if name not in names}


def test_a_failure_names_its_property_but_not_a_secrets_and_not_that_of_many_lines():
    """The engine prints the value of the property that a failure names."""
    assert failures(PROGRAM | {"region": ""}) == [("region", "must be text that is not empty")]
    assert failures(PROGRAM | {"region": "\n"}) == [("", "region must be text that is not empty")]
    mask = "must be the secret itself, and is the mask that the API shows in its place"
    assert failures(PROGRAM | {"password": "************"}) == [("", f"password {mask}")]


@pytest.mark.parametrize("marked", [[], ["sql_query"]])
def test_neither_a_failure_nor_a_warning_quotes_what_the_program_marks_as_secret(capsys, marked):
    def told(query):
        result = check({**MODEL, "sql_query": query, lifecycle.MARKED_SECRET: marked}, provider=DataModelProvider)
        assert lifecycle.MARKED_SECRET not in result.inputs
        return [failure.reason for failure in result.failures], capsys.readouterr().err

    (reason,), _ = told("DROP TABLE x")
    assert (reason == "line 1, column 1: [not-a-select]") is bool(marked)
    reasons, warned = told("SELECT x.t, x.email FROM hush AS x")
    assert reasons == []
    assert warned.startswith("warning: data model 'm': sql_query line 1, column 26: ")
    assert ("hush" in warned) is not bool(marked)


def test_what_a_program_marks_as_secret_is_hidden_in_what_is_said_later():
    check(PROGRAM | {"role": "a hushed role", lifecycle.MARKED_SECRET: ["role"]})
    assert clients.secrets.hide("of a hushed role") == "of [secret]"


def test_another_workspace_of_the_configuration_is_told_once(capsys, monkeypatch):
    monkeypatch.setenv("WAREHOUSE_SYNC_WORKSPACE_ID", "5678")
    olds = PROGRAM | {"workspace_id": 1234.0}
    for _ in range(2):
        check(PROGRAM, olds)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("warning: this stack is in workspace 1234, and its configuration now says 5678")
    check(PROGRAM | {"workspace_id": 91011.0}, olds)
    assert capsys.readouterr().err == "", "the program itself says it"


def test_the_same_workspace_is_not_told_of(capsys):
    check(PROGRAM, PROGRAM | {"workspace_id": 1234.0})
    assert capsys.readouterr().err == ""


def test_one_id_for_two_resources_is_refused(monkeypatch):
    assert failures(PROGRAM) == []
    work_on(monkeypatch, "two")
    reason = "connection 'c' in workspace 1234 is declared twice, by 'one' and 'two': give one of them another"
    assert failures(PROGRAM) == [("", f"{reason} connection_id")]


def test_two_resources_of_one_name_and_id_are_told_apart_by_their_urns(monkeypatch):
    assert failures(PROGRAM) == []
    monkeypatch.setattr(sdk, "urn", lambda: "urn:pulumi:s::p::parent$t::one")
    ((_, reason),) = failures(PROGRAM)
    assert "by urn:pulumi:s::p::parent$t::one and urn:pulumi:s::p::t::one: give one" in reason


def test_an_import_is_told_of(capsys):
    assert failures(PROGRAM | {lifecycle.IMPORT: "c"}) == []
    assert "info: import_: it exists already, and is taken over" in capsys.readouterr().err


def test_what_is_replaced_at_its_address_cannot_be_imported_too():
    check(PROGRAM, PROGRAM | {"workspace_id": 1234})
    ((_, reason),) = failures(PROGRAM | {lifecycle.IMPORT: "c"})  # the engine checks once more, to replace it
    assert "is to be replaced, and import_ would look for the one that is deleted" in reason


@pytest.mark.parametrize(("change", "delete_first"), [({"type": "other"}, True), ({"connection_id": "other"}, False)])
def test_a_replacement_deletes_first_only_where_the_new_object_takes_the_address(change, delete_first):
    olds = check(PROGRAM).inputs
    answer = ConnectionProvider().diff("c", olds, check(PROGRAM | change | {"name": "c"}, olds).inputs)
    assert (answer.replaces, answer.delete_before_replace) == (list(change), delete_first)


def made(capsys):
    provider = ConnectionProvider()
    created = provider.create(check(PROGRAM).inputs)
    assert capsys.readouterr().err == ""
    return provider, created


@pytest.mark.parametrize("ignored", ["role", "*"])
def test_what_the_program_ignores_is_neither_shown_nor_written(warehouse_sync, capsys, monkeypatch, ignored):
    provider, created = made(capsys)
    monkeypatch.setattr(sdk, "ignored", lambda: frozenset({ignored}))
    news = check(PROGRAM | {"role": "other"}, PROGRAM).inputs
    assert not provider.diff("c", created.outs, news).changes
    warehouse_sync.change("connections", "c", role="somebody's")
    provider.update("c", created.outs, news)
    assert warehouse_sync.objects("connections")["c"]["role"] == "somebody's"


def test_the_life_of_an_object_is_told_with_nothing(warehouse_sync, capsys):
    provider, created = made(capsys)
    news = check(PROGRAM | {"role": "other"}, PROGRAM).inputs
    assert provider.diff("c", created.outs, news).changes
    updated = provider.update("c", created.outs, news)
    read = provider.read("c", updated.outs)
    assert (read.id, read.inputs) == ("c", news)
    assert capsys.readouterr().err == ""


def test_what_was_changed_outside_and_overwritten_is_told(warehouse_sync, capsys):
    provider, created = made(capsys)
    warehouse_sync.change("connections", "c", region="elsewhere")
    provider.update("c", created.outs, check(PROGRAM | {"role": "other"}, PROGRAM).inputs)
    assert capsys.readouterr().err.startswith(
        "warning: region: changed outside Pulumi since the last refresh, and over"
    )


def test_what_may_be_lost_by_writing_an_object_whole_is_told(warehouse_sync, capsys):
    told = "warning: project_id, x: gone from the API's answer since this was written; this version does not know such"
    provider, created = made(capsys)
    warehouse_sync.change("connections", "c", project_id="p", x=1)
    updated = provider.update("c", created.outs, check(PROGRAM | {"role": "other"}, PROGRAM).inputs)
    assert capsys.readouterr().err.startswith(told)
    assert "project_id" not in updated.outs
    warehouse_sync.change("connections", "c", role="role", project_id="p", x=1)
    inputs = check(PROGRAM | {lifecycle.IMPORT: "c"}).inputs
    capsys.readouterr()
    provider.create(inputs)
    assert told in capsys.readouterr().err


def test_what_the_api_keeps_otherwise_is_told(warehouse_sync, capsys):
    warehouse_sync.set(trim_strings=True)
    provider = ConnectionProvider()
    told = "warning: the API stores role differently from what was sent\n"
    created = provider.create(check(PROGRAM | {"role": "role "}).inputs)
    assert capsys.readouterr().err == told
    provider.update("c", created.outs, check(PROGRAM | {"role": "other "}, PROGRAM).inputs)
    assert capsys.readouterr().err == told


def test_a_secret_that_was_not_in_the_state_is_told_when_it_is_written(warehouse_sync, capsys):
    provider, created = made(capsys)
    imported = without(created.outs, "password")
    provider.update("c", imported, check(PROGRAM, without(PROGRAM, "password")).inputs)
    assert capsys.readouterr().err == "info: its password was not in the state, as after an import: it is written\n"


def test_an_object_that_is_taken_over_is_told_of(warehouse_sync, capsys, monkeypatch):
    made(capsys)
    monkeypatch.setenv("WAREHOUSE_SYNC_ADOPT", "equal")
    ConnectionProvider().create(check(PROGRAM).inputs)
    assert "info: taken over, not created: connection 'c' in workspace 1234 exists" in capsys.readouterr().err


def test_what_is_gone_from_the_api_is_taken_out_of_the_state_and_cannot_be_got(warehouse_sync, capsys):
    provider, created = made(capsys)
    warehouse_sync.remove("connections", "c")
    assert (provider.read("c", created.outs).id or "") == ""
    with pytest.raises(NotFoundError, match="cannot get connection 'c' in workspace 1234: it does not exist"):
        provider.read("c", {})


@pytest.mark.parametrize("how", ["diff", "read", "delete"])
def test_the_record_of_a_create_goes_once_the_state_has_the_object(warehouse_sync, capsys, monkeypatch, tmp_path, how):
    provider, created = made(capsys)
    (record,) = (tmp_path / "warehouse-sync" / "begun").iterdir()
    create_records._left_behind.cache_clear()  # as in the next process
    if how == "diff":
        provider.diff("c", created.outs, check(PROGRAM, PROGRAM).inputs)
    elif how == "read":
        provider.read("c", created.outs)
    else:
        operation.cache_clear()
        provider.delete("c", created.outs)
    assert not record.exists()


def test_what_is_only_got_is_looked_for_in_the_stacks_workspace(warehouse_sync, capsys):
    provider, created = made(capsys)
    got = provider.read("c", {})
    assert got.outs["role"] == created.outs["role"]


def test_an_object_that_another_resource_of_the_program_has_is_not_deleted(warehouse_sync, capsys, monkeypatch):
    provider, created = made(capsys)
    work_on(monkeypatch, "old")
    provider.delete("c", created.outs)
    assert (
        capsys.readouterr().err
        == "info: connection 'c' in workspace 1234 is not deleted: 'one' of this program has it\n"
    )
    assert "c" in warehouse_sync.objects("connections")


def test_an_object_that_the_program_only_reads_is_not_deleted(warehouse_sync, capsys, monkeypatch):
    provider, created = made(capsys)
    operation.cache_clear()
    provider.read("c", {})
    work_on(monkeypatch, "old")
    provider.delete("c", created.outs)
    assert "c" in warehouse_sync.objects("connections")


def test_a_replacement_that_finds_its_id_taken_says_how_to_go_on(warehouse_sync, capsys):
    provider, _ = made(capsys)
    check(PROGRAM, PROGRAM | {"workspace_id": 1234})
    inputs = check(PROGRAM).inputs  # the engine checks once more, to replace it
    with pytest.raises(ExistsError, match=r"cannot replace connection 'c' .* delete_before_replace=True"):
        provider.create(inputs)


def test_a_taken_id_is_told_as_what_it_is(warehouse_sync, capsys, monkeypatch):
    provider, _ = made(capsys)
    work_on(monkeypatch, "two")
    with pytest.raises(ExistsError, match="cannot create connection 'c'"):
        provider.create(check(PROGRAM).inputs)


@pytest.mark.parametrize("how", ["check", "create"])
def test_after_a_resource_failed_nothing_that_it_may_hold_is_deleted(warehouse_sync, capsys, monkeypatch, how):
    """A resource that waits for the failed one may declare it under another name."""
    provider, created = made(capsys)
    operation.cache_clear()
    if how == "check":
        assert failures(PROGRAM | {"connection_id": "other", "region": ""})
    else:
        work_on(monkeypatch, "two")
        with pytest.raises(WarehouseSyncError):
            provider.create({**PROGRAM, "connection_id": "other", "workspace_id": 1234, "password": None})
    work_on(monkeypatch, "old")
    with pytest.raises(ExistsError, match="is not deleted: other resources failed"):
        provider.delete("c", created.outs)


def test_a_read_or_a_delete_that_fails_holds_nothing_back(warehouse_sync, capsys, monkeypatch):
    provider, created = made(capsys)
    operation.cache_clear()
    with pytest.raises(NotFoundError):
        provider.read("none", {})
    with monkeypatch.context() as patch:
        patch.setattr(lifecycle, "delete", lambda *_: provider.read("none", {}))
        with pytest.raises(NotFoundError):
            provider.delete("c", created.outs)
    provider.delete("c", created.outs)
    assert warehouse_sync.objects("connections") == {}


def test_what_is_in_the_state_is_read_in_its_own_workspace(warehouse_sync, capsys, monkeypatch):
    provider, created = made(capsys)
    monkeypatch.delenv("WAREHOUSE_SYNC_WORKSPACE_ID")
    assert provider.read("c", created.outs).outs["role"] == created.outs["role"]


def test_what_exists_although_its_creation_failed_is_handed_on(warehouse_sync, monkeypatch):
    answers = []
    monkeypatch.setattr(sdk, "answer_incomplete", lambda text, **kept: answers.append((text, kept)))

    def fail(*_arguments, **_options):
        raise IncompleteError("no secret", id_="c", outputs={"role": "r"})

    monkeypatch.setattr(lifecycle, "create", fail)
    with pytest.raises(IncompleteError):
        ConnectionProvider().create({**PROGRAM, "workspace_id": 1234})
    assert answers == [("no secret", {"id_": "c", "outputs": {"role": "r"}})]


def test_a_failure_that_nobody_expects_keeps_its_traceback(warehouse_sync, monkeypatch):
    answers = []
    monkeypatch.setattr(sdk, "answer_error", answers.append)
    monkeypatch.setattr(lifecycle, "create", lambda *_, **__: {}["surprise"])
    with pytest.raises(KeyError):
        ConnectionProvider().create({**PROGRAM, "workspace_id": 1234})
    assert answers[0].startswith("Traceback")
    assert "KeyError: 'surprise'" in answers[0]


def test_a_failure_shows_no_secret_of_the_arguments(warehouse_sync, monkeypatch):
    answers = []
    monkeypatch.setattr(sdk, "answer_error", answers.append)

    def fail(*_arguments, **_options):
        raise WarehouseSyncError("the service said: a long password is wrong")

    monkeypatch.setattr(lifecycle, "create", fail)
    with pytest.raises(WarehouseSyncError) as raised:
        ConnectionProvider().create({**PROGRAM, "workspace_id": 1234})
    assert answers == [str(raised.value)] == ["the service said: [secret] is wrong"]
    assert raised.value.__cause__ is None
