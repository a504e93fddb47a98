"""The packaged provider, by the engine's own messages but without the engine."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from tools.docs import package_schema
from warehouse_sync_pulumi.api.clients import secrets
from warehouse_sync_pulumi.emulator import Fault
from warehouse_sync_pulumi.engine import create_records
from warehouse_sync_pulumi.engine.operation import operation
from warehouse_sync_pulumi.engine.packaged.server import Servicer, listening
from warehouse_sync_pulumi.engine.packaged.values import UNKNOWN, received, sent
from warehouse_sync_pulumi.engine.spelling import camel, camel_in, snake
from warehouse_sync_pulumi.plugin import PACKAGE

pytest_plugins = ["warehouse_sync_pulumi.testing"]

SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
PASSWORD = "a long password"
PROGRAM = {
    "source_account_id": "a",
    "region": "r",
    "warehouse": "w",
    "database": "d",
    "role": "role",
    "user": "u",
    "password": PASSWORD,
}


class AbortedError(Exception):
    """What ends a call that failed."""


class Context:
    """What gRPC hands to a call."""

    def __init__(self):
        self.metadata = {}

    def abort(self, _code, details):
        raise AbortedError(details)

    def set_trailing_metadata(self, metadata):
        self.metadata = dict(metadata)


@pytest.fixture(autouse=True)
def anew(monkeypatch, tmp_path):
    """A process of the engine's own."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    monkeypatch.setenv("WAREHOUSE_SYNC_WORKSPACE_ID", "1234")
    operation.cache_clear()
    create_records._left_behind.cache_clear()
    yield
    create_records._left_behind.cache_clear()


@pytest.fixture
def provider():
    return Servicer(PACKAGE)


def urn(name="c", kind="Connection"):
    return f"urn:pulumi:stack::project::acme:Shop$warehouse-sync:index:{kind}::{name}"


def struct(**values):
    """Properties as a program of another language sends them."""
    found = Struct()
    found.update(values)
    return found


def secret(value):
    return {SIGNATURE: SECRET, "value": value}


def check(provider, news=None, olds=None, name="c", kind="Connection"):
    news = sent(PROGRAM) if news is None else news
    return provider.Check(provider_pb2.CheckRequest(urn=urn(name, kind), olds=olds, news=news), Context())


def made(provider):
    inputs = check(provider).inputs
    return inputs, provider.Create(provider_pb2.CreateRequest(urn=urn(), properties=inputs), Context())


def failures(answer):
    return [(failure.property, failure.reason) for failure in answer.failures]


def test_names_are_spelt_both_ways():
    for name in ("workspace_id", "snowflake_aws_iam_user_arn", "type", "__defaults", "is_active"):
        assert snake(camel(name)) == name
    assert camel_in("data_model_id is missing; metadata_model_ids", ["data_model_id", "type"]) == (
        "dataModelId is missing; metadata_model_ids"
    )
    assert camel_in("nothing to spell", ["type"]) == "nothing to spell"


def test_values_keep_their_secrets_and_what_is_not_known_yet():
    deep = struct(sqlQuery=secret("x"), triggers={"a": [1, secret("y"), None]}, name=None)
    found = received(deep)
    assert found.values == {"sql_query": "x", "triggers": {"a": [1.0, "y", None]}}
    assert found.secret == {"sql_query", "triggers"}
    assert not found.is_dynamic
    assert found.empty == {"name"}
    assert received(struct(__provider="x", workspace_id=1)) == ({"workspace_id": 1.0}, frozenset(), True, frozenset())
    there = received(sent({"role": UNKNOWN, "region": "r", "user": None}, {"region"}))
    assert (there.values["role"], there.secret) == (UNKNOWN, {"region"})
    assert type(there.values["role"]) is type(UNKNOWN)


def test_an_output_value_is_read_as_the_value_in_it():
    output = {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": "r", "secret": True}
    assert received(struct(region=output)) == ({"region": "r"}, {"region"}, False, frozenset())
    unknown = {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4"}
    assert type(received(struct(region=unknown)).values["region"]) is type(UNKNOWN)


def test_the_id_is_the_resources_name_by_default_and_the_secrets_are_secret(provider):
    answer = check(provider)
    assert failures(answer) == []
    found = received(answer.inputs)
    assert (found.values["connection_id"], found.values["workspace_id"], found.values["type"]) == (
        "c",
        1234,
        "snowflake",
    )
    assert found.secret == {"password"}
    assert "connectionId" in answer.inputs.fields


def test_what_a_program_marks_as_secret_stays_so_and_no_message_quotes_it(provider):
    query = {"sqlQuery": secret("DROP TABLE x"), "loadTimestampFieldName": "t", "loadTimestampFieldType": "date"}
    answer = check(provider, struct(**query), kind="DataModel")
    assert failures(answer) == [("sqlQuery", "line 1, column 1: [not-a-select]")]
    assert received(answer.inputs).secret == {"sql_query"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("pasword", "Connection has no argument pasword; did you mean password?"),
        ("source_account_id", "Connection has no argument source_account_id; did you mean sourceAccountId?"),
        ("sourceAcountId", "Connection has no argument sourceAcountId; did you mean sourceAccountId?"),
    ],
)
def test_an_argument_that_there_is_none_of_is_refused_with_the_name_that_was_meant(provider, name, reason):
    news = sent(PROGRAM)
    news[name] = "x"
    assert failures(check(provider, news)) == [("", reason)]


def test_what_is_missing_is_named_as_a_program_gives_it(provider):
    news = sent({name: value for name, value in PROGRAM.items() if name != "source_account_id"})
    ((_, reason),) = failures(check(provider, news))
    assert reason == "sourceAccountId is missing: a connection cannot be created without it"


def test_a_name_may_hold_what_stands_between_the_parts_of_a_urn(provider):
    news = sent(PROGRAM | {"connection_id": "c"})
    check(provider, news, name="eu::orders")
    ((_, reason),) = failures(check(provider, news, name="us::orders"))
    assert "is declared twice, by 'eu::orders' and 'us::orders'" in reason
    ((argument, reason),) = failures(check(provider, name="shop::c"))
    assert (argument, reason) == ("connectionId", "must be a slug: letters, digits, _ and - only"), (
        "it is no other's id"
    )


def test_what_a_message_quotes_is_left_as_it_is(provider, warehouse_sync, capsys):
    query = "SELECT s.x.created_on, count(1) FROM d.s.x"
    model = {"sqlQuery": query, "loadTimestampFieldName": "email", "loadTimestampFieldType": "date"}
    check(provider, struct(**model), name="data_model_id", kind="DataModel")
    err = capsys.readouterr().err
    assert "data model 'data_model_id': sqlQuery line 1" in err
    assert "created_on is beside an aggregate" in err
    body = '{"message": "partner_feed_key is not unique"}'
    warehouse_sync.faults.add(Fault(kind="status", status=400, method="POST", path="connections", body=body))
    inputs = check(provider, sent(PROGRAM | {"connection_id": "last_modified_on"})).inputs
    with pytest.raises(AbortedError) as failed:
        provider.Create(provider_pb2.CreateRequest(urn=urn(), properties=inputs), Context())
    assert str(failed.value) == (
        "cannot create connection 'last_modified_on' in workspace 1234: the API answered 400: partner_feed_key is not "
        "unique"
    )


def test_a_secret_that_looks_like_a_name_is_hidden(provider, capsys):
    secrets.learn("the last_modified_on key")
    provider.engine.log("it says the last_modified_on key, and last_modified_by")
    assert capsys.readouterr().err == "info: it says [secret], and lastModifiedBy\n"


def test_what_a_program_says_to_be_nothing_is_for_the_service_to_judge(provider):
    news = sent({name: value for name, value in PROGRAM.items() if name != "region"})
    assert [reason.partition(":")[0] for _, reason in failures(check(provider, news))] == ["region is missing"]
    news["region"] = None
    answer = check(provider, news)
    assert failures(answer) == []
    assert "region" not in answer.inputs.fields


def test_a_workspace_that_moves_is_said_in_the_words_of_who_gives_it(provider, capsys):
    olds = check(provider).inputs
    for name, advice in (
        ("default", "`pulumi config set warehouse-sync:workspaceId 1234`"),
        ("europe", "give its provider the workspaceId 1234"),
    ):
        configure(provider, name, workspaceId=77)
        check(provider, olds=olds)
        assert f"if that is not meant, {advice}\n" in capsys.readouterr().err


def test_one_address_for_two_resources_is_refused(provider):
    check(provider)
    news = sent(PROGRAM | {"connection_id": "c"})
    ((_, reason),) = failures(check(provider, news, name="d"))
    assert reason.startswith("connection 'c' in workspace 1234 is declared twice, by 'c' and 'd'")


def test_a_preview_of_a_create_knows_the_arguments_and_not_what_the_server_makes(provider):
    request = provider_pb2.CreateRequest(urn=urn(), properties=check(provider).inputs, preview=True)
    found = received(provider.Create(request, Context()).properties)
    assert found.values["region"] == "r"
    assert found.secret == {"password"}
    for name in ("created_on", "is_faulted", "is_active"):
        assert type(found.values[name]) is type(UNKNOWN)
    assert "snowflake_aws_external_id" not in found.values


def test_a_life(provider, warehouse_sync):
    inputs, created = made(provider)
    assert created.id == "c"
    news = check(provider, sent(PROGRAM | {"role": "other", "user": "v"}), inputs).inputs
    diff = provider.Diff(provider_pb2.DiffRequest(id="c", urn=urn(), olds=created.properties, news=news), Context())
    kinds = provider_pb2.PropertyDiff.Kind
    assert {name: kinds.Name(it.kind) for name, it in diff.detailedDiff.items()} == {"role": "UPDATE", "user": "UPDATE"}
    assert (diff.changes, list(diff.replaces), diff.deleteBeforeReplace) == (2, [], True)

    def update(**options):
        request = provider_pb2.UpdateRequest(id="c", urn=urn(), olds=created.properties, news=news, **options)
        return received(provider.Update(request, Context()).properties)

    shown = update(preview=True)
    assert shown.values["role"] == "other"
    assert type(shown.values["last_modified_on"]) is type(UNKNOWN)
    assert warehouse_sync.objects("connections")["c"]["role"] == "role"
    assert update().values["role"] == "other"
    assert warehouse_sync.objects("connections")["c"]["role"] == "other"

    warehouse_sync.change("connections", "c", region="elsewhere")
    request = provider_pb2.ReadRequest(id="c", urn=urn(), properties=created.properties, inputs=inputs)
    read = provider.Read(request, Context())
    assert read.id == "c"
    assert received(read.inputs).values["region"] == "elsewhere"
    assert received(read.properties).secret == received(read.inputs).secret == {"password"}
    operation.cache_clear()  # a destroy is a process of its own
    assert (
        provider.Delete(provider_pb2.DeleteRequest(id="c", urn=urn(), properties=created.properties), Context())
        == Empty()
    )
    assert warehouse_sync.objects("connections") == {}


def test_a_replacement_is_told_of_and_deletes_first_where_the_address_stays(provider, warehouse_sync):
    inputs, created = made(provider)

    def diff(**change):
        news = check(provider, sent(PROGRAM | {"connection_id": "c"} | change), inputs).inputs
        request = provider_pb2.DiffRequest(id="c", urn=urn(), olds=created.properties, news=news)
        answer = provider.Diff(request, Context())
        kinds = {provider_pb2.PropertyDiff.Kind.Name(it.kind) for it in answer.detailedDiff.values()}
        return list(answer.replaces), answer.deleteBeforeReplace, kinds

    assert diff(type="other") == (["type"], True, {"UPDATE_REPLACE"})
    assert diff(connection_id="d", name="c") == (["connectionId"], False, {"UPDATE_REPLACE"})


@pytest.mark.parametrize("ignored", ["warehouse", "*"])
def test_what_the_program_ignores_is_neither_shown_nor_written(provider, warehouse_sync, ignored):
    inputs, created = made(provider)
    news = check(provider, sent(PROGRAM | {"warehouse": "another"}), inputs).inputs
    about = {"id": "c", "urn": urn(), "olds": created.properties, "news": news, "ignoreChanges": [ignored]}
    assert provider.Diff(provider_pb2.DiffRequest(**about), Context()).changes == 1
    warehouse_sync.change("connections", "c", warehouse="somebody's")
    provider.Update(provider_pb2.UpdateRequest(**about), Context())
    assert warehouse_sync.objects("connections")["c"]["warehouse"] == "somebody's"


def test_the_long_secrets_of_a_request_are_in_no_message(provider):
    struct = sent({"user": "a long secret", "role": "short"}, {"user", "role"})
    assert received(struct).secret == {"user", "role"}
    assert secrets.hide("a long secret is short") == "[secret] is short"


def test_an_object_is_imported_by_its_id_or_with_its_workspace(provider, warehouse_sync):
    warehouse_sync.put_object("connections", **{**PROGRAM, "id": "c"})
    warehouse_sync.put_object("connections", workspace_id=77, **{**PROGRAM, "id": "c", "region": "eu"})
    for id_, region in (("c", "r"), ("1234/c", "r"), ("77/c", "eu")):
        read = provider.Read(provider_pb2.ReadRequest(id=id_, urn=urn()), Context())
        inputs = received(read.inputs).values
        assert (read.id, inputs["region"]) == ("c", region)
        assert "password" not in inputs
        assert failures(check(provider, read.inputs, read.inputs)) == []
    with pytest.raises(AbortedError, match="'x/c' is not an id: give ID, or WORKSPACE/ID"):
        provider.Read(provider_pb2.ReadRequest(id="x/c", urn=urn()), Context())
    with pytest.raises(AbortedError, match="cannot get connection 'none' in workspace 1234: it does not exist"):
        provider.Read(provider_pb2.ReadRequest(id="none", urn=urn()), Context())


def test_what_is_gone_is_taken_out_of_the_state(provider, warehouse_sync):
    _, created = made(provider)
    warehouse_sync.remove("connections", "c")
    request = provider_pb2.ReadRequest(id="c", urn=urn(), properties=created.properties)
    assert provider.Read(request, Context()).id == ""


def test_a_failure_is_one_line_without_the_secret(provider, warehouse_sync):
    inputs = check(provider).inputs
    warehouse_sync.faults.add(Fault(kind="echo", path="connections", times=None))
    with pytest.raises(AbortedError) as failed:
        provider.Create(provider_pb2.CreateRequest(urn=urn(), properties=inputs), Context())
    line = str(failed.value)
    assert line.startswith("cannot create connection 'c' in workspace 1234: ")
    assert "\n" not in line
    assert PASSWORD not in line


def test_what_is_there_although_it_failed_is_kept_with_its_secrets_marked(provider, warehouse_sync):
    inputs = check(provider).inputs
    warehouse_sync.faults.add(Fault(kind="cut_after", method="POST", path="connections"))
    warehouse_sync.faults.add(Fault(kind="status", status=400, method="PUT", path="connections/*"))
    context = Context()
    with pytest.raises(AbortedError, match="cannot update connection 'c'"):
        provider.Create(provider_pb2.CreateRequest(urn=urn(), properties=inputs), context)
    status = status_pb2.Status.FromString(context.metadata["grpc-status-details-bin"])
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    assert (detail.id, detail.inputs) == ("c", inputs)
    assert received(detail.properties).values["source_account_id"] == "a"
    assert PASSWORD not in str(detail.properties)


def test_a_state_of_the_dynamic_resource_is_written_anew_without_a_request(provider, warehouse_sync):
    inputs, created = made(provider)
    dynamic = Struct()
    dynamic.update(received(created.properties).values | {"__provider": "x"})
    warehouse_sync.journal.clear()
    diff = provider.Diff(provider_pb2.DiffRequest(id="c", urn=urn(), olds=dynamic, news=inputs), Context())
    assert (diff.changes, list(diff.detailedDiff), list(diff.replaces)) == (2, ["__provider"], [])
    for preview in (True, False):
        request = provider_pb2.UpdateRequest(id="c", urn=urn(), olds=dynamic, news=inputs, preview=preview)
        assert provider.Update(request, Context()).properties == created.properties
    assert len(warehouse_sync.journal) == 0
    news = check(provider, sent(PROGRAM | {"role": "other"}), inputs).inputs
    diff = provider.Diff(provider_pb2.DiffRequest(id="c", urn=urn(), olds=dynamic, news=news), Context())
    assert list(diff.detailedDiff) == ["role"]


def test_another_type_is_refused(provider):
    for kind in ("Nothing", "Connection:extra"):
        with pytest.raises(AbortedError, match="this provider has no resource of the type warehouse-sync:index:"):
            check(provider, kind=kind)


# --- the provider itself


def configure(provider, name, **settings):
    args = {"args": struct(**settings), "urn": f"urn:pulumi:s::p::pulumi:providers:warehouse-sync::{name}"}
    return provider.Configure(provider_pb2.ConfigureRequest(**args), Context())


def test_what_both_sides_know_is_agreed_on(provider):
    hands = provider.Handshake(provider_pb2.ProviderHandshakeRequest(engine_address="127.0.0.1:1"), Context())
    assert hands.accept_secrets
    assert provider.engine.address == "127.0.0.1:1"
    assert provider.Attach(plugin_pb2.PluginAttach(address="127.0.0.1:2"), Context()) == Empty()
    assert provider.engine.address == "127.0.0.1:2"
    answer = configure(provider, "default")
    assert (answer.acceptSecrets, answer.supportsPreview) == (True, True)
    assert not provider.engine.cancellation().is_set()
    assert provider.Cancel(Empty(), Context()) == Empty()
    assert provider.engine.cancellation().is_set()


def test_what_was_so_for_one_engine_is_not_for_the_next_one_that_attaches(provider, tmp_path):
    def attach(port):
        provider.Attach(plugin_pb2.PluginAttach(address=f"127.0.0.1:{port}"), Context())

    attach(1)
    check(provider, sent(PROGRAM | {"connection_id": "c"}))
    provider.Cancel(Empty(), Context())
    attach(2)
    assert not provider.engine.cancellation().is_set()
    assert failures(check(provider, sent(PROGRAM | {"connection_id": "c"}), name="d")) == []
    for port in (1, 2):
        operation(f"127.0.0.1:{port}").log.close()


def test_a_cancel_gets_through_where_all_other_calls_wait(provider, monkeypatch):
    waiting, end = threading.Semaphore(0), threading.Event()

    def wait(*_):
        waiting.release()
        end.wait(30)
        return {}

    servicer = Servicer(replace(PACKAGE, invoke=wait))
    server, port = listening(servicer)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        calls = [stub.Invoke.future(provider_pb2.InvokeRequest(tok="a:b:c")) for _ in range(80)]
        for _ in range(64):
            assert waiting.acquire(timeout=30)
        try:
            stub.Cancel(Empty(), timeout=10)
            assert servicer.engine.cancellation().is_set()
        finally:
            end.set()
            for call in calls:
                call.result(30)
            server.stop(None).wait()


def test_a_credential_that_a_program_gives_to_a_provider_beats_the_environment_and_the_stacks_does_not(
    provider, monkeypatch
):
    monkeypatch.setenv("WAREHOUSE_SYNC_CLIENT_ID", "of the environment")
    for name, wins in (("default", False), ("default_0_1_0", False), ("europe", True)):
        configure(provider, name, clientId="of the program", workspaceId=5678.0)
        assert (provider._settings.get("clientId") == "of the program") is wins
        assert provider._settings.workspace_id() == 5678
    configure(provider, "europe")
    assert provider._settings.get("clientId") == "of the environment"


def test_the_configuration_is_checked_and_its_secrets_are_secret(provider):
    news = struct(clientId="id", clientSecret="s", apiUrl=secret("https://x"), version="1.0.0")
    answer = provider.CheckConfig(provider_pb2.CheckRequest(news=news), Context())
    assert failures(answer) == []
    assert received(answer.inputs).secret == {"client_secret", "api_url"}
    assert set(answer.inputs.fields) == set(news.fields)
    answer = provider.CheckConfig(provider_pb2.CheckRequest(news=struct(clientID="id", client_id="id")), Context())
    reasons = [reason for _, reason in failures(answer)]
    assert [reason.partition(":")[0] for reason in reasons] == [
        "the provider has no setting clientID",
        "the provider has no setting client_id",
    ]


def test_a_changed_configuration_is_said_and_replaces_nothing(provider, capsys):
    def diff(olds, news):
        return provider.DiffConfig(provider_pb2.DiffRequest(olds=struct(**olds), news=struct(**news)), Context())

    assert diff({"apiUrl": "https://a", "version": "1"}, {"apiUrl": "https://a", "version": "2"}).changes == 1
    assert capsys.readouterr().err == ""
    answer = diff({"apiUrl": "https://a", "workspaceId": 1}, {"apiUrl": "https://b", "workspaceId": 2})
    assert (answer.changes, list(answer.replaces)) == (2, [])
    assert capsys.readouterr().err.startswith("warning: this provider asks https://b from now on, and before https://a")


@pytest.mark.parametrize(
    ("olds", "news", "said"),
    [
        ({"apiUrl": "https://a"}, {}, "asks https://api.mparticle.com from now on, and before https://a"),
        ({}, {"apiUrl": "https://b"}, "asks https://b from now on, and before https://api.mparticle.com"),
        ({"authUrl": "https://a"}, {}, "logs in at https://sso.auth.mparticle.com/oauth/token from now on"),
        ({"apiUrl": "https://api.mparticle.com/"}, {}, ""),
        ({}, {"apiUrl": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}, ""),
    ],
)
def test_an_address_that_comes_or_goes_is_compared_with_the_one_in_force(provider, capsys, olds, news, said):
    request = provider_pb2.DiffRequest(olds=struct(**olds), news=struct(**news))
    assert provider.DiffConfig(request, Context()).changes == provider_pb2.DiffResponse.DIFF_SOME
    err = capsys.readouterr().err
    assert said in err
    assert bool(err) is bool(said)


def test_an_address_that_is_a_secret_is_in_no_message(provider, capsys):
    olds, news = struct(apiUrl=secret("https://hidden.example.com/")), struct(authUrl=secret("https://hushed/oauth"))
    provider.DiffConfig(provider_pb2.DiffRequest(olds=olds, news=news), Context())
    err = capsys.readouterr().err
    assert err.count("[secret]") == 2
    assert "hidden" not in err
    assert "hushed" not in err


def test_a_resource_that_goes_over_to_a_provider_of_another_address_is_replaced(provider, capsys):
    provider.Configure(provider_pb2.ConfigureRequest(args=struct(apiUrl="https://b")), Context())
    for olds, replaces in (({"apiUrl": "https://a"}, ["apiUrl"]), ({}, ["apiUrl"]), ({"apiUrl": "https://b"}, [])):
        request = provider_pb2.DiffRequest(olds=struct(**olds), news=struct(apiUrl="https://b"))
        assert list(provider.DiffConfig(request, Context()).replaces) == replaces
    assert capsys.readouterr().err == "", "nothing is moved by itself"


def test_runs_are_asked_for_in_pages_of_a_whole_number(provider, warehouse_sync):
    warehouse_sync.put_object("pipelines", id="p", partner_feed_key="us1-a-long-key", schedule_interval="on_demand")
    warehouse_sync.add_run("p")
    request = provider_pb2.InvokeRequest(
        tok="warehouse-sync:index:getPipelineRuns", args=struct(pipelineId="p", pageSize=50)
    )
    assert len(received(getattr(provider.Invoke(request, Context()), "return")).values["items"]) == 1


def test_functions_answer_in_the_spelling_of_packages_and_without_secrets(provider, warehouse_sync):
    warehouse_sync.put_object("connections", id="c", password=PASSWORD, source_account_id="a")
    warehouse_sync.put_object("pipelines", id="p", partner_feed_key="us1-a-long-key", schedule_interval="on_demand")
    run = warehouse_sync.add_run("p", records_extracted=5)

    def invoke(function, **args):
        request = provider_pb2.InvokeRequest(tok=f"warehouse-sync:index:{function}", args=struct(**args))
        return received(getattr(provider.Invoke(request, Context()), "return")).values

    assert invoke("getConnection", connectionId="c")["source_account_id"] == "a"
    assert "password" not in invoke("getConnection", connectionId="c")
    assert [found["connectionId"] for found in invoke("getConnections")["items"]] == ["c"]
    assert invoke("getPipelineStatus", pipelineId="p")["latest_pipeline_run"]["recordsExtracted"] == 5
    assert invoke("getPipelineRun", pipelineId="p", pipelineRunId=run["pipeline_run_id"])["records_extracted"] == 5
    assert len(invoke("getPipelineRuns", pipelineId="p", startDate="2022-01-01T00:00:00Z")["items"]) == 1
    with pytest.raises(AbortedError, match="pipeline 'gone' in workspace 1234: the API answered 404"):
        invoke("getPipeline", pipelineId="gone")
    with pytest.raises(AbortedError, match="getPipelineRuns failed: must be a time such as"):
        invoke("getPipelineRuns", pipelineId="p", startDate="yesterday")
    with pytest.raises(AbortedError, match="this provider has no function getNothing"):
        invoke("getNothing")


PAGE = {"pipelineId": "p", "pageSize": 1001}


@pytest.mark.parametrize(
    ("function", "args", "said"),
    [
        ("getPipeline", {}, "getPipeline: pipelineId is missing"),
        ("getPipeline", {"pipelineId": None}, "getPipeline: pipelineId is missing"),
        ("getPipeline", {"pipelineId": 1}, "getPipeline: pipelineId must be text that is not empty"),
        ("getPipeline", {"pipelineId": {"a": [1]}}, "getPipeline: pipelineId must be text that is not empty"),
        ("getPipeline", {"pipelineId": "p", "workspaceId": []}, "getPipeline: workspaceId must be a whole number"),
        (
            "getPipeline",
            {"pipeline_id": "p", "pipelineId": "p"},
            "getPipeline has no argument pipeline_id; did you mean pipelineId?",
        ),
        (
            "getPipelineRun",
            {"pipelineId": "p", "pipelineRunId": 1.5},
            "getPipelineRun: pipelineRunId must be a whole number",
        ),
        ("getPipelineRuns", PAGE | {"startDate": True}, "getPipelineRuns: startDate must be text that is not empty"),
        ("getPipelineRuns", PAGE | {"pageSize": 0}, "getPipelineRuns failed: pageSize is 0: it must be from 1 to 1000"),
        ("getPipelineRuns", PAGE, "getPipelineRuns failed: pageSize is 1001: it must be from 1 to 1000"),
        (
            "getPipelines",
            {"a": 1, "workspaceId": 1.5},
            "getPipelines has no argument a: it takes workspaceId; getPipelines: workspaceId must be a whole number",
        ),
    ],
)
def test_what_is_wrong_with_a_functions_arguments_is_said_in_one_line(provider, warehouse_sync, function, args, said):
    request = provider_pb2.InvokeRequest(tok=f"warehouse-sync:index:{function}", args=struct(**args))
    with pytest.raises(AbortedError) as failed:
        provider.Invoke(request, Context())
    assert str(failed.value) == said
    assert not warehouse_sync.journal.filter("GET")


# --- the schema


def test_the_schema_is_what_the_code_says_now(provider):
    text = package_schema.PAGE.read_text(encoding="utf-8")
    assert package_schema.rewritten("") == text, "stale: run `make reference`"
    answer = provider.GetSchema(provider_pb2.GetSchemaRequest(), Context())
    assert answer.schema == text
    assert provider.GetPluginInfo(Empty(), Context()).version == json.loads(text)["version"]


def test_the_schema_has_every_argument_output_function_and_setting():
    schema = json.loads(PACKAGE.schema())
    assert len(schema["functions"]) == 9
    assert schema["config"]["variables"]["clientSecret"]["secret"]
    for name, resource in PACKAGE.resources.items():
        found = schema["resources"][f"warehouse-sync:index:{name}"]
        assert set(found["inputProperties"]) == set(map(camel, resource.kind.fields))
        assert set(found["properties"]) == set(map(camel, resource.outputs))
        assert found["aliases"] == [{"type": f"pulumi-python:dynamic/warehouse-sync:{name}"}]
        for argument, field in resource.kind.fields.items():
            said = found["inputProperties"][camel(argument)]
            assert said["description"]
            assert said.get("secret", False) is field.secret
            assert said.get("willReplaceOnChanges", False) is field.replaces
        for secret_argument in resource.kind.secrets:
            assert found["properties"][camel(secret_argument)]["secret"]
