"""A Node.js program through its life: the packaged provider under the real engine."""

from __future__ import annotations

import pytest
from nodejs import needs_node, turn_to_nodejs
from stack import Stack

pytestmark = [needs_node, pytest.mark.extended]  # building the language host takes half a minute

PASSWORD, FEED_KEY = "correct-horse-battery", "us1-feed-key-staple"
PROGRAM = f"""
const pulumi = require("@pulumi/pulumi");
class Resource extends pulumi.CustomResource {{
    constructor(kind, name, args, outputs) {{
        const unknown = Object.fromEntries(outputs.map(output => [output, undefined]));
        super(`warehouse-sync:index:${{kind}}`, name, {{...unknown, ...args}});
    }}
}}
const connection = new Resource("Connection", "orders", {{
    sourceAccountId: "gd1234",
    region: "us-central1.gcp",
    warehouse: "compute_wh",
    database: "mp",
    role: "mp_role",
    user: "mp_user",
    password: "{PASSWORD}",
}}, ["connectionId"]);
const model = new Resource("DataModel", "orders", {{
    sqlQuery: "SELECT t.email, t.updated_at FROM mp.shop.orders AS t",
    loadTimestampFieldName: "updated_at",
    loadTimestampFieldType: "timestamp_ntz",
}}, ["dataModelId"]);
const pipeline = new Resource("Pipeline", "orders", {{
    connectionId: connection.connectionId,
    dataModelId: model.dataModelId,
    partnerFeedKey: "{FEED_KEY}",
    scheduleInterval: "hourly",
    environment: "development",
}}, ["scheduleStartTime"]);
exports.start = pipeline.scheduleStartTime;
exports.region = connection.id
    .apply(connectionId => pulumi.runtime.invoke("warehouse-sync:index:getConnection", {{connectionId}}))
    .apply(found => found.region);
"""
IMPORTED = """
new Resource("Connection", "there", {
    workspaceId: 77,
    sourceAccountId: "x",
    region: "eu",
    warehouse: "w",
    database: "d",
    role: "r",
    user: "u",
    name: "There",
}, []);
"""
THERE = {
    "id": "there",
    "name": "There",
    "type": "snowflake",
    "source_account_id": "x",
    "region": "eu",
    "warehouse": "w",
    "database": "d",
    "role": "r",
    "user": "u",
    "password": "a secret password",
}
IMPORT = (
    "import",
    "warehouse-sync:index:Connection",
    "there",
    "77/there",
    "--yes",
    "--protect=false",
    "--generate-code=false",
    "--skip-preview",
)
KINDS = ("connections", "data-models", "pipelines")


@pytest.fixture
def nodejs(tmp_path, emulator):
    stack = Stack(tmp_path / "stack", emulator.environment, "packaged")
    turn_to_nodejs(stack)
    return stack


def test_the_life_of_a_program(nodejs, emulator):
    nodejs.program(PROGRAM)
    shown = nodejs.preview().text
    assert "4 to create" in shown
    assert "password       : [secret]" in shown
    assert len(emulator.journal) == 0
    ran = nodejs.up()
    assert 'region: "us-central1.gcp"' in ran.text
    assert f'start : "{emulator.objects("pipelines")["orders"]["schedule_start_time"]}"' in ran.text
    assert [list(emulator.objects(kind)) for kind in KINDS] == [["orders"]] * 3
    assert nodejs.is_unchanged("--refresh")
    text = nodejs.state_files()
    for never in (PASSWORD, FEED_KEY, "__provider"):
        assert never not in text

    nodejs.program(PROGRAM.replace("hourly", "daily"))
    assert '~ scheduleInterval: "hourly" => "daily"' in nodejs.preview().text
    nodejs.up()
    assert emulator.objects("pipelines")["orders"]["schedule_interval"] == "daily"

    emulator.change("connections", "orders", region="elsewhere")
    assert '~ region: "us-central1.gcp" => "elsewhere"' in nodejs.refresh("--diff").text
    assert '~ region: "elsewhere" => "us-central1.gcp"' in nodejs.preview().text
    nodejs.up()
    assert emulator.objects("connections")["orders"]["region"] == "us-central1.gcp"

    # Printing a program for it takes a newer language host than can be built.
    emulator.put_object("connections", workspace_id=77, **THERE)
    nodejs.run(*IMPORT)
    nodejs.program(PROGRAM.replace("hourly", "daily") + IMPORTED)
    assert nodejs.is_unchanged("--refresh")

    nodejs.destroy()
    assert not any(emulator.objects(kind) for kind in KINDS)
    assert emulator.objects("connections", 77) == {}
