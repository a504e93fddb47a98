"""The resource classes, as a program and its editor see them."""

from __future__ import annotations

import inspect
import typing

import pulumi
import pytest
import typing_extensions
from pulumi import _types
from pulumi.dynamic.dynamic import serialize_provider

import warehouse_sync_pulumi as package
from warehouse_sync_pulumi.engine.resource import SyncResource
from warehouse_sync_pulumi.lifecycle import IMPORT, MARKED_SECRET

RESOURCES = [package.Connection, package.DataModel, package.Pipeline, package.PipelineRun]
SERVER_MADE = {"created_on", "created_by", "last_modified_on", "last_modified_by"}


class Mocks(pulumi.runtime.Mocks):
    """An engine that answers each resource with its inputs."""

    def __init__(self):
        self.registered = []

    def new_resource(self, args):
        self.registered.append(args)
        return args.resource_id or args.inputs[
            "connection_id" if args.typ.endswith("Connection") else "data_model_id"
        ], args.inputs

    def call(self, args):  # noqa: ARG002 - the interface
        return {}


@pytest.fixture
def mocks():
    engine = Mocks()
    pulumi.runtime.set_mocks(engine, preview=False)
    return engine


@pytest.mark.parametrize("resource", RESOURCES)
def test_each_argument_is_an_output_and_has_a_field(resource):
    arguments, fields = resource.kind.arguments.__annotations__, resource.kind.fields
    assert set(arguments) == set(fields)
    of_the_object = {name for name in arguments if not fields[name].local}
    assert of_the_object | SERVER_MADE <= set(resource.__annotations__)
    assert not (set(arguments) - of_the_object) & set(resource.__annotations__)


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_constructor_takes_the_arguments_and_nothing_else(resource):
    parameters = inspect.signature(resource.__init__).parameters
    assert list(parameters) == ["self", "resource_name", "opts", "args"]
    assert parameters["opts"].kind is inspect.Parameter.KEYWORD_ONLY
    (arguments,) = typing.get_args(parameters["args"].annotation)
    assert arguments is resource.kind.arguments
    assert typing_extensions.is_typeddict(arguments)


@pytest.mark.parametrize("resource", RESOURCES)
def test_an_output_has_its_arguments_type(resource):
    for name, hint in resource.__annotations__.items():
        if name not in resource.kind.fields:
            continue
        text = str(resource.kind.arguments.__annotations__[name])
        of_argument = "int" if "[int" in text else "bool" if "[bool" in text else "str"
        assert of_argument in str(hint), name


@pytest.mark.parametrize("resource", RESOURCES)
def test_an_output_that_is_a_whole_number_is_an_int(resource):
    assert _types.resource_types(resource)["workspace_id"] is int  # it would be a float without the annotation


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_type_token_is_the_contracts(resource):
    name = resource.__name__
    assert f"pulumi-python:{resource._resource_type_name}" == f"pulumi-python:dynamic/warehouse-sync:{name}"


@pytest.mark.parametrize(
    ("provider", "serialised"),
    [
        (
            "connection.ConnectionProvider",
            "gASVPgAAAAAAAACMIHdhcmVob3VzZV9zeW5jX3B1bHVtaS5jb25uZWN0aW9ulIwSQ29ubmVjdGlvblByb3ZpZGVylJOUKYGULg==",
        ),
        (
            "data_model.DataModelProvider",
            "gASVPQAAAAAAAACMIHdhcmVob3VzZV9zeW5jX3B1bHVtaS5kYXRhX21vZGVslIwRRGF0YU1vZGVsUHJvdmlkZXKUk5QpgZQu",
        ),
        (
            "pipeline.PipelineProvider",
            "gASVOgAAAAAAAACMHndhcmVob3VzZV9zeW5jX3B1bHVtaS5waXBlbGluZZSMEFBpcGVsaW5lUHJvdmlkZXKUk5QpgZQu",
        ),
        (
            "pipeline_run.PipelineRunProvider",
            "gASVQQAAAAAAAACMIndhcmVob3VzZV9zeW5jX3B1bHVtaS5waXBlbGluZV9ydW6UjBNQaXBlbGluZVJ1blByb3ZpZGVylJOUKYGULg==",
        ),
    ],
)
def test_the_serialised_provider_in_users_states_stays_as_it_is(provider, serialised):
    module, name = provider.split(".")
    cls = getattr(__import__(f"warehouse_sync_pulumi.{module}", fromlist=[name]), name)
    assert serialize_provider(cls()) == serialised
    assert len(serialised) <= 120


def test_every_public_name_is_exported_once():
    assert sorted(set(package.__all__)) == sorted(package.__all__)
    for name in package.__all__:
        assert getattr(package, name).__doc__, f"{name} has a docstring"
    for resource in RESOURCES:
        assert {resource.__name__, f"{resource.__name__}Args"} <= set(package.__all__)


def test_secrets_are_secret_whether_or_not_the_program_marks_them(mocks):
    secret = {}

    @pulumi.runtime.test
    def program():
        connection = package.Connection("orders", password="correct horse", **CONNECTION)

        async def look(_):
            secret["password"] = await connection.password.is_secret()
            secret["user"] = await connection.user.is_secret()

        return pulumi.Output.all(connection.password, connection.user).apply(look)

    program()
    assert secret == {"password": True, "user": False}
    (registered,) = mocks.registered
    assert registered.inputs["connection_id"] == "orders", "the id is the resource's name by default"


def test_an_import_is_the_providers_and_not_the_engines(mocks):
    @pulumi.runtime.test
    def program():
        opts = pulumi.ResourceOptions(import_="there")
        imported = package.Connection("orders", opts=opts, password="correct horse", **CONNECTION)
        other = package.Connection("others", password="correct horse", **CONNECTION)
        return pulumi.Output.all(imported.id, other.id)

    program()
    imports = {registered.name: registered.inputs.get(IMPORT) for registered in mocks.registered}
    assert imports == {"orders": "there", "others": None}
    assert not any(registered.resource_id for registered in mocks.registered)


def test_what_a_program_marks_as_secret_is_told_to_the_provider(mocks):
    @pulumi.runtime.test
    def program():
        changes = {"user": pulumi.Output.secret("hidden"), "role": pulumi.Output.from_input("shown")}
        marked = package.Connection("orders", password="correct horse", **(CONNECTION | changes))
        return pulumi.Output.all(marked.id, package.Connection("others", password="correct horse", **CONNECTION).id)

    program()
    marked = {registered.name: registered.inputs.get(MARKED_SECRET) for registered in mocks.registered}
    assert marked == {"orders": ["user"], "others": None}


def test_what_is_only_read_is_looked_for_where_the_program_says(mocks):
    @pulumi.runtime.test
    def program():
        here, there = package.Connection.get("here", "c"), package.Connection.get("there", "c", workspace_id=5)
        return pulumi.Output.all(here.id, there.id)

    program()
    workspaces = {registered.name: registered.inputs.get("workspace_id") for registered in mocks.registered}
    assert workspaces == {"here": None, "there": 5}


def test_an_id_that_the_program_gives_is_kept(mocks):
    @pulumi.runtime.test
    def program():
        return package.Connection("orders", connection_id="given", password="correct horse", **CONNECTION).connection_id

    program()
    (registered,) = mocks.registered
    assert registered.inputs["connection_id"] == "given"


def test_an_unknown_argument_is_refused_with_the_name_that_was_meant(mocks):
    with pytest.raises(pulumi.RunError, match=r"'orders': Connection has no argument pasword; did you mean password\?"):
        package.Connection("orders", pasword="correct horse")  # type: ignore[call-arg]
    assert mocks.registered == []


def test_every_resource_class_shares_one_constructor():
    assert all(issubclass(resource, SyncResource) for resource in RESOURCES)


CONNECTION = {
    "source_account_id": "gd1234",
    "region": "us-central1.gcp",
    "warehouse": "compute_wh",
    "database": "mp",
    "role": "mp_role",
    "user": "mp_user",
}
