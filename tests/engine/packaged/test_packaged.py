"""What the packaged provider can, and the dynamic resources cannot: under the real engine."""

from __future__ import annotations

import base64
import json
import pickle

import pytest
from declared import held
from hosts import DYNAMIC, PACKAGED
from programs import CONNECTION, DATA_MODEL, three
from stack import Stack

from warehouse_sync_pulumi.emulator import Emulator

BACK = """
def back(args):
    alias = pulumi.Alias(type_="warehouse-sync:index:" + args.type_.rpartition(":")[2])
    opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(aliases=[alias]))
    return pulumi.ResourceTransformationResult(args.props, opts)
pulumi.runtime.register_stack_transformation(back)
"""
"""What a program of dynamic resources says to take over those of the packaged provider."""
EXPORTS = """
run = PipelineRun("orders", pipeline_id=pipeline.pipeline_id)
pulumi.export("made", connection.created_on)
pulumi.export("start", pipeline.schedule_start_time)
pulumi.export("run", run.pipeline_run_id)
"""


@pytest.fixture
def packaged(tmp_path, emulator):
    return Stack(tmp_path / "stack", emulator.environment, PACKAGED)


def test_a_stack_goes_over_to_the_packaged_provider_and_back_without_a_request(packaged, emulator):
    emulator.set(phase_seconds=0.01)
    stack = packaged
    program = three(pipeline={"schedule_interval": "on_demand"}) + EXPORTS

    def outputs():
        return json.loads(stack.run("stack", "output", "--json").text)

    stack.host = DYNAMIC
    stack.program(program)
    stack.up()
    before, there = outputs(), held(emulator, without=())
    assert set(before) == {"made", "start", "run"}
    for host, beginning in ((PACKAGED, ""), (DYNAMIC, BACK)):
        stack.host = host
        stack.program(beginning + program)
        emulator.journal.clear()
        shown = stack.preview().text
        assert "4 to update" in shown, shown
        assert "replace" not in shown
        ran = stack.up()
        assert "4 updated" in ran.text
        assert len(emulator.journal) == 0
        assert outputs() == before
        assert ("__provider" in stack.run("stack", "export").text) is (host == DYNAMIC)
        assert stack.is_unchanged("--refresh")
        assert outputs() == before
        assert held(emulator, without=()) == there
    stack.destroy()
    assert held(emulator) == {}


@pytest.mark.extended
def test_two_accounts_live_in_one_stack(packaged, emulator):
    with Emulator(workspace_id=77) as other:
        settings = {
            name: {
                "apiUrl": environment["WAREHOUSE_SYNC_API_URL"],
                "authUrl": environment["WAREHOUSE_SYNC_AUTH_URL"],
                "clientId": f"the-id-of-{name}",
                "clientSecret": f"the-secret-of-{name}",
                "workspaceId": workspace,
            }
            for name, environment, workspace in (
                ("us", emulator.environment, 1234),
                ("eu", other.environment, 77),
            )
        }
        program = "".join(
            f"{name} = pulumi.ProviderResource('warehouse-sync', {name!r}, {given!r})\n"
            f"DataModel('orders-{name}', data_model_id='orders', **{DATA_MODEL!r},"
            f" opts=pulumi.ResourceOptions(provider={name}))\n"
            for name, given in settings.items()
        )
        packaged.program(program)
        packaged.up()
        assert list(emulator.objects("data-models")) == list(other.objects("data-models", 77)) == ["orders"]
        for name, there in (("us", emulator), ("eu", other)):
            (login,) = there.journal.filter("POST", "oauth/token")
            assert login.body["client_id"] == f"the-id-of-{name}"
            assert f"the-secret-of-{name}" not in packaged.state_files()
        assert packaged.is_unchanged("--refresh")
        packaged.destroy()
        assert emulator.objects("data-models") == other.objects("data-models", 77) == {}


class Trap:
    """A pickle that leaves a file behind when it is loaded."""

    def __init__(self, file):
        self.file = file

    def __reduce__(self):
        return open, (str(self.file), "w")


@pytest.mark.extended
def test_a_foreign_pickle_in_the_state_is_never_loaded(packaged, emulator, tmp_path):
    packaged.host = DYNAMIC
    packaged.program(three())
    packaged.up()
    trap = tmp_path / "loaded"

    def put(deployment):
        for resource in deployment["resources"]:
            for part in ("inputs", "outputs"):
                if "__provider" in resource.get(part, {}):
                    resource[part]["__provider"] = base64.b64encode(pickle.dumps(Trap(trap))).decode()

    packaged.edit_state(put)
    packaged.host = PACKAGED
    packaged.program(three())
    packaged.preview()
    packaged.up()
    packaged.refresh()
    packaged.destroy()
    assert held(emulator) == {}
    assert not trap.exists()


@pytest.mark.extended
def test_what_a_program_marks_as_secret_is_so_in_the_state(packaged):
    packaged.program(f"Connection('c', **({CONNECTION!r} | dict(role=pulumi.Output.secret('a-hushed-role'))))\n")
    packaged.up()
    assert "a-hushed-role" not in packaged.state_files()
    assert CONNECTION["password"] not in packaged.state_files()
    assert packaged.is_unchanged("--refresh")
