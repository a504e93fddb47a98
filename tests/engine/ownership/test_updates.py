"""An update looks at what is there now: what the program leaves to the service stays, what it states is written."""

from __future__ import annotations

import pytest
from declared import effects, held, refused
from programs import CONNECTION, DATA_MODEL, PIPELINE, three
from reading import warnings

pytestmark = pytest.mark.hosts("extended")

END = "2100-01-01T00:00:00Z"


def requests(emulator):
    """How many requests of each method there were, those for tokens apart."""
    methods = [entry.method for entry in emulator.journal if entry.path != "oauth/token"]
    return {method: methods.count(method) for method in methods}


def test_a_paused_pipeline_stays_paused_and_what_is_overwritten_is_said(stack, emulator):
    stack.program(three(pipeline={"schedule_end_time": END}))
    stack.up()
    emulator.change("pipelines", "orders", is_active=False, partner_feed_id=77)
    stack.program(three(pipeline={"schedule_end_time": END, "schedule_interval": "daily"}))
    emulator.journal.clear()
    ran = stack.up()
    assert requests(emulator) == {"GET": 1, "PUT": 1}
    pipeline = held(emulator)["pipelines", "orders"]
    assert pipeline["is_active"] is False
    assert pipeline["partner_feed_id"] == 77
    assert pipeline["schedule_interval"] == "daily"
    assert warnings(ran) == []
    assert stack.is_unchanged("--refresh")

    emulator.change("pipelines", "orders", schedule_end_time="2101-01-01T00:00:00Z", environment="production")
    emulator.change("data-models", "orders", load_timestamp_field_time_offset=60)
    stack.program(
        three(
            data_model={"name": "Orders"},
            pipeline={"schedule_end_time": END, "schedule_interval": "weekly"},
        )
    )
    emulator.journal.clear()
    ran = stack.up()
    assert requests(emulator) == {"GET": 2, "PUT": 2}
    (warning,) = warnings(ran)
    for part in ("environment", stack.spelt("schedule_end_time"), "pulumi refresh"):
        assert part in warning
    assert "schedule_interval" not in warning, "what the program changes itself was not overwritten"
    pipeline = held(emulator)["pipelines", "orders"]
    assert (pipeline["environment"], pipeline["schedule_end_time"]) == ("development", END)
    assert pipeline["is_active"] is False
    assert held(emulator)["data-models", "orders"]["load_timestamp_field_time_offset"] == 60
    assert stack.is_unchanged("--refresh")


FIFTY = f"""
connection = Connection("orders", **{CONNECTION!r})
data_model = DataModel("orders", **{DATA_MODEL!r})
wires = dict(connection_id=connection.connection_id, data_model_id=data_model.id)
for number in range(50):
    Pipeline(f"pipeline-{{number}}", **(wires | PIPELINE))
"""


@pytest.mark.extended
def test_of_fifty_at_once_each_is_looked_at_and_written_once(stack, emulator):
    stack.program(f"PIPELINE = {PIPELINE!r}\n{FIFTY}")
    stack.up()
    ids = [f"pipeline-{number}" for number in range(50)]
    for id_ in ids:
        emulator.change("pipelines", id_, is_active=False, environment="production")
    stack.program(f"PIPELINE = { {**PIPELINE, 'schedule_interval': 'daily'}!r}\n{FIFTY}")
    emulator.journal.clear()
    ran = stack.up()
    assert requests(emulator) == {"GET": 50, "PUT": 50}
    assert emulator.journal.count("POST", "oauth/token") == 1
    assert sum("environment" in warning for warning in warnings(ran)) == 50
    for id_ in ids:
        pipeline = held(emulator)["pipelines", id_]
        assert (pipeline["is_active"], pipeline["environment"]) == (False, "development")
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
def test_what_this_version_does_not_know_and_an_update_drops_is_named_in_a_warning(deployed):
    emulator = deployed.emulator
    emulator.change("data-models", "orders", mode="incremental", created_by="Ann")
    deployed.program(three(data_model={"name": "Orders"}))
    (warning,) = warnings(deployed.up())
    assert warning.startswith("mode: gone from the API's answer since this was written; ")
    assert warning.endswith("look at the data model in mParticle")
    assert deployed.is_unchanged("--refresh")


@pytest.mark.extended
def test_none_in_place_of_what_an_object_has_is_refused_in_the_preview(deployed):
    deployed.program(three().replace("'us-central1.gcp'", "None"))
    (line,) = refused(deployed, deployed.emulator)
    assert "region is missing: the connection has one, which an update would clear; give region " in line


@pytest.mark.extended
def test_what_is_gone_or_made_again_by_somebody_is_not_written(deployed):
    stack, emulator = deployed, deployed.emulator
    stack.program(three(pipeline={"schedule_interval": "daily"}))
    mine = emulator.objects("pipelines")["orders"]
    emulator.remove("pipelines", "orders")
    (line,) = refused(stack, emulator)
    assert "pipeline 'orders' in workspace 1234" in line
    assert "pulumi refresh" in line
    assert emulator.journal.count("PUT") == 0

    emulator.clock.advance(days=1)
    theirs = {key: value for key, value in mine.items() if not key.startswith(("created", "last_modified"))}
    emulator.put_object("pipelines", **theirs)
    (line,) = refused(stack, emulator)
    assert "pipeline 'orders' in workspace 1234" in line
    assert "pulumi refresh" in line
    assert emulator.journal.count("PUT") == 0

    stack.refresh()
    emulator.journal.clear()
    stack.up()
    assert effects(emulator) == [("PUT", "pipelines/orders")]
    assert held(emulator)["pipelines", "orders"]["schedule_interval"] == "daily"
    assert stack.is_unchanged("--refresh")


@pytest.mark.extended
@pytest.mark.parametrize("names", [("is_active",), "*"], ids=["by name", "all"])
def test_what_the_program_ignores_stays_as_it_is_on_the_server(stack, emulator, names):
    ignored = "*" if names == "*" else stack.spelt(*names)
    opts = f"pulumi.ResourceOptions(ignore_changes=[{ignored!r}])"

    def program(**changes):
        source = three(pipeline={"is_active": True, **changes}, data_model=changes)
        return source.replace('Pipeline("orders", ', f'Pipeline("orders", opts={opts}, ')

    stack.program(program())
    stack.up()
    emulator.change("pipelines", "orders", is_active=False)
    stack.program(program(name="Orders"))
    ran = stack.up()
    assert warnings(ran) == []
    assert held(emulator)["data-models", "orders"]["name"] == "Orders"
    pipeline = held(emulator)["pipelines", "orders"]
    assert (pipeline["is_active"], pipeline["name"]) == (False, "orders" if names == "*" else "Orders")
    assert stack.is_unchanged()
    assert stack.is_unchanged("--refresh")
