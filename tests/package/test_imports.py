"""What an operation does not import, and so does not wait for."""

from __future__ import annotations

import subprocess
import sys

import pytest


def imported_by(program: str) -> set[str]:
    """The modules that a program of its own has imported in the end."""
    listing = f"import sys\n{program}\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", listing], check=True, capture_output=True, text=True)
    return set(ran.stdout.split())


def test_requests_need_httpx_and_pydantic_and_no_part_of_the_command():
    modules = imported_by("import warehouse_sync_pulumi.api.client")
    assert {"httpx", "pydantic"} <= modules
    assert not {"requests", "aiohttp", "warehouse_sync_pulumi.cli"} & modules


PROGRAM = """
import pulumi
from warehouse_sync_pulumi import Connection, DataModel, Pipeline, PipelineRun
class Mocks(pulumi.runtime.Mocks):
    def call(self, args): return {}
    def new_resource(self, args): return args.name, args.inputs
pulumi.runtime.set_mocks(Mocks(), preview=True)
@pulumi.runtime.test
def program():
    query = dict(sql_query="SELECT a, b FROM t", load_timestamp_field_name="b", load_timestamp_field_type="date")
    connection = Connection("c", source_account_id="s", region="r", warehouse="w", database="d", user="u", password="p")
    pipeline = Pipeline("p", connection_id=connection.id, data_model_id=DataModel("m", **query).id,
                        environment="development", schedule_interval="daily")
    return pulumi.Output.all(connection.name, PipelineRun("r", pipeline_id=pipeline.id).pipeline_id)
program()
"""
PROVIDER = """
from pulumi.dynamic import ConfigureRequest
from pulumi.dynamic.config import Config
from warehouse_sync_pulumi.connection import ConnectionProvider
from warehouse_sync_pulumi.pipeline_run import PipelineRunProvider
settings = {"warehouse-sync:workspaceId": "1", "warehouse-sync:clientId": "c", "warehouse-sync:clientSecret": "s"}
connection = ConnectionProvider()
connection.configure(ConfigureRequest(Config(settings, "project")))
account = dict(source_account_id="s", region="r", warehouse="w", database="d", user="u", role="r", password="p")
inputs = connection.check({}, {"connection_id": "c", **account})
assert inputs.failures == [], inputs.failures
assert connection.diff("c", inputs.inputs, inputs.inputs | {"region": "other"}).changes
"""
PACKAGED = """
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2
from warehouse_sync_pulumi.engine.packaged.server import Servicer
from warehouse_sync_pulumi.plugin import PACKAGE
class Context:
    def abort(self, _code, details): raise RuntimeError(details)
provider, urn = Servicer(PACKAGE), "urn:pulumi:s::p::warehouse-sync:index:DataModel::m"
settings, query = Struct(), Struct()
settings.update({"workspaceId": "1"})
query.update({"sqlQuery": "SELECT a, b FROM t", "loadTimestampFieldName": "b", "loadTimestampFieldType": "date"})
provider.Configure(provider_pb2.ConfigureRequest(args=settings), Context())
checked = provider.Check(provider_pb2.CheckRequest(urn=urn, news=query), Context())
assert not checked.failures, checked.failures
inputs = checked.inputs
assert provider.Create(provider_pb2.CreateRequest(urn=urn, properties=inputs, preview=True), Context()).properties
news = Struct()
news.CopyFrom(inputs)
news.update({"name": "other"})
assert provider.Diff(provider_pb2.DiffRequest(id="m", urn=urn, olds=inputs, news=news), Context()).changes
"""


@pytest.mark.parametrize("program", [PROGRAM, PROVIDER, PACKAGED], ids=["program", "provider", "packaged provider"])
def test_a_preview_waits_for_neither_httpx_nor_pydantic(program):
    libraries = {"httpx", "pydantic", "pydantic_core"}
    assert not libraries & imported_by(program)
    asking = "import warehouse_sync_pulumi.api.client"
    assert libraries <= imported_by(f"{program}\n{asking}"), "the check sees what it looks for"


@pytest.mark.parametrize("name", ["GetPipelineResult", "get_pipeline"])
def test_what_reads_the_api_is_there_when_it_is_used(name):
    program = (
        f"import warehouse_sync_pulumi as package\nassert package.{name}.__doc__\nassert '{name}' in package.__all__"
    )
    assert "pydantic" in imported_by(program)
    refused = f"import warehouse_sync_pulumi as package\nassert not hasattr(package, '{name}s_of_nobody')"
    assert "pydantic" not in imported_by(refused)


def test_a_preview_that_changes_no_query_does_not_import_the_sql_parser():
    program = """
from warehouse_sync_pulumi.data_model import DataModelProvider
query = dict(data_model_id="m", workspace_id=1, type="sql", sql_query="SELECT a, b FROM t", name="m",
             load_timestamp_field_name="b", load_timestamp_field_type="date")
assert DataModelProvider().check(query, query).failures == []
"""
    assert "sqlglot" not in imported_by(program)
    assert "sqlglot" in imported_by(program.replace("check(query, query)", "check({}, query)"))
