"""A program in YAML through its life: the packaged provider under the real engine."""

from __future__ import annotations

import os

import pytest
from stack import Stack

from tools.engine import languages

pytestmark = pytest.mark.extended  # building the language host takes minutes

PASSWORD, FEED_KEY = "correct-horse-battery", "us1-feed-key-staple"
PROGRAM = f"""
resources:
  connection:
    type: warehouse-sync:Connection
    properties:
      connectionId: orders
      sourceAccountId: gd1234
      region: us-central1.gcp
      warehouse: compute_wh
      database: mp
      role: mp_role
      user: mp_user
      password: {PASSWORD}
  model:
    type: warehouse-sync:DataModel
    properties:
      dataModelId: orders
      sqlQuery: SELECT t.email, t.updated_at FROM mp.shop.orders AS t
      loadTimestampFieldName: updated_at
      loadTimestampFieldType: timestamp_ntz
  orders:
    type: warehouse-sync:Pipeline
    properties:
      connectionId: ${{connection.connectionId}}
      dataModelId: ${{model.id}}
      partnerFeedKey: {FEED_KEY}
      scheduleInterval: hourly
      environment: development
variables:
  status:
    fn::invoke:
      function: warehouse-sync:getConnection
      arguments:
        connectionId: ${{connection.id}}
outputs:
  start: ${{orders.scheduleStartTime}}
  region: ${{status.region}}
"""
KINDS = ("connections", "data-models", "pipelines")


@pytest.fixture(scope="session")
def yaml_host():
    return languages.ensure("yaml")


@pytest.fixture
def yaml(tmp_path, emulator, yaml_host):
    stack = Stack(tmp_path / "stack", emulator.environment, "packaged")
    stack.environment["PATH"] = os.pathsep.join([str(yaml_host), stack.environment["PATH"]])
    project = stack.folder / "Pulumi.yaml"
    head = project.read_text().replace("runtime: python", "runtime: yaml")

    def write(program):
        project.write_text(head + program)

    stack.program = write
    return stack


def test_the_life_of_a_program(yaml, emulator):
    yaml.program(PROGRAM)
    shown = yaml.preview().text
    assert "4 to create" in shown
    assert "password       : [secret]" in shown
    assert len(emulator.journal) == 0
    ran = yaml.up()
    assert 'region: "us-central1.gcp"' in ran.text
    assert [list(emulator.objects(kind)) for kind in KINDS] == [["orders"]] * 3
    assert yaml.is_unchanged("--refresh")
    text = yaml.state_files()
    for never in (PASSWORD, FEED_KEY, "__provider"):
        assert never not in text

    yaml.program(PROGRAM.replace("hourly", "daily"))
    assert '~ scheduleInterval: "hourly" => "daily"' in yaml.preview().text
    yaml.up()
    assert emulator.objects("pipelines")["orders"]["schedule_interval"] == "daily"

    emulator.change("connections", "orders", region="elsewhere")
    assert '~ region: "us-central1.gcp" => "elsewhere"' in yaml.refresh("--diff").text
    assert '~ region: "elsewhere" => "us-central1.gcp"' in yaml.preview().text
    yaml.up()
    assert emulator.objects("connections")["orders"]["region"] == "us-central1.gcp"
    yaml.destroy()
    assert not any(emulator.objects(kind) for kind in KINDS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("region:", "regoin:"), "regoin"),
        (("gd1234", '""'), "must be text that is not empty"),
    ],
)
def test_a_mistake_is_refused_in_the_preview(yaml, emulator, change, said):
    yaml.program(PROGRAM.replace(*change))
    ran = yaml.preview(fails=True)
    assert said in ran.text, ran
    assert "Traceback" not in ran.text
    assert len(emulator.journal) == 0


def test_an_object_is_imported_and_its_printed_program_previews_empty(yaml, emulator):
    made = {"type": "snowflake", "source_account_id": "x", "region": "eu", "warehouse": "w", "database": "d"}
    emulator.put_object(
        "connections",
        workspace_id=77,
        id="there",
        name="There",
        role="r",
        user="u",
        password="a secret password",
        **made,
    )
    yaml.program("resources: {}\n")
    ran = yaml.run("import", "warehouse-sync:index:Connection", "there", "77/there", "--yes", "--protect=false")
    _, _, printed = ran.text.partition("\nresources:\n")
    assert "sourceAccountId: x" in printed
    assert "password" not in printed
    yaml.program(f"resources:\n{printed}")
    assert yaml.is_unchanged("--refresh")
    (found,) = yaml.resources()
    assert (found["id"], found["inputs"]["workspace_id"]) == ("there", 77)
